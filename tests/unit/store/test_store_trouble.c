/* store.h with trouble: files, keys, damage, permissions. */
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/deadline.h"
#include "lib/scratch.h"
#include "lib/unit.h"
#include "store/key.h"
#include "tdb/db.h"

#define UNKNOWN_ID "0000000000"
#define HEAD_LEN 200 /* bytes; libtdb's own head is 168 of them */

/* One token of alice, in the store of the current test. */
static struct record token;

static int
setup(void **state)
{
	if (scratch_setup_store(state) != 0)
		return -1;
	sample_record(&token, "alice", "laptop");
	return sample_add(*state, &token) == ERR_OK ? 0 : -1;
}

static void
expect_not_opened(const struct scratch *scratch, enum err expected)
{
	for (int mode = STORE_READ; mode <= STORE_WRITE; mode++) {
		struct store *store;

		assert_err(expected,
		    scratch_open(scratch, &store, (enum store_mode)mode));
		assert_null(store);
		assert_string_not_equal(why.text, "");
	}
}

static void
test_missing_files(void **state)
{
	const char *kept = scratch_path(*state, "kept");

	assert_int_equal(rename(scratch_database(*state), kept), 0);
	expect_not_opened(*state, ERR_MISSING);
	assert_says("tokenadm init");
	assert_int_equal(access(scratch_database(*state), F_OK), -1);
	assert_int_equal(rename(kept, scratch_database(*state)), 0);
	assert_int_equal(rename(scratch_lock(*state), kept), 0);
	expect_not_opened(*state, ERR_MISSING);
	assert_int_equal(rename(kept, scratch_lock(*state)), 0);
	assert_int_equal(rename(scratch_key(*state), kept), 0);
	expect_not_opened(*state, ERR_MISSING);
	assert_says(scratch_key(*state));
	assert_says("restore it");
	assert_int_equal(access(scratch_key(*state), F_OK), -1);
}

static void
test_no_store_at_all(void **state)
{
	expect_not_opened(*state, ERR_MISSING);
	assert_says(((struct scratch *)*state)->config.directory);
	assert_says("tokenadm init");
}

static void
test_unsafe_files(void **state)
{
	static const char *const FILES[] = {
	    "lib/tokens.tdb", "lib/lock", "etc/key"};
	const char *kept = scratch_path(*state, "kept");

	for (size_t i = 0; i < COUNT_OF(FILES); i++) {
		const char *path = scratch_path(*state, FILES[i]);

		assert_int_equal(chmod(path, 0640), 0);
		expect_not_opened(*state, ERR_UNSAFE);
		assert_says(path);
		assert_says("chmod 600");
		assert_int_equal(chmod(path, 0600), 0);
		assert_int_equal(rename(path, kept), 0);
		assert_int_equal(symlink(kept, path), 0);
		expect_not_opened(*state, ERR_UNSAFE);
		assert_says(path);
		assert_int_equal(rename(kept, path), 0);
	}
	assert_int_equal(chmod(scratch_path(*state, "lib"), 0730), 0);
	expect_not_opened(*state, ERR_UNSAFE);
	assert_says("chmod 700");
}

static void
test_a_key_of_another_size(void **state)
{
	scratch_write(scratch_key(*state), "short", 5, 0600);
	expect_not_opened(*state, ERR_DAMAGED);
	assert_says(scratch_key(*state));
}

static void
test_another_stores_key(void **state)
{
	static const uint8_t KEY[CRYPTO_KEY_LEN] = {7};
	struct index index;
	struct record record;
	struct store *store;

	scratch_write(scratch_key(*state), KEY, sizeof(KEY), 0600);
	assert_err(ERR_KEY, scratch_open(*state, &store, STORE_WRITE));
	assert_says("sealed with another key");
	assert_ok(scratch_open(*state, &store, STORE_READ));
	assert_err(ERR_KEY, store_get(store, token.id, &record, &why));
	assert_says("sealed with another key");
	assert_err(ERR_KEY, store_get(store, UNKNOWN_ID, &record, &why));
	assert_err(ERR_KEY, store_get_index(store, "alice", &index, &why));
	assert_null(index.ids);
	assert_err(ERR_KEY, store_each_user(store, NULL, NULL, &why));
	store_close(store);
}

static void
test_a_held_lock(void **state)
{
	const struct scratch *scratch = *state;
	struct store *held, *store = NULL;

	assert_ok(scratch_open(scratch, &held, STORE_WRITE));
	assert_err(ERR_BUSY,
	    store_open(
		&store, &scratch->config, STORE_READ, deadline_in(20), &why));
	assert_null(store);
	store_close(held);
	assert_ok(scratch_open(scratch, &store, STORE_READ));
	store_close(store);
}

/* Writes bytes into the database without the store's knowledge. */
static void
plant(const struct scratch *scratch, char kind, const char *name,
    const uint8_t *value, size_t len)
{
	char path[SCRATCH_PATH], key[RECORD_USER_MAX + 2];
	struct db *db;

	strcpy(path, scratch_database(scratch));
	(void)snprintf(key, sizeof(key), "%c%s", kind, name);
	assert_ok(db_open(&db, path, DB_WRITE, &why));
	assert_ok(db_begin(db, &why));
	assert_ok(db_put(db, key, strlen(key), value, len, &why));
	assert_ok(db_commit(db, &why));
	db_close(db);
}

static void
expect_get(const struct scratch *scratch, const char *id, enum err expected)
{
	struct record record;
	struct store *store;

	assert_ok(scratch_open(scratch, &store, STORE_READ));
	assert_err(expected, store_get(store, id, &record, &why));
	assert_int_equal(record.state, 0);
	assert_says(id);
	store_close(store);
}

static void
expect_index(const struct scratch *scratch, const char *user, enum err expected)
{
	struct index index;
	struct store *store;

	assert_ok(scratch_open(scratch, &store, STORE_READ));
	assert_err(expected, store_get_index(store, user, &index, &why));
	assert_null(index.ids);
	assert_says(user);
	store_close(store);
}

static void
test_damaged_and_swapped_values(void **state)
{
	uint8_t bytes[RECORD_BYTES_MAX], *index_bytes;
	struct index index = {0};
	struct keys keys;
	size_t len;

	assert_ok(key_read(scratch_key(*state), &keys, &why));
	assert_ok(record_encode(&token, keys.record, bytes, &len));
	plant(*state, CRYPTO_NAME_TOKEN, UNKNOWN_ID, bytes, len);
	expect_get(*state, UNKNOWN_ID, ERR_DAMAGED); /* another's record */
	plant(*state, CRYPTO_NAME_USER, token.id, bytes, len);
	expect_index(*state, token.id, ERR_DAMAGED); /* no index at all */
	bytes[len / 2] ^= 1;
	plant(*state, CRYPTO_NAME_TOKEN, token.id, bytes, len);
	expect_get(*state, token.id, ERR_DAMAGED);
	assert_says("restore the database");
	plant(*state, CRYPTO_NAME_TOKEN, token.id, bytes, 0);
	expect_get(*state, token.id, ERR_DAMAGED);
	assert_ok(index_encode(&index, "bob", keys.record, &index_bytes, &len));
	plant(*state, CRYPTO_NAME_USER, "alice", index_bytes, len);
	expect_index(*state, "alice", ERR_DAMAGED);
	free(index_bytes);
}

static void
test_a_damaged_index_stops_writers(void **state)
{
	struct record more;
	struct store *store;

	plant(*state, CRYPTO_NAME_USER, "alice", (const uint8_t *)"x", 1);
	sample_record(&more, "alice", "phone");
	assert_err(ERR_DAMAGED, sample_add(*state, &more));
	assert_ok(scratch_open(*state, &store, STORE_WRITE));
	assert_err(ERR_DAMAGED, store_remove(store, &token, &why));
	store_close(store);
	expect_index(*state, "alice", ERR_DAMAGED);
}

static void
test_a_newer_record(void **state)
{
	uint8_t bytes[1 + CRYPTO_HASH_LEN] = {2};
	struct keys keys;

	assert_ok(key_read(scratch_key(*state), &keys, &why));
	crypto_mac(
	    bytes + 1, keys.record, CRYPTO_NAME_TOKEN, token.id, bytes, 1);
	plant(*state, CRYPTO_NAME_TOKEN, token.id, bytes, sizeof(bytes));
	expect_get(*state, token.id, ERR_NEWER);
	assert_says("newer version");
}

/* Opens and reads; the answer is right, or damage is reported. */
static enum err
read_token(const struct scratch *scratch, enum store_mode mode)
{
	struct record record;
	struct store *store;
	enum err rc = scratch_open(scratch, &store, mode);

	if (rc == ERR_OK) {
		rc = store_get(store, token.id, &record, &why);
		if (rc == ERR_OK)
			assert_true(sample_equal(&record, &token));
		store_close(store);
	}
	return rc;
}

static void
test_each_damaged_byte_of_the_head(void **state)
{
	const char *path = scratch_database(*state);
	size_t len, after_len, told = 0;
	uint8_t *bytes = scratch_read(path, &len);

	for (size_t at = 0; at < HEAD_LEN; at++) {
		bytes[at] ^= 0x41;
		for (int mode = STORE_READ; mode <= STORE_WRITE; mode++) {
			uint8_t *after;
			enum err rc;

			scratch_write(path, bytes, len, 0600);
			rc = read_token(*state, (enum store_mode)mode);
			if (rc != ERR_OK)
				assert_err(ERR_DAMAGED, rc);
			told += rc != ERR_OK;
			after = scratch_read(path, &after_len);
			assert_int_equal(after_len, len);
			assert_memory_equal(after, bytes, len);
			free(after);
		}
		bytes[at] ^= 0x41;
	}
	/* At least the text at the start, version and size of the hash. */
	assert_in_range(told, 2 * (9 + 4 + 4), 2 * HEAD_LEN);
	free(bytes);
}

static void
test_random_damage_lets_nobody_in(void **state)
{
	const char *path = scratch_database(*state);
	struct unit_random random;
	size_t len;
	uint8_t *bytes = scratch_read(path, &len);

	unit_random_start(&random);
	for (int i = 0; i < 200; i++) {
		uint32_t at = unit_random_below(&random, (uint32_t)len);
		uint8_t flip = (uint8_t)(1 + unit_random_below(&random, 255));

		/* half of them where the records are */
		if (i % 2 == 0)
			at = (uint32_t)len - 1 -
			    unit_random_below(&random, 4096);
		bytes[at] ^= flip;
		scratch_write(path, bytes, len, 0600);
		(void)read_token(*state, STORE_READ);
		bytes[at] ^= flip;
		scratch_write(path, bytes, i % 2 ? len : at, 0600);
		(void)read_token(*state, STORE_READ); /* and truncated there */
	}
	free(bytes);
}

static int
read_without_rights(void *arg)
{
	struct scratch *scratch;
	void *state = NULL;
	enum err rc;

	(void)arg;
	CHILD_REQUIRE(child_drop_root() == 0);
	CHILD_REQUIRE(setup(&state) == 0);
	scratch = state;
	CHILD_REQUIRE(chmod(scratch_database(scratch), 0400) == 0);
	CHILD_REQUIRE(chmod(scratch_lock(scratch), 0400) == 0);
	CHILD_REQUIRE(chmod(scratch_key(scratch), 0400) == 0);
	CHILD_REQUIRE(chmod(scratch_path(scratch, "lib"), 0500) == 0);
	rc = read_token(scratch, STORE_READ);
	CHILD_REQUIRE(rc == ERR_OK);
	rc = read_token(scratch, STORE_WRITE);
	CHILD_REQUIRE(rc == ERR_DENIED);
	CHILD_REQUIRE(strstr(why.text, "Permission denied") != NULL);
	CHILD_REQUIRE(scratch_teardown(&state) == 0);
	return 0;
}

/* As on a read-only file system: logins go on. */
static void
test_files_that_cannot_be_written_are_read(void **state)
{
	(void)state;
	child_expect_success(child_start(read_without_rights, NULL));
}

/* What a failed test leaves is removed for the next ones. */
static void
test_teardown_gives_the_lock_back(void **state)
{
	struct store *lost, *store;

	assert_ok(scratch_open(*state, &lost, STORE_WRITE));
	assert_int_equal(scratch_teardown(state), 0);
	assert_int_equal(scratch_setup_store(state), 0);
	assert_ok(scratch_open(*state, &store, STORE_WRITE));
	store_close(store);
	store_close(lost); /* frees its memory */
}

#define TROUBLE_TEST(test)                                                     \
	cmocka_unit_test_setup_teardown(test, setup, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TROUBLE_TEST(test_missing_files),
	    cmocka_unit_test_setup_teardown(
		test_no_store_at_all, scratch_setup, scratch_teardown),
	    TROUBLE_TEST(test_unsafe_files),
	    TROUBLE_TEST(test_a_key_of_another_size),
	    TROUBLE_TEST(test_another_stores_key),
	    TROUBLE_TEST(test_a_held_lock),
	    TROUBLE_TEST(test_teardown_gives_the_lock_back),
	    TROUBLE_TEST(test_damaged_and_swapped_values),
	    TROUBLE_TEST(test_a_damaged_index_stops_writers),
	    TROUBLE_TEST(test_a_newer_record),
	    TROUBLE_TEST(test_each_damaged_byte_of_the_head),
	    TROUBLE_TEST(test_random_damage_lets_nobody_in),
	    cmocka_unit_test(test_files_that_cannot_be_written_are_read),
	};

	return unit_run(tests);
}
