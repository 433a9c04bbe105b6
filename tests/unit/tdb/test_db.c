#include "tdb/db.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/scratch.h"
#include "lib/unit.h"

#define COUNT 100

static char path[SCRATCH_PATH];

static int
setup(void **state)
{
	if (scratch_setup(state) != 0)
		return -1;
	strcpy(path, scratch_path(*state, "db"));
	return 0;
}

static enum err
put(struct db *db, const char *key, const char *value)
{
	return db_put(db, key, strlen(key), (const uint8_t *)value,
	    strlen(value) + 1, &why);
}

/* A reader that copies a string. */
static enum err
copy_value(const char *key, size_t key_len, const uint8_t *value, size_t len,
    void *arg)
{
	(void)key;
	(void)key_len;
	memcpy(arg, value, len);
	return ERR_OK;
}

static enum err
get(struct db *db, const char *key, char *value)
{
	return db_get(db, key, strlen(key), copy_value, value, &why);
}

static void
expect_content(struct db *db, const char *key, const char *value)
{
	char found[64] = "";

	if (value == NULL) {
		assert_err(ERR_NOT_FOUND, get(db, key, found));
		return;
	}
	assert_ok(get(db, key, found));
	assert_string_equal(found, value);
}

/* A database in which a is 1 and b is 2. */
static void
make_db(void)
{
	struct db *db;

	assert_ok(db_create(&db, path, &why));
	assert_ok(db_begin(db, &why));
	assert_ok(put(db, "a", "1"));
	assert_ok(put(db, "b", "2"));
	assert_ok(db_commit(db, &why));
	db_close(db);
}

static struct db *
open_db(enum db_mode mode)
{
	struct db *db = NULL;

	assert_ok(db_open(&db, path, mode, &why));
	assert_non_null(db);
	return db;
}

static void
test_create_makes_a_private_file(void **state)
{
	mode_t before = umask(0);
	struct stat st;

	(void)state;
	make_db();
	(void)umask(before);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0600);
}

static void
test_create_never_replaces(void **state)
{
	struct db *db = NULL;
	uint8_t *bytes;
	size_t len;

	scratch_write(path, "precious", 8, 0600);
	assert_err(ERR_EXISTS, db_create(&db, path, &why));
	assert_null(db);
	assert_says(path);
	bytes = scratch_read(path, &len);
	assert_int_equal(len, 8);
	assert_memory_equal(bytes, "precious", 8);
	free(bytes);
	assert_err(
	    ERR_SYSTEM, db_create(&db, scratch_path(*state, "no/db"), &why));
}

static int
create_where_nothing_fits(void *arg)
{
	const struct rlimit limit = {0, 0};
	struct db *db = NULL;

	(void)arg;
	(void)signal(SIGXFSZ, SIG_IGN);
	CHILD_REQUIRE(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	CHILD_REQUIRE(db_create(&db, path, &why) == ERR_SYSTEM);
	CHILD_REQUIRE(db == NULL);
	return 0;
}

static void
test_what_cannot_be_created_leaves_nothing(void **state)
{
	(void)state;
	child_expect_success(child_start(create_where_nothing_fits, NULL));
	assert_int_equal(access(path, F_OK), -1);
}

static void
test_what_was_committed_stays(void **state)
{
	struct db *db;

	(void)state;
	make_db();
	for (int mode = DB_READ; mode <= DB_WRITE; mode++) {
		db = open_db((enum db_mode)mode);
		expect_content(db, "a", "1");
		expect_content(db, "b", "2");
		expect_content(db, "c", NULL);
		expect_content(db, "", NULL);
		db_close(db);
	}
}

static void
test_what_was_not_committed_is_undone(void **state)
{
	struct db *db;

	(void)state;
	make_db();
	db = open_db(DB_WRITE);
	assert_ok(db_begin(db, &why));
	assert_ok(put(db, "a", "changed"));
	assert_ok(put(db, "c", "new"));
	assert_ok(db_delete(db, "b", 1, &why));
	expect_content(
	    db, "a", "changed"); /* visible to the transaction itself */
	expect_content(db, "b", NULL);
	db_close(db);
	db = open_db(DB_READ);
	expect_content(db, "a", "1");
	expect_content(db, "b", "2");
	expect_content(db, "c", NULL);
	db_close(db);
}

static void
test_put_replaces_and_delete_deletes(void **state)
{
	struct db *db;

	(void)state;
	make_db();
	db = open_db(DB_WRITE);
	assert_ok(db_begin(db, &why));
	assert_ok(put(db, "a", "a longer value than before"));
	assert_ok(db_delete(db, "b", 1, &why));
	assert_ok(db_delete(db, "never there", 11, &why));
	assert_ok(db_commit(db, &why));
	assert_ok(db_begin(db, &why)); /* and another one */
	assert_ok(put(db, "c", "3"));
	assert_ok(db_commit(db, &why));
	db_close(db);
	db = open_db(DB_READ);
	expect_content(db, "a", "a longer value than before");
	expect_content(db, "b", NULL);
	expect_content(db, "c", "3");
	db_close(db);
}

static void
test_reading_does_not_write(void **state)
{
	struct db *db;

	(void)state;
	make_db();
	db = open_db(DB_READ);
	assert_int_not_equal(put(db, "a", "changed"), ERR_OK);
	assert_int_not_equal(db_delete(db, "a", 1, &why), ERR_OK);
	assert_int_not_equal(db_begin(db, &why), ERR_OK);
	assert_string_not_equal(why.text, "");
	expect_content(db, "a", "1");
	db_close(db);
	db = open_db(DB_READ);
	expect_content(db, "a", "1");
	db_close(db);
}

static enum err
refuse(const char *key, size_t key_len, const uint8_t *value, size_t len,
    void *arg)
{
	(void)key;
	(void)key_len;
	(void)value;
	(void)len;
	++*(int *)arg;
	return ERR_POLICY;
}

static void
test_get_returns_what_the_reader_says(void **state)
{
	struct db *db;
	int calls = 0;

	(void)state;
	make_db();
	db = open_db(DB_READ);
	assert_err(ERR_POLICY, db_get(db, "a", 1, refuse, &calls, &why));
	assert_int_equal(calls, 1);
	assert_err(ERR_NOT_FOUND, db_get(db, "x", 1, refuse, &calls, &why));
	assert_int_equal(calls, 1);
	db_close(db);
}

/* Counts the keys 0 to COUNT - 1, each of which has itself as its value. */
static enum err
count_key(const char *key, size_t key_len, const uint8_t *value, size_t len,
    void *arg)
{
	int *seen = arg, number;
	char text[16] = "";

	if (key_len >= sizeof(text) || len != key_len + 1 ||
	    memcmp(key, value, key_len) != 0)
		return ERR_DAMAGED;
	memcpy(text, key, key_len);
	number = (int)strtol(text, NULL, 10);
	if (number < 0 || number >= COUNT)
		return ERR_DAMAGED;
	seen[number]++;
	return ERR_OK;
}

static void
test_each_visits_all_once(void **state)
{
	int seen[COUNT] = {0}, calls = 0;
	char key[16];
	struct db *db;

	(void)state;
	assert_ok(db_create(&db, path, &why));
	assert_ok(db_each(db, refuse, &calls, &why)); /* none to visit */
	assert_int_equal(calls, 0);
	assert_ok(db_begin(db, &why));
	for (int i = 0; i < COUNT; i++) {
		(void)snprintf(key, sizeof(key), "%d", i);
		assert_ok(put(db, key, key));
	}
	assert_ok(db_commit(db, &why));
	assert_ok(db_each(db, count_key, seen, &why));
	for (int i = 0; i < COUNT; i++)
		assert_int_equal(seen[i], 1);
	assert_err(ERR_POLICY, db_each(db, refuse, &calls, &why));
	assert_int_equal(calls, 1); /* the first one ended it */
	db_close(db);
}

static void
expect_not_opened(enum err expected)
{
	for (int mode = DB_READ; mode <= DB_WRITE; mode++) {
		struct db *db = NULL;

		assert_err(
		    expected, db_open(&db, path, (enum db_mode)mode, &why));
		assert_null(db);
		assert_says(path);
	}
}

static void
test_missing_and_unsafe_files(void **state)
{
	const char *other = scratch_path(*state, "other");

	expect_not_opened(ERR_MISSING);
	assert_int_equal(access(path, F_OK), -1); /* and not created */
	make_db();
	assert_int_equal(chmod(path, 0640), 0);
	expect_not_opened(ERR_UNSAFE);
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(rename(path, other), 0);
	assert_int_equal(symlink(other, path), 0);
	expect_not_opened(ERR_UNSAFE);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	expect_not_opened(ERR_UNSAFE);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	expect_not_opened(ERR_UNSAFE);
}

/* Both modes refuse the file, and leave it as it is. */
static void
expect_damage(const void *data, size_t size)
{
	uint8_t *after;
	size_t len;

	scratch_write(path, data, size, 0600);
	expect_not_opened(ERR_DAMAGED);
	after = scratch_read(path, &len);
	assert_int_equal(len, size);
	assert_memory_equal(after, data, size);
	free(after);
}

static void
test_what_is_no_database_is_damage(void **state)
{
	static const uint8_t ZEROES[4096];

	(void)state;
	expect_damage("", 0);
	expect_damage("x", 1);
	expect_damage(ZEROES, sizeof(ZEROES));
	expect_damage("TDB file\n", 9);
}

static void
test_a_cut_head_is_damage(void **state)
{
	uint8_t *bytes;
	size_t len;

	(void)state;
	make_db();
	bytes = scratch_read(path, &len);
	for (size_t cut = 0; cut < 160; cut++)
		expect_damage(bytes, cut);
	free(bytes);
}

#define DB_TEST(test)                                                          \
	cmocka_unit_test_setup_teardown(test, setup, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    DB_TEST(test_create_makes_a_private_file),
	    DB_TEST(test_create_never_replaces),
	    DB_TEST(test_what_cannot_be_created_leaves_nothing),
	    DB_TEST(test_what_was_committed_stays),
	    DB_TEST(test_what_was_not_committed_is_undone),
	    DB_TEST(test_put_replaces_and_delete_deletes),
	    DB_TEST(test_reading_does_not_write),
	    DB_TEST(test_get_returns_what_the_reader_says),
	    DB_TEST(test_each_visits_all_once),
	    DB_TEST(test_missing_and_unsafe_files),
	    DB_TEST(test_what_is_no_database_is_damage),
	    DB_TEST(test_a_cut_head_is_damage),
	};

	return unit_run(tests);
}
