/* key.h, and keycheck.h with it. */
#include "store/key.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/scratch.h"
#include "lib/unit.h"
#include "store/keycheck.h"
#include "tdb/db.h"

static const char CHECK_KEY[] = {CRYPTO_NAME_CHECK};

static void
test_create_makes_a_key_of_its_own(void **state)
{
	const char *one = scratch_path(*state, "one");
	const char *two = scratch_path(*state, "two");
	mode_t before = umask(0);
	uint8_t *a, *b;
	size_t len;
	struct stat st;

	assert_ok(key_create(one, &why));
	assert_ok(key_create(two, &why));
	(void)umask(before);
	a = scratch_read(one, &len);
	assert_int_equal(len, CRYPTO_KEY_LEN);
	b = scratch_read(two, &len);
	assert_int_equal(len, CRYPTO_KEY_LEN);
	assert_memory_not_equal(a, b, CRYPTO_KEY_LEN);
	free(a);
	free(b);
	assert_int_equal(stat(one, &st), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0600);
	assert_int_equal(st.st_nlink, 1);
	assert_int_equal(access(scratch_path(*state, "one.new"), F_OK), -1);
}

static void
expect_not_created(const char *path, enum err expected)
{
	char fresh[SCRATCH_PATH + 8];

	assert_err(expected, key_create(path, &why));
	assert_says(path);
	strcpy(fresh, path);
	strcat(fresh, ".new");
	assert_int_equal(access(fresh, F_OK), -1);
}

static void
test_create_never_replaces(void **state)
{
	const char *path = scratch_path(*state, "key");
	const char *dangling = scratch_path(*state, "dangling");
	uint8_t *bytes;
	size_t len;

	scratch_write(path, "precious", 8, 0600);
	expect_not_created(path, ERR_EXISTS);
	bytes = scratch_read(path, &len);
	assert_int_equal(len, 8);
	assert_memory_equal(bytes, "precious", 8);
	free(bytes);
	assert_int_equal(symlink("elsewhere", dangling), 0);
	expect_not_created(dangling, ERR_EXISTS);
	assert_int_equal(access(scratch_path(*state, "elsewhere"), F_OK), -1);
}

static void
test_create_without_its_directory(void **state)
{
	expect_not_created(scratch_path(*state, "no/key"), ERR_SYSTEM);
}

static void
test_create_over_what_a_killed_one_left(void **state)
{
	const char *path = scratch_path(*state, "key");
	struct keys keys;

	scratch_write(scratch_path(*state, "key.new"), "half", 4, 0644);
	assert_ok(key_create(path, &why));
	assert_ok(key_read(path, &keys, &why));
	assert_int_equal(access(scratch_path(*state, "key.new"), F_OK), -1);
}

static void
test_create_refuses_a_path_too_long(void **state)
{
	char path[5000];

	(void)state;
	memset(path, 'a', sizeof(path));
	path[0] = '/';
	path[sizeof(path) - 1] = '\0';
	assert_err(ERR_INVALID, key_create(path, &why));
}

static void
test_read_derives_a_key_for_each_use(void **state)
{
	const char *path = scratch_path(*state, "key");
	uint8_t master[CRYPTO_KEY_LEN] = {9, 8, 7}, expected[CRYPTO_KEY_LEN];
	struct keys keys;

	scratch_write(path, master, sizeof(master), 0600);
	assert_ok(key_read(path, &keys, &why));
	crypto_subkey(expected, CRYPTO_USE_DIGEST, master);
	assert_memory_equal(keys.digest, expected, CRYPTO_KEY_LEN);
	crypto_subkey(expected, CRYPTO_USE_RECORD, master);
	assert_memory_equal(keys.record, expected, CRYPTO_KEY_LEN);
	crypto_subkey(expected, CRYPTO_USE_HANDOFF, master);
	assert_memory_equal(keys.handoff, expected, CRYPTO_KEY_LEN);
	assert_memory_not_equal(keys.record, keys.handoff, CRYPTO_KEY_LEN);
	assert_memory_not_equal(keys.digest, keys.record, CRYPTO_KEY_LEN);
}

static void
test_read_refuses_another_size(void **state)
{
	static const size_t SIZES[] = {0, 1, 31, 33, 64, 4096};
	static const uint8_t ZEROES[4096];
	const char *path = scratch_path(*state, "key");
	struct keys keys;

	for (size_t i = 0; i < COUNT_OF(SIZES); i++) {
		scratch_write(path, ZEROES, SIZES[i], 0600);
		assert_err(ERR_DAMAGED, key_read(path, &keys, &why));
		assert_says(path);
		assert_says("not a key of 32 bytes");
	}
}

static void
test_read_refuses_what_is_unsafe(void **state)
{
	static const uint8_t ZEROES[CRYPTO_KEY_LEN];
	const char *path = scratch_path(*state, "key");
	const char *link = scratch_path(*state, "link");
	struct keys keys;

	assert_err(ERR_MISSING, key_read(path, &keys, &why));
	scratch_write(path, ZEROES, sizeof(ZEROES), 0640);
	assert_err(ERR_UNSAFE, key_read(path, &keys, &why));
	assert_says("chmod 600");
	scratch_write(path, ZEROES, sizeof(ZEROES), 0600);
	assert_int_equal(symlink(path, link), 0);
	assert_err(ERR_UNSAFE, key_read(link, &keys, &why));
	assert_err(ERR_UNSAFE, key_read(scratch_path(*state, ""), &keys, &why));
}

/* An empty database, in a transaction. */
static struct db *
make_db(const struct scratch *scratch)
{
	static char path[SCRATCH_PATH];
	struct db *db = NULL;

	strcpy(path, scratch_path(scratch, "db"));
	assert_ok(db_create(&db, path, &why));
	assert_ok(db_begin(db, &why));
	return db;
}

static const struct keys KEYS = {.digest = {1}, .record = {2}};
static const struct keys OTHER_DIGEST = {.digest = {3}, .record = {2}};
static const struct keys OTHER_RECORD = {.digest = {1}, .record = {3}};

static void
test_keycheck_knows_its_key(void **state)
{
	struct db *db = make_db(*state);

	assert_ok(keycheck_put(db, &KEYS, &why));
	assert_ok(keycheck_verify(db, &KEYS, "PATH", &why));
	assert_err(ERR_KEY, keycheck_verify(db, &OTHER_RECORD, "PATH", &why));
	assert_says("PATH");
	assert_says("sealed with another key");
	/* Both come from one key, so checking the record's is enough. */
	assert_ok(keycheck_verify(db, &OTHER_DIGEST, "PATH", &why));
	db_close(db);
}

static void
test_keycheck_missing_or_cut_is_damage(void **state)
{
	static const uint8_t CUT[31], LONG[33];
	struct db *db = make_db(*state);

	assert_err(ERR_DAMAGED, keycheck_verify(db, &KEYS, "PATH", &why));
	assert_says("PATH: damaged");
	assert_ok(db_put(db, CHECK_KEY, 1, CUT, sizeof(CUT), &why));
	assert_err(ERR_DAMAGED, keycheck_verify(db, &KEYS, "PATH", &why));
	assert_ok(db_put(db, CHECK_KEY, 1, LONG, sizeof(LONG), &why));
	assert_err(ERR_DAMAGED, keycheck_verify(db, &KEYS, "PATH", &why));
	db_close(db);
}

#define KEY_TEST(test)                                                         \
	cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    KEY_TEST(test_create_makes_a_key_of_its_own),
	    KEY_TEST(test_create_never_replaces),
	    KEY_TEST(test_create_without_its_directory),
	    KEY_TEST(test_create_over_what_a_killed_one_left),
	    KEY_TEST(test_create_refuses_a_path_too_long),
	    KEY_TEST(test_read_derives_a_key_for_each_use),
	    KEY_TEST(test_read_refuses_another_size),
	    KEY_TEST(test_read_refuses_what_is_unsafe),
	    KEY_TEST(test_keycheck_knows_its_key),
	    KEY_TEST(test_keycheck_missing_or_cut_is_damage),
	};

	return unit_run(tests);
}
