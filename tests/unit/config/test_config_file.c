/* config.h: the file itself; test_config.c tests its text. */
#include "config/config.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/safe_file.h"
#include "lib/scratch.h"
#include "lib/unit.h"

/* The system's file for this test, or NULL for the real one. */
static const char *system_file;

enum err __real_safe_open(const char *path, int flags,
    enum safe_privacy privacy, int *fd, struct error *error);
enum err __wrap_safe_open(const char *path, int flags,
    enum safe_privacy privacy, int *fd, struct error *error);

/* By the linker's --wrap: config_read of NULL must not read the machine's. */
enum err
__wrap_safe_open(const char *path, int flags, enum safe_privacy privacy,
    int *fd, struct error *error)
{
	if (system_file != NULL && strcmp(path, CONFIG_FILE) == 0)
		path = system_file;
	return __real_safe_open(path, flags, privacy, fd, error);
}

#define GOOD "[store]\nlock_timeout = 7s\n"

static void
expect_read(const char *path)
{
	struct config config;

	memset(&config, 0x55, sizeof(config));
	assert_ok(config_read(&config, path, &why));
	assert_int_equal(config.lock_timeout, 7);
}

static void
expect_not_read(enum err expected, const char *path, const char *says)
{
	struct config config;

	assert_err(expected, config_read(&config, path, &why));
	assert_says(path);
	assert_says(says);
}

static void
test_file_is_read(void **state)
{
	const char *path = scratch_path(*state, "conf");

	scratch_write(path, GOOD, strlen(GOOD), 0600);
	expect_read(path);
	scratch_write(path, GOOD, strlen(GOOD), 0644); /* others may read it */
	expect_read(path);
}

static void
test_error_in_a_file_names_it(void **state)
{
	const char *path = scratch_path(*state, "conf");
	char says[SCRATCH_PATH + 16];

	scratch_write(path, "[store]\nkey\n", 12, 0600);
	(void)snprintf(says, sizeof(says), "%s:2: no `=`", path);
	expect_not_read(ERR_CONFIG, path, says);
}

static void
test_missing_is_as_by_default_unless_named(void **state)
{
	struct config config;

	system_file = scratch_path(*state, "conf");
	expect_not_read(ERR_MISSING, system_file, "missing");
	memset(&config, 0x55, sizeof(config));
	assert_ok(config_read(&config, NULL, &why));
	assert_int_equal(config.lock_timeout, 5);
	assert_string_equal(config.policy.services, "any");
	assert_string_equal(config.key, SYSCONFDIR "/apitoken/key");
}

static void
test_system_file_is_read(void **state)
{
	system_file = scratch_path(*state, "conf");
	scratch_write(system_file, GOOD, strlen(GOOD), 0644);
	expect_read(NULL);
}

static void
test_bad_system_file_is_no_missing_one(void **state)
{
	struct config config;

	system_file = scratch_path(*state, "conf");
	scratch_write(system_file, "x", 1, 0644);
	assert_err(ERR_CONFIG, config_read(&config, NULL, &why));
	assert_says(CONFIG_FILE ":1:");
	assert_int_equal(chmod(system_file, 0666), 0);
	assert_err(ERR_UNSAFE, config_read(&config, NULL, &why));
	assert_int_equal(unlink(system_file), 0);
	assert_int_equal(mkdir(system_file, 0700), 0);
	assert_err(ERR_UNSAFE, config_read(&config, NULL, &why));
}

static void
test_unsafe_files_are_refused(void **state)
{
	static const mode_t MODES[] = {0620, 0602, 0664, 0666};
	const char *path = scratch_path(*state, "conf");
	const char *link = scratch_path(*state, "link");

	for (size_t i = 0; i < COUNT_OF(MODES); i++) {
		scratch_write(path, GOOD, strlen(GOOD), MODES[i]);
		expect_not_read(ERR_UNSAFE, path, "chmod go-w");
	}
	scratch_write(path, GOOD, strlen(GOOD), 0600);
	assert_int_equal(symlink(path, link), 0);
	expect_not_read(ERR_UNSAFE, link, "symbolic link");
	expect_not_read(
	    ERR_UNSAFE, scratch_path(*state, ""), "not a regular file");
	assert_int_equal(mkfifo(scratch_path(*state, "fifo"), 0600), 0);
	expect_not_read(
	    ERR_UNSAFE, scratch_path(*state, "fifo"), "not a regular file");
}

static void
test_largest_file(void **state)
{
	static char text[64 * 1024 + 1];
	const char *path = scratch_path(*state, "conf");

	memset(text, '\n', sizeof(text));
	memcpy(text, GOOD, strlen(GOOD));
	scratch_write(path, text, sizeof(text) - 1, 0600);
	expect_read(path);
	scratch_write(path, text, sizeof(text), 0600);
	expect_not_read(ERR_CONFIG, path, "larger than 65536 bytes");
}

static int
teardown(void **state)
{
	system_file = NULL;
	return scratch_teardown(state);
}

#define FILE_TEST(test)                                                        \
	cmocka_unit_test_setup_teardown(test, scratch_setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    FILE_TEST(test_file_is_read),
	    FILE_TEST(test_error_in_a_file_names_it),
	    FILE_TEST(test_missing_is_as_by_default_unless_named),
	    FILE_TEST(test_system_file_is_read),
	    FILE_TEST(test_bad_system_file_is_no_missing_one),
	    FILE_TEST(test_unsafe_files_are_refused),
	    FILE_TEST(test_largest_file),
	};

	return unit_run(tests);
}
