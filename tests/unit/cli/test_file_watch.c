/* What watch notices about files, in a directory of the test. */
#include "lib/unit.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/scratch.h"
#include "cli/file_watch.h"

static struct file_watch observe = {.fd = -1};

static int
setup(void **state)
{
	const char *etc;

	if (scratch_setup(state) != 0)
		return -1;
	etc = scratch_path(*state, "etc");
	if (mkdir(etc, S_IRWXU) != 0)
		return -1;
	scratch_write(scratch_path(*state, "etc/passwd"), "1", 1, 0644);
	return 0;
}

static int
teardown(void **state)
{
	file_watch_end(&observe);
	return scratch_teardown(state);
}

/* Starts with etc/passwd and etc/shadow. */
static void
begin(const struct scratch *scratch)
{
	char paths[2][SCRATCH_PATH];
	const char *const both[] = {paths[0], paths[1]};

	file_watch_end(&observe);
	strcpy(paths[0], scratch_path(scratch, "etc/passwd"));
	strcpy(paths[1], scratch_path(scratch, "etc/shadow"));
	assert_ok(file_watch_begin(&observe, both, 2, &why));
}

/* inotify has the event when the call that caused it returns. */
static bool
changed(void)
{
	struct pollfd readable = {.fd = observe.fd, .events = POLLIN};
	bool is_readable = poll(&readable, 1, 0) == 1;
	bool was_changed = file_watch_read(&observe);

	assert_true(is_readable || !was_changed);
	assert_int_equal(poll(&readable, 1, 0), 0);
	return was_changed;
}

static void
replace(const struct scratch *scratch, const char *name, const char *text)
{
	const char *new = scratch_path(scratch, "etc/new");

	scratch_write(new, text, strlen(text), 0644);
	assert_int_equal(rename(new, scratch_path(scratch, name)), 0);
}

static void
append(const struct scratch *scratch, const char *name)
{
	int fd = open(scratch_path(scratch, name), O_WRONLY | O_APPEND);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, "2", 1), 1);
	/* Writing counts, whether the file is closed or not. */
	assert_true(changed());
	assert_int_equal(close(fd), 0);
}

static void
test_nothing(void **state)
{
	begin(*state);
	assert_false(changed());
}

static void
test_each_kind_of_change(void **state)
{
	const char *passwd = scratch_path(*state, "etc/passwd");
	const char *shadow = scratch_path(*state, "etc/shadow");
	const char *aside = scratch_path(*state, "etc/aside");

	begin(*state);
	replace(*state, "etc/passwd", "2");
	assert_true(changed());
	append(*state, "etc/passwd");
	begin(*state);
	assert_int_equal(truncate(passwd, 0), 0);
	assert_true(changed());
	assert_int_equal(chmod(passwd, 0600), 0);
	assert_true(changed());
	replace(*state, "etc/shadow", "made");
	assert_true(changed());
	assert_int_equal(rename(shadow, aside), 0);
	assert_true(changed());
	assert_int_equal(link(aside, shadow), 0);
	assert_true(changed());
	assert_int_equal(unlink(shadow), 0);
	assert_true(changed());
	assert_int_equal(symlink(aside, shadow), 0);
	assert_true(changed());
	assert_int_equal(unlink(passwd), 0);
	assert_true(changed());
	assert_false(changed());
}

static void
test_other_files_do_not_count(void **state)
{
	static const char *const OTHERS[] = {
	    "passw", "passwd-", "passwd.lock", "Passwd", "new", ".pwd.lock"};
	char name[64], path[SCRATCH_PATH];
	int fd;

	begin(*state);
	for (size_t i = 0; i < COUNT_OF(OTHERS); i++) {
		(void)snprintf(name, sizeof(name), "etc/%s", OTHERS[i]);
		strcpy(path, scratch_path(*state, name));
		scratch_write(path, "1", 1, 0600);
		assert_int_equal(unlink(path), 0);
		assert_int_equal(mkdir(path, S_IRWXU), 0);
		assert_int_equal(rmdir(path), 0);
	}
	assert_int_equal(chmod(scratch_path(*state, "etc"), 0711), 0);
	/* nor does reading them */
	fd = open(scratch_path(*state, "etc/passwd"), O_RDONLY);
	assert_true(fd >= 0);
	assert_int_equal(read(fd, name, 1), 1);
	assert_int_equal(close(fd), 0);
	assert_false(changed());
}

/* A name belongs to a file in its own directory. */
static void
test_names_in_another_directory(void **state)
{
	char paths[2][SCRATCH_PATH];
	const char *const both[] = {paths[0], paths[1]};

	assert_int_equal(mkdir(scratch_path(*state, "b"), S_IRWXU), 0);
	strcpy(paths[0], scratch_path(*state, "etc/passwd"));
	strcpy(paths[1], scratch_path(*state, "b/config"));
	assert_ok(file_watch_begin(&observe, both, 2, &why));
	scratch_write(scratch_path(*state, "b/passwd"), "1", 1, 0600);
	scratch_write(scratch_path(*state, "etc/config"), "1", 1, 0600);
	assert_false(changed());
	scratch_write(scratch_path(*state, "b/config"), "1", 1, 0600);
	assert_true(changed());
}

/* passwd is a link to another directory: changes of its target, and of itself.
 */
static void
test_a_link(void **state)
{
	const char *link = scratch_path(*state, "etc/passwd");

	assert_int_equal(mkdir(scratch_path(*state, "a"), S_IRWXU), 0);
	assert_int_equal(mkdir(scratch_path(*state, "b"), S_IRWXU), 0);
	scratch_write(scratch_path(*state, "a/users"), "1", 1, 0644);
	scratch_write(scratch_path(*state, "b/users"), "1", 1, 0644);
	assert_int_equal(unlink(link), 0);
	assert_int_equal(symlink("../a/users", link), 0);
	begin(*state);
	replace(*state, "a/users", "2");
	assert_true(changed());
	append(*state, "a/users");
	begin(*state);
	scratch_write(scratch_path(*state, "a/passwd"), "1", 1, 0644);
	assert_false(changed());
	/* led elsewhere: the new target counts */
	assert_int_equal(unlink(link), 0);
	assert_int_equal(symlink("../b/users", link), 0);
	assert_true(changed());
	begin(*state);
	append(*state, "b/users");
	begin(*state);
	replace(*state, "a/users", "3");
	assert_false(changed());
}

static void
move(const struct scratch *scratch, const char *from, const char *to)
{
	assert_int_equal(
	    rename(scratch_path(scratch, from), scratch_path(scratch, to)), 0);
}

/* The directory disappears: that is a change, and then watching starts anew. */
static void
test_a_directory_replaced(void **state)
{
	begin(*state);
	move(*state, "etc", "old");
	assert_true(changed());
	begin(*state);
	assert_false(changed());
	assert_int_equal(mkdir(scratch_path(*state, "etc"), S_IRWXU), 0);
	begin(*state);
	scratch_write(scratch_path(*state, "etc/passwd"), "1", 1, 0644);
	assert_true(changed());
	begin(*state);
	assert_int_equal(unlink(scratch_path(*state, "etc/passwd")), 0);
	assert_true(changed());
	assert_int_equal(rmdir(scratch_path(*state, "etc")), 0);
	assert_true(changed());
}

/* More events than the kernel keeps: nobody knows what they were. */
static void
test_lost_events(void **state)
{
	const char *a = scratch_path(*state, "etc/a");
	const char *b = scratch_path(*state, "etc/b");
	char text[32] = "";
	long most;
	FILE *limit = fopen("/proc/sys/fs/inotify/max_queued_events", "re");

	if (limit == NULL || fgets(text, sizeof(text), limit) == NULL)
		strcpy(text, "16384");
	if (limit != NULL)
		(void)fclose(limit);
	most = strtol(text, NULL, 10);
	if (most > 1000000) {
		unit_skip("the queue of inotify is too long to be filled");
		return;
	}
	begin(*state);
	scratch_write(a, "", 0, 0600);
	for (long i = 0; i <= most; i++)
		assert_int_equal(
		    rename(i % 2 == 0 ? a : b, i % 2 == 0 ? b : a), 0);
	assert_true(changed());
}

static void
test_what_cannot_be_observed(void **state)
{
	static const char *const MISSING[] = {"/no/such/directory/passwd"};
	static const char *const FILES[] = {"/dev/null/passwd"};
	static const char *const TOP[] = {"/passwd"};
	static const char *const PATHS[9] = {
	    "/a", "/b", "/c", "/d", "/e", "/f", "/g", "/h", "/i"};
	char path[NAME_MAX + 64] = "/dev/";
	const char *const longest[] = {path};

	(void)state;
	assert_ok(file_watch_begin(&observe, MISSING, 1, &why));
	assert_false(changed());
	file_watch_end(&observe);
	assert_ok(file_watch_begin(&observe, TOP, 1, &why));
	assert_false(changed());
	file_watch_end(&observe);
	assert_err(ERR_SYSTEM, file_watch_begin(&observe, FILES, 1, &why));
	assert_says("/dev/null");
	assert_int_equal(observe.fd, -1);
	assert_err(ERR_INTERNAL, file_watch_begin(&observe, PATHS, 9, &why));
	assert_int_equal(observe.fd, -1);
	memset(path + 5, 'x', NAME_MAX + 1);
	assert_err(ERR_INTERNAL, file_watch_begin(&observe, longest, 1, &why));
	assert_int_equal(observe.fd, -1);
	/* what was not started can be ended */
	file_watch_end(&observe);
}

#define OBSERVE_TEST(test)                                                     \
	cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    OBSERVE_TEST(test_nothing),
	    OBSERVE_TEST(test_each_kind_of_change),
	    OBSERVE_TEST(test_other_files_do_not_count),
	    OBSERVE_TEST(test_names_in_another_directory),
	    OBSERVE_TEST(test_a_link),
	    OBSERVE_TEST(test_a_directory_replaced),
	    OBSERVE_TEST(test_lost_events),
	    OBSERVE_TEST(test_what_cannot_be_observed),
	};

	return unit_run(tests);
}
