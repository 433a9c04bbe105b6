/* tdb_scan.h: the entries that libtdb finds, or word that they may be others.
 */
#include "tdb/tdb_scan.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/broken.h"
#include "lib/unit.h"
#include "store/users.h"
#include "tdb/tdb_blocks.h"

/* Of the entries that were seen, in whatever order. */
struct sum {
	uint64_t bytes;
	size_t count;
};

static enum err
add(const char *key, size_t key_len, const uint8_t *value, size_t len,
    void *arg)
{
	struct sum *sum = arg;
	uint64_t hash = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < key_len; i++)
		hash = (hash ^ (uint8_t)key[i]) * UINT64_C(1099511628211);
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ value[i]) * UINT64_C(1099511628211);
	sum->bytes += hash;
	sum->count++;
	return ERR_OK;
}

static enum err
stop(const char *key, size_t key_len, const uint8_t *value, size_t len,
    void *arg)
{
	(void)key;
	(void)key_len;
	(void)value;
	(void)len;
	++*(size_t *)arg;
	return ERR_POLICY;
}

/* Whether they are said to be those that libtdb finds, which they are then. */
static bool
is_exact(const struct scratch *scratch)
{
	const char *path = scratch_database(scratch);
	struct sum found = {0}, expected = {0};
	struct db *db;
	bool exact;

	assert_ok(scan_each(path, add, &found, &exact, &why));
	if (!exact)
		return false;
	assert_ok(db_open(&db, path, DB_READ, &why));
	assert_ok(db_each(db, add, &expected, &why));
	db_close(db);
	assert_int_equal(found.count, expected.count);
	assert_true(found.bytes == expected.bytes);
	return true;
}

static void
add_tokens(const struct scratch *scratch)
{
	static const char *const USERS[] = {"alice", "bob", "carol"};
	struct record record;

	for (size_t i = 0; i < COUNT_OF(USERS); i++) {
		sample_record(&record, USERS[i], "laptop");
		assert_ok(sample_add(scratch, &record));
	}
}

/* Where the index of a user lies. */
static size_t
entry_of(const struct scratch *scratch, const char *key)
{
	size_t at = broken_find(scratch, BLOCKS_START, key, strlen(key));

	assert_true(at > BLOCKS_START + sizeof(struct block));
	return at - sizeof(struct block);
}

static void
test_a_whole_store(void **state)
{
	assert_true(is_exact(*state));
	add_tokens(*state);
	assert_true(is_exact(*state));
}

/* Entries that grow, shrink, come and go, in files that grow. */
static void
test_a_store_that_was_changed(void **state)
{
	struct unit_random random;
	char key[] = "u00", value[3000];
	struct broken broken;

	memset(value, 'v', sizeof(value));
	unit_random_start(&random);
	for (unsigned i = 0; i < 30; i++) {
		broken_open(&broken, *state);
		for (unsigned j = 0; j < 20; j++) {
			size_t len = unit_random_below(&random, sizeof(value));

			key[1] = (char)('0' + unit_random_below(&random, 9));
			key[2] = (char)('0' + unit_random_below(&random, 9));
			value[len] = '\0';
			if (unit_random_below(&random, 3) == 0)
				broken_delete(&broken, key);
			else
				broken_put(&broken, key, value);
			value[len] = 'v';
		}
		broken_close(&broken);
		assert_true(is_exact(*state));
	}
}

/* Appends a block of `ughost`; free, or an entry that no chain leads to. */
static void
append(const struct scratch *scratch, uint32_t magic)
{
	struct {
		struct block block;
		char key[8];
		uint32_t tail;
	} ghost = {
	    .block =
		{
		    .len = sizeof(ghost) - sizeof(struct block),
		    .key_len = 6,
		    .value_len = 2,
		    .magic = magic,
		},
	    .key = "ughost",
	    .tail = sizeof(ghost),
	};

	broken_overwrite(scratch,
	    (size_t)scratch_size(scratch_database(scratch)), &ghost,
	    sizeof(ghost));
}

static void
test_what_a_killed_writer_leaves(void **state)
{
	add_tokens(*state);
	append(*state, BLOCKS_FREE);
	assert_true(is_exact(*state));
	append(*state, BLOCKS_ENTRY);
	assert_false(is_exact(*state));
}

/* The file is cut or continued. */
static void
test_what_is_not_the_end(void **state)
{
	const char *path = scratch_database(*state);
	off_t size;

	add_tokens(*state);
	size = scratch_size(path);
	assert_int_equal(truncate(path, size + 64), 0);
	assert_false(is_exact(*state));
	assert_int_equal(truncate(path, size - 4), 0);
	assert_false(is_exact(*state));
	assert_int_equal(truncate(path, BLOCKS_START), 0);
	assert_false(is_exact(*state));
	assert_int_equal(truncate(path, BLOCKS_START - 4), 0);
	assert_false(is_exact(*state));
	assert_int_equal(truncate(path, 0), 0);
	assert_false(is_exact(*state));
}

/* One number of the header of an entry is another. */
static void
test_a_header_that_is_wrong(void **state)
{
	static const size_t MEMBERS[] = {
	    offsetof(struct block, next),
	    offsetof(struct block, len),
	    offsetof(struct block, key_len),
	    offsetof(struct block, value_len),
	    offsetof(struct block, magic),
	};
	static const uint32_t WRONG[] = {4, 0x7ffffff0, UINT32_MAX};
	size_t len, at, size;
	uint8_t *image;

	add_tokens(*state);
	at = entry_of(*state, "ubob");
	image = scratch_read(scratch_database(*state), &size);
	for (size_t i = 0; i < COUNT_OF(MEMBERS) * COUNT_OF(WRONG); i++) {
		len = MEMBERS[i / COUNT_OF(WRONG)];
		/* Shorter than they were, nothing shows. */
		if (i % COUNT_OF(WRONG) == 0 &&
		    (len == offsetof(struct block, key_len) ||
			len == offsetof(struct block, value_len)))
			continue;
		broken_overwrite(*state, at + len, &WRONG[i % COUNT_OF(WRONG)],
		    sizeof(WRONG[0]));
		assert_false(is_exact(*state));
		scratch_write(scratch_database(*state), image, size, 0600);
		assert_true(is_exact(*state));
	}
	free(image);
}

/* Chains that end early, go in a circle, or lead to another's entry. */
static void
test_a_link_that_is_wrong(void **state)
{
	size_t bob, carol, chain = BLOCKS_HEAD;
	uint32_t link;
	uint8_t *image;
	size_t size;

	add_tokens(*state);
	bob = entry_of(*state, "ubob");
	carol = entry_of(*state, "ucarol");
	image = scratch_read(scratch_database(*state), &size);
	do {
		chain += sizeof(link);
		assert_true(chain < BLOCKS_START);
		memcpy(&link, image + chain, sizeof(link));
	} while (link != bob);
	link = 0;
	broken_overwrite(*state, chain, &link, sizeof(link));
	assert_false(is_exact(*state));
	link = (uint32_t)carol;
	broken_overwrite(*state, chain, &link, sizeof(link));
	assert_false(is_exact(*state));
	scratch_write(scratch_database(*state), image, size, 0600);
	link = (uint32_t)bob;
	broken_overwrite(*state, bob, &link, sizeof(link));
	assert_false(is_exact(*state));
	free(image);
}

static void
test_a_reader_that_stops(void **state)
{
	size_t calls = 0;
	bool exact;

	add_tokens(*state);
	assert_err(ERR_POLICY,
	    scan_each(scratch_database(*state), stop, &calls, &exact, &why));
	assert_int_equal(calls, 1);
}

static void
test_what_is_no_database(void **state)
{
	const char *path = scratch_database(*state);
	size_t calls = 0;
	bool exact;

	assert_int_equal(chmod(path, 0644), 0);
	assert_err(ERR_UNSAFE, scan_each(path, stop, &calls, &exact, &why));
	assert_int_equal(unlink(path), 0);
	assert_err(ERR_MISSING, scan_each(path, stop, &calls, &exact, &why));
	assert_int_equal(calls, 0);
}

/* Whoever asks for the users is told of those whom libtdb finds. */
static void
test_the_users(void **state)
{
	struct scratch *scratch = *state;
	struct users users;

	add_tokens(scratch);
	for (int i = 0; i < 2; i++) {
		assert_ok(users_read(&users, &scratch->config, &why));
		assert_int_equal(users.count, 3);
		assert_string_equal(users.names[0], "alice");
		assert_string_equal(users.names[1], "bob");
		assert_string_equal(users.names[2], "carol");
		users_free(&users);
		append(scratch, BLOCKS_ENTRY);
	}
}

#define INORDER_TEST(test)                                                     \
	cmocka_unit_test_setup_teardown(                                       \
	    test, scratch_setup_store, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    INORDER_TEST(test_a_whole_store),
	    INORDER_TEST(test_a_store_that_was_changed),
	    INORDER_TEST(test_what_a_killed_writer_leaves),
	    INORDER_TEST(test_what_is_not_the_end),
	    INORDER_TEST(test_a_header_that_is_wrong),
	    INORDER_TEST(test_a_link_that_is_wrong),
	    INORDER_TEST(test_a_reader_that_stops),
	    INORDER_TEST(test_what_is_no_database),
	    INORDER_TEST(test_the_users),
	};

	return unit_run(tests);
}
