#include "store/create.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/deadline.h"
#include "lib/scratch.h"
#include "lib/unit.h"
#include "store/lock.h"

#define PATIENCE 20000 /* ms; only a test that hangs takes this long */

static enum err
create(const struct scratch *scratch, bool *created)
{
	*created = true;
	return create_store(
	    &scratch->config, deadline_in(PATIENCE), created, &why);
}

static void
expect_not_created(const struct scratch *scratch, enum err expected)
{
	bool created;

	assert_err(expected, create(scratch, &created));
	assert_false(created);
}

static void
expect_mode(const char *path, mode_t mode)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	assert_row(path, st.st_mode == mode);
}

static void
expect_bytes(const char *path, const void *expected, size_t expected_len)
{
	size_t len;
	uint8_t *bytes = scratch_read(path, &len);

	assert_int_equal(len, expected_len);
	assert_memory_equal(bytes, expected, len);
	free(bytes);
}

static void
test_makes_all_that_a_store_needs(void **state)
{
	mode_t before = umask(0);
	struct store *store;
	bool created;

	assert_ok(create(*state, &created));
	(void)umask(before);
	assert_true(created);
	expect_mode(scratch_path(*state, "lib"), S_IFDIR | 0700);
	expect_mode(scratch_path(*state, "etc"), S_IFDIR | 0700);
	expect_mode(scratch_database(*state), S_IFREG | 0600);
	expect_mode(scratch_key(*state), S_IFREG | 0600);
	expect_mode(scratch_lock(*state), S_IFREG | 0600);
	assert_int_equal(
	    access(scratch_path(*state, "lib/tokens.tdb.new"), F_OK), -1);
	assert_ok(scratch_open(*state, &store, STORE_READ));
	store_close(store);
}

static void
test_twice_changes_nothing(void **state)
{
	uint8_t *database, *key;
	size_t database_len, key_len;
	struct record record;
	bool created;

	assert_ok(create(*state, &created));
	sample_record(&record, "alice", "laptop");
	assert_ok(sample_add(*state, &record));
	database = scratch_read(scratch_database(*state), &database_len);
	key = scratch_read(scratch_key(*state), &key_len);
	assert_ok(create(*state, &created));
	assert_false(created);
	expect_bytes(scratch_database(*state), database, database_len);
	expect_bytes(scratch_key(*state), key, key_len);
	free(database);
	free(key);
}

static void
test_a_missing_key_is_never_made_anew(void **state)
{
	uint8_t *database;
	size_t len;
	bool created;

	assert_ok(create(*state, &created));
	database = scratch_read(scratch_database(*state), &len);
	assert_int_equal(unlink(scratch_key(*state)), 0);
	expect_not_created(*state, ERR_MISSING);
	assert_says(scratch_key(*state));
	assert_says("restore it");
	assert_int_equal(access(scratch_key(*state), F_OK), -1);
	expect_bytes(scratch_database(*state), database, len);
	free(database);
}

/* A key without a database: init was killed in between. */
static void
test_a_key_that_is_there_is_used(void **state)
{
	static const uint8_t KEY[CRYPTO_KEY_LEN] = {7};
	bool created;

	assert_int_equal(mkdir(scratch_path(*state, "etc"), 0700), 0);
	scratch_write(scratch_key(*state), KEY, sizeof(KEY), 0600);
	assert_ok(create(*state, &created));
	assert_true(created);
	expect_bytes(scratch_key(*state), KEY, sizeof(KEY));
}

static void
test_a_bad_key_makes_no_database(void **state)
{
	assert_int_equal(mkdir(scratch_path(*state, "etc"), 0700), 0);
	scratch_write(scratch_key(*state), "short", 5, 0600);
	expect_not_created(*state, ERR_DAMAGED);
	assert_int_equal(chmod(scratch_key(*state), 0644), 0);
	expect_not_created(*state, ERR_UNSAFE);
	assert_int_equal(access(scratch_database(*state), F_OK), -1);
	expect_bytes(scratch_key(*state), "short", 5);
}

static void
test_another_stores_key_is_said_to_be(void **state)
{
	static const uint8_t KEY[CRYPTO_KEY_LEN] = {7};
	bool created;

	assert_ok(create(*state, &created));
	scratch_write(scratch_key(*state), KEY, sizeof(KEY), 0600);
	expect_not_created(*state, ERR_KEY);
	assert_says(scratch_database(*state));
	expect_bytes(scratch_key(*state), KEY, sizeof(KEY));
}

static void
test_leftovers_of_a_killed_one_go(void **state)
{
	const char *left = scratch_path(*state, "lib/tokens.tdb.new");
	struct store *store;
	bool created;

	assert_int_equal(mkdir(scratch_path(*state, "lib"), 0700), 0);
	scratch_write(left, "TDB file\nhalf a database", 24, 0600);
	assert_int_equal(mkdir(scratch_path(*state, "etc"), 0700), 0);
	scratch_write(scratch_path(*state, "etc/key.new"), "half", 4, 0600);
	assert_ok(create(*state, &created));
	assert_true(created);
	assert_int_equal(access(left, F_OK), -1);
	assert_int_equal(access(scratch_path(*state, "etc/key.new"), F_OK), -1);
	assert_ok(scratch_open(*state, &store, STORE_READ));
	store_close(store);
}

static void
test_a_database_that_is_there_is_left(void **state)
{
	bool created;

	assert_ok(create(*state, &created));
	scratch_write(scratch_database(*state), "precious", 8, 0600);
	expect_not_created(*state, ERR_DAMAGED);
	expect_bytes(scratch_database(*state), "precious", 8);
	assert_int_equal(unlink(scratch_database(*state)), 0);
	assert_int_equal(symlink("nothing", scratch_database(*state)), 0);
	expect_not_created(*state, ERR_UNSAFE);
}

static void
test_unsafe_places_are_refused(void **state)
{
	const char *lib = scratch_path(*state, "lib");
	const char *etc = scratch_path(*state, "etc");
	bool created;

	assert_int_equal(mkdir(lib, 0700), 0);
	assert_int_equal(chmod(lib, 0770), 0);
	expect_not_created(*state, ERR_UNSAFE);
	assert_says("chmod 700");
	assert_int_equal(chmod(lib, 0700), 0);
	assert_int_equal(mkdir(etc, 0700), 0);
	assert_int_equal(chmod(etc, 0702), 0);
	expect_not_created(*state, ERR_UNSAFE);
	assert_int_equal(chmod(etc, 0755), 0);
	assert_int_equal(symlink("nothing", scratch_lock(*state)), 0);
	expect_not_created(*state, ERR_UNSAFE);
	assert_int_equal(unlink(scratch_lock(*state)), 0);
	assert_int_equal(mkdir(scratch_lock(*state), 0700), 0);
	expect_not_created(*state, ERR_SYSTEM);
	assert_int_equal(rmdir(scratch_lock(*state)), 0);
	assert_int_equal(access(scratch_key(*state), F_OK), -1);
	assert_int_equal(access(scratch_database(*state), F_OK), -1);
	assert_ok(create(*state, &created));
}

static void
test_a_missing_parent_is_an_error(void **state)
{
	struct scratch elsewhere = *(struct scratch *)*state;

	strcpy(elsewhere.config.directory, scratch_path(*state, "no/lib"));
	expect_not_created(&elsewhere, ERR_SYSTEM);
	assert_says(elsewhere.config.directory);
}

static void
test_a_held_lock_is_waited_for(void **state)
{
	struct scratch *scratch = *state;
	struct lock lock;
	bool created;

	assert_ok(create(scratch, &created));
	assert_ok(lock_acquire(&lock, scratch_lock(scratch), LOCK_SHARED,
	    deadline_in(PATIENCE), &why));
	assert_err(ERR_BUSY,
	    create_store(&scratch->config, deadline_in(20), &created, &why));
	lock_release(&lock);
}

static int
create_in_child(void *arg)
{
	bool created;

	CHILD_REQUIRE(create(arg, &created) == ERR_OK);
	return created ? 10 : 0;
}

/* Many at once: one of them creates it, and all find it. */
static void
test_at_once_one_makes_it(void **state)
{
	pid_t children[8];
	int makers = 0;

	for (size_t i = 0; i < COUNT_OF(children); i++)
		children[i] = child_start(create_in_child, *state);
	for (size_t i = 0; i < COUNT_OF(children); i++) {
		int status = child_wait(children[i]);

		assert_true(status == 0 || status == 10 << 8);
		makers += status != 0;
	}
	assert_int_equal(makers, 1);
}

#define CREATE_TEST(test)                                                      \
	cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CREATE_TEST(test_makes_all_that_a_store_needs),
	    CREATE_TEST(test_twice_changes_nothing),
	    CREATE_TEST(test_a_missing_key_is_never_made_anew),
	    CREATE_TEST(test_a_key_that_is_there_is_used),
	    CREATE_TEST(test_a_bad_key_makes_no_database),
	    CREATE_TEST(test_another_stores_key_is_said_to_be),
	    CREATE_TEST(test_leftovers_of_a_killed_one_go),
	    CREATE_TEST(test_a_database_that_is_there_is_left),
	    CREATE_TEST(test_unsafe_places_are_refused),
	    CREATE_TEST(test_a_missing_parent_is_an_error),
	    CREATE_TEST(test_a_held_lock_is_waited_for),
	    CREATE_TEST(test_at_once_one_makes_it),
	};

	return unit_run(tests);
}
