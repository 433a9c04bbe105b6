#include "session/rundir.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/scratch.h"
#include "lib/unit.h"
#include "session/process.h"

static const struct process PROCESS = {123, 4567};
#define NAME "123-4567"

static const char *
run(void **state)
{
	return scratch_path(*state, "run");
}

static int
open_made(void **state)
{
	int dir = -1;

	assert_ok(
	    rundir_open(&dir, run(state), RUNDIR_HANDOFF, RUNDIR_MAKE, &why));
	assert_true(dir >= 0);
	assert_int_not_equal(fcntl(dir, F_GETFD) & FD_CLOEXEC, 0);
	return dir;
}

static void
put(int dir, const struct process *process, const char *text)
{
	char name[PROCESS_NAME_LEN + 1];

	process_name(process, name);
	assert_ok(
	    rundir_write(dir, name, (const uint8_t *)text, strlen(text), &why));
}

static void
expect(int dir, const struct process *process, const char *text)
{
	char name[PROCESS_NAME_LEN + 1];
	uint8_t bytes[64];
	size_t len = 0;

	process_name(process, name);
	assert_ok(rundir_read(dir, name, bytes, sizeof(bytes), &len, &why));
	assert_int_equal(len, strlen(text));
	assert_memory_equal(bytes, text, len);
}

static void
expect_none(int dir, const struct process *process)
{
	char name[PROCESS_NAME_LEN + 1];
	uint8_t bytes[64];
	size_t len = 77;

	process_name(process, name);
	assert_err(ERR_MISSING,
	    rundir_read(dir, name, bytes, sizeof(bytes), &len, &why));
	assert_int_equal(len, 77);
}

/* How many files there are. */
static unsigned
count_files(void **state)
{
	DIR *entries = opendir(scratch_path(*state, "run/handoff"));
	const struct dirent *entry;
	unsigned count = 0;

	assert_non_null(entries);
	while ((entry = readdir(entries)) != NULL)
		count += entry->d_name[0] != '.';
	assert_int_equal(closedir(entries), 0);
	return count;
}

static void
expect_mode(const char *path, mode_t mode)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, mode);
	assert_int_equal(st.st_uid, geteuid());
}

static void
test_made_on_demand(void **state)
{
	mode_t mask = umask(0);
	int dir = -77;

	assert_err(ERR_MISSING,
	    rundir_open(&dir, run(state), RUNDIR_HANDOFF, RUNDIR_LOOK, &why));
	assert_int_equal(dir, -77);
	assert_int_equal(access(run(state), F_OK), -1);
	dir = open_made(state);
	put(dir, &PROCESS, "one");
	assert_int_equal(close(dir), 0);
	(void)umask(mask);
	expect_mode(run(state), 0700);
	expect_mode(scratch_path(*state, "run/handoff"), 0700);
	expect_mode(scratch_path(*state, "run/handoff/123-4567"), 0600);
	assert_ok(
	    rundir_open(&dir, run(state), RUNDIR_HANDOFF, RUNDIR_LOOK, &why));
	expect(dir, &PROCESS, "one");
	assert_int_equal(close(dir), 0);
	assert_int_equal(close(open_made(state)), 0);
}

static void
test_one_record_for_each_process(void **state)
{
	static const struct process OTHER = {123, 4568};
	int dir = open_made(state);

	expect_none(dir, &PROCESS);
	put(dir, &PROCESS, "one");
	put(dir, &OTHER, "other");
	put(dir, &PROCESS, "two");
	expect(dir, &PROCESS, "two");
	expect(dir, &OTHER, "other");
	assert_int_equal(count_files(state), 2);
	assert_ok(rundir_remove(dir, NAME, &why));
	assert_ok(rundir_remove(dir, NAME, &why));
	expect_none(dir, &PROCESS);
	expect(dir, &OTHER, "other");
	assert_int_equal(close(dir), 0);
}

static void
test_too_long(void **state)
{
	char text[66] = "";
	uint8_t bytes[64];
	int dir = open_made(state);
	size_t len = 0;

	memset(text, 'x', 65);
	put(dir, &PROCESS, text);
	assert_ok(rundir_read(dir, NAME, bytes, sizeof(bytes), &len, &why));
	assert_int_equal(len, 65);
	assert_int_equal(close(dir), 0);
}

static void
expect_unsafe(void **state, const char *path)
{
	static const enum rundir_mode MODES[] = {RUNDIR_LOOK, RUNDIR_MAKE};
	int next = dup(STDIN_FILENO), dir = -77;

	assert_int_equal(close(next), 0);
	for (size_t i = 0; i < COUNT_OF(MODES); i++) {
		assert_err(ERR_UNSAFE,
		    rundir_open(
			&dir, run(state), RUNDIR_HANDOFF, MODES[i], &why));
		assert_says(path);
		assert_int_equal(dir, -77);
	}
	/* Nothing is left open. */
	assert_int_equal(dup(STDIN_FILENO), next);
	assert_int_equal(close(next), 0);
}

/* For each directory: others may enter it, it is a file, or a link. */
static void
test_unsafe_directories(void **state)
{
	static const char *const NAMES[] = {"run", "run/handoff"};
	static const mode_t MODES[] = {
	    0777, 0755, 0710, 0701, 0720, 0702, 0740, 0704, 01777};

	assert_int_equal(close(open_made(state)), 0);
	for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
		char path[SCRATCH_PATH], moved[SCRATCH_PATH];

		strcpy(path, scratch_path(*state, NAMES[i]));
		strcpy(moved, scratch_path(*state, "moved"));
		for (size_t k = 0; k < COUNT_OF(MODES); k++) {
			assert_int_equal(chmod(path, MODES[k]), 0);
			expect_unsafe(state, path);
			assert_says("chmod 700");
		}
		assert_int_equal(chmod(path, 0700), 0);
		assert_int_equal(rename(path, moved), 0);
		scratch_write(path, "", 0, 0700);
		expect_unsafe(state, path);
		assert_int_equal(unlink(path), 0);
		assert_int_equal(symlink(moved, path), 0);
		expect_unsafe(state, path);
		assert_int_equal(unlink(path), 0);
		assert_int_equal(rename(moved, path), 0);
		if (geteuid() == 0) {
			assert_int_equal(chown(path, 65534, 65534), 0);
			expect_unsafe(state, path);
			assert_int_equal(chown(path, 0, 0), 0);
		}
	}
	assert_int_equal(close(open_made(state)), 0);
}

/* A record that is not a file of ours alone; nothing hangs. */
static void
test_unsafe_records(void **state)
{
	const char *path = scratch_path(*state, "run/handoff/123-4567");
	const char *elsewhere = scratch_path(*state, "elsewhere");
	uint8_t bytes[64];
	size_t len;
	int dir = open_made(state);

	scratch_write(path, "one", 3, 0644);
	assert_err(ERR_UNSAFE,
	    rundir_read(dir, NAME, bytes, sizeof(bytes), &len, &why));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_err(ERR_UNSAFE,
	    rundir_read(dir, NAME, bytes, sizeof(bytes), &len, &why));
	assert_int_equal(unlink(path), 0);
	scratch_write(elsewhere, "one", 3, 0600);
	assert_int_equal(symlink(elsewhere, path), 0);
	assert_err(ERR_SYSTEM,
	    rundir_read(dir, NAME, bytes, sizeof(bytes), &len, &why));
	/* Writing replaces the link, not its target. */
	put(dir, &PROCESS, "two");
	expect(dir, &PROCESS, "two");
	assert_int_equal(close(dir), 0);
}

/* A host with a file size limit is not killed by it. */
static int
write_beyond_limit(void *arg)
{
	static const struct rlimit SMALL = {2, 2}, NONE = {0, 0};
	const uint8_t bytes[] = {'a', 'b', 'c'};
	const int *dir = arg;

	/* The user running the test may ignore it. */
	CHILD_REQUIRE(signal(SIGXFSZ, SIG_DFL) != SIG_ERR);
	CHILD_REQUIRE(setrlimit(RLIMIT_FSIZE, &SMALL) == 0);
	CHILD_REQUIRE(rundir_write(*dir, NAME, bytes, 3, &why) == ERR_SYSTEM);
	CHILD_REQUIRE(rundir_write(*dir, NAME, bytes, 2, &why) == ERR_OK);
	CHILD_REQUIRE(
	    rundir_write_end(*dir, NAME, bytes + 1, 1, &why) == ERR_OK);
	CHILD_REQUIRE(setrlimit(RLIMIT_FSIZE, &NONE) == 0);
	CHILD_REQUIRE(rundir_write(*dir, NAME, bytes, 1, &why) == ERR_SYSTEM);
	CHILD_REQUIRE(
	    rundir_write_end(*dir, NAME, bytes, 1, &why) == ERR_SYSTEM);
	return 0;
}

static void
test_file_limit(void **state)
{
	int dir = open_made(state);

	child_expect_success(child_start(write_beyond_limit, &dir));
	expect(dir, &PROCESS, "ab");
	assert_int_equal(count_files(state), 1);
	assert_int_equal(close(dir), 0);
}

/* A directory in place of the record: no temporary file stays behind. */
static void
test_failed_write_leaves_nothing(void **state)
{
	int dir = open_made(state);
	uint8_t byte = 'x';

	assert_int_equal(
	    mkdir(scratch_path(*state, "run/handoff/123-4567"), 0700), 0);
	assert_err(ERR_SYSTEM, rundir_write(dir, NAME, &byte, 1, &why));
	assert_says("Is a directory");
	assert_int_equal(count_files(state), 1);
	assert_int_equal(close(dir), 0);
}

/* Only the end of a file that is there, and large enough for it. */
static void
test_end_written_in_place(void **state)
{
	const char *path = scratch_path(*state, "run/handoff/123-4567");
	int dir = open_made(state);
	const uint8_t end[] = {'y', 'z'};

	assert_err(ERR_MISSING, rundir_write_end(dir, NAME, end, 2, &why));
	assert_int_equal(count_files(state), 0);
	put(dir, &PROCESS, "abc");
	assert_ok(rundir_write_end(dir, NAME, end, 2, &why));
	expect(dir, &PROCESS, "ayz");
	put(dir, &PROCESS, "a");
	assert_err(ERR_DAMAGED, rundir_write_end(dir, NAME, end, 2, &why));
	expect(dir, &PROCESS, "a");
	assert_int_equal(chmod(path, 0644), 0);
	assert_err(ERR_UNSAFE, rundir_write_end(dir, NAME, end, 1, &why));
	assert_int_equal(chmod(path, 0600), 0);
	expect(dir, &PROCESS, "a");
	assert_int_equal(close(dir), 0);
}

/* Without a free descriptor, it still shows whether there is a record. */
static int
read_without_descriptors(void *arg)
{
	static const struct rlimit NONE = {0, 0};
	int dir = *(int *)arg;
	uint8_t bytes[64];
	size_t len = 0;

	CHILD_REQUIRE(setrlimit(RLIMIT_NOFILE, &NONE) == 0);
	CHILD_REQUIRE(rundir_read(dir, "123-4568", bytes, sizeof(bytes), &len,
			  &why) == ERR_MISSING);
	CHILD_REQUIRE(rundir_read(dir, NAME, bytes, sizeof(bytes), &len,
			  &why) == ERR_SYSTEM);
	CHILD_REQUIRE(strstr(why.text, "Too many open files") != NULL);
	return 0;
}

static void
test_no_descriptors(void **state)
{
	int dir = open_made(state);

	put(dir, &PROCESS, "ab");
	child_expect_success(child_start(read_without_descriptors, &dir));
	assert_int_equal(close(dir), 0);
}

static int
wait_for_signal(void *arg)
{
	(void)arg;
	(void)pause();
	return 0;
}

/* Stays: the living process's record, its temporary file, and foreign files. */
static void
test_sweep(void **state)
{
	int dir = open_made(state);
	struct process self, reused, gone = {0, 1};
	char fresh[256], name[PROCESS_NAME_LEN + 1];
	pid_t pid = child_start(wait_for_signal, NULL);

	child_kill(pid);
	gone.pid = (uint64_t)pid;
	assert_ok(process_self(&self, &why));
	reused = self;
	reused.start--;
	put(dir, &self, "self");
	put(dir, &reused, "reused");
	put(dir, &gone, "gone");
	process_name(&gone, name);
	(void)snprintf(fresh, sizeof(fresh), "run/handoff/%s.abcdefgh", name);
	scratch_write(scratch_path(*state, fresh), "", 0, 0600);
	process_name(&self, name);
	(void)snprintf(fresh, sizeof(fresh), "run/handoff/%s.abcdefgh", name);
	scratch_write(scratch_path(*state, fresh), "", 0, 0600);
	scratch_write(scratch_path(*state, "run/handoff/README"), "", 0, 0600);
	assert_int_equal(count_files(state), 6);
	rundir_sweep(dir);
	assert_int_equal(count_files(state), 3);
	expect(dir, &self, "self");
	expect_none(dir, &reused);
	expect_none(dir, &gone);
	assert_int_equal(close(dir), 0);
}

static void
test_long_path(void **state)
{
	char path[5000];
	int dir;

	(void)state;
	memset(path, 'a', sizeof(path));
	path[0] = '/';
	path[sizeof(path) - 1] = '\0';
	assert_err(ERR_INVALID,
	    rundir_open(&dir, path, RUNDIR_HANDOFF, RUNDIR_MAKE, &why));
}

#define DIR_TEST(function)                                                     \
	cmocka_unit_test_setup_teardown(                                       \
	    function, scratch_setup, scratch_teardown)

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
	    DIR_TEST(test_made_on_demand),
	    DIR_TEST(test_one_record_for_each_process),
	    DIR_TEST(test_too_long),
	    DIR_TEST(test_unsafe_directories),
	    DIR_TEST(test_unsafe_records),
	    DIR_TEST(test_file_limit),
	    DIR_TEST(test_end_written_in_place),
	    DIR_TEST(test_no_descriptors),
	    DIR_TEST(test_failed_write_leaves_nothing),
	    DIR_TEST(test_sweep),
	    cmocka_unit_test(test_long_path),
	};

	return unit_run(TESTS);
}
