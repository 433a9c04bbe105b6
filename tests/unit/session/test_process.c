#include "session/process.h"

#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/unit.h"

/* Fields 3 to 52 of a stat file: S, its parent 77, ... its start 4242. */
#define FIELDS                                                                 \
	" S 77 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 4242 23 24 25 26\n"

static bool
parse(const char *text, struct process *process, uint64_t *parent)
{
	return process_parse_stat(text, strlen(text), process, parent);
}

static void
test_stat(void **state)
{
	static const char *const NAMES[] = {"sshd", "a b", ")", "((",
	    "x) S 1 2", ") R 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 99 ", "", "\n",
	    " "};
	struct process process;
	uint64_t parent;
	char text[512];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
		(void)snprintf(text, sizeof(text), "123 (%s)" FIELDS, NAMES[i]);
		assert_row(NAMES[i], parse(text, &process, &parent));
		assert_row(NAMES[i], process.pid == 123);
		assert_row(NAMES[i], process.start == 4242);
		assert_row(NAMES[i], parent == 77);
	}
}

static void
test_bad_stat(void **state)
{
	static const char *const BAD[] = {
	    "",
	    ")",
	    "123",
	    "123 (sshd",
	    "x (sshd)" FIELDS,
	    " 123 (sshd)" FIELDS,
	    "-1 (sshd)" FIELDS,
	    "99999999999999999999 (sshd)" FIELDS,
	    "123(sshd)" FIELDS,
	    "123 sshd)" FIELDS,
	    "123 (sshd) S x 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 42 23",
	    "123 (sshd) S 7 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 x 23",
	    "123 (sshd) S 7 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 42",
	    "123 (sshd) S 7 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19",
	};
	struct process process = {1, 2};
	uint64_t parent = 3;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(BAD); i++)
		assert_row(BAD[i], !parse(BAD[i], &process, &parent));
	assert_int_equal(process.pid, 1);
	assert_int_equal(process.start, 2);
	assert_int_equal(parent, 3);
}

/* Every prefix of a real one, read from a buffer of exactly that size. */
static void
test_cut_stat(void **state)
{
	static const char TEXT[] = "123 (a ) b)" FIELDS;
	struct process process;
	uint64_t parent;
	size_t whole = 0;

	(void)state;
	for (size_t len = 0; len < sizeof(TEXT); len++) {
		char *copy = test_malloc(len + 1);

		memcpy(copy, TEXT, len);
		if (process_parse_stat(copy, len, &process, &parent)) {
			assert_int_equal(process.start, 4242);
			assert_int_equal(parent, 77);
			whole++;
		}
		test_free(copy);
	}
	assert_in_range(whole, 1, sizeof(TEXT));
}

static void
test_names(void **state)
{
	static const char *const BAD[] = {"", "-", "1", "1-", "-1", "0-1",
	    "1-2-3", "1-2x", "x1-2", " 1-2", "1-2 ", "2147483648-1", ".1-2",
	    "1-99999999999999999999", "1.2", "..", "."};
	static const struct process LARGEST = {INT32_MAX, UINT64_MAX};
	char name[PROCESS_NAME_LEN + 1];
	struct process process;

	(void)state;
	process_name(&LARGEST, name);
	assert_string_equal(name, "2147483647-18446744073709551615");
	assert_true(process_parse_name(name, &process));
	assert_memory_equal(&process, &LARGEST, sizeof(process));
	assert_true(process_parse_name("12-34.abcdefgh", &process));
	assert_int_equal(process.pid, 12);
	assert_int_equal(process.start, 34);
	for (size_t i = 0; i < COUNT_OF(BAD); i++)
		assert_row(BAD[i], !process_parse_name(BAD[i], &process));
	assert_int_equal(process.start, 34);
}

/* What a child says of its parent is what the parent says of itself. */
static int
check_parent(void *arg)
{
	const struct process *expected = arg;
	struct process parent, self;

	CHILD_REQUIRE(process_parent(&parent, &why) == ERR_OK);
	CHILD_REQUIRE(parent.pid == expected->pid);
	CHILD_REQUIRE(parent.start == expected->start);
	CHILD_REQUIRE(process_parent_alike(&self, &why) == ERR_OK);
	CHILD_REQUIRE(self.pid == parent.pid && self.start == parent.start);
	CHILD_REQUIRE(!process_is_gone(&parent));
	CHILD_REQUIRE(process_self(&self, &why) == ERR_OK);
	CHILD_REQUIRE(self.pid == (uint64_t)getpid());
	CHILD_REQUIRE(self.pid != parent.pid);
	return 0;
}

static void
test_self_and_parent(void **state)
{
	struct process self;

	(void)state;
	assert_ok(process_self(&self, &why));
	assert_int_equal(self.pid, getpid());
	child_expect_success(child_start(check_parent, &self));
}

/* The same, with a name that could confuse a parser. */
static void
test_confusing_name(void **state)
{
	char name[16];

	(void)state;
	assert_int_equal(prctl(PR_GET_NAME, name), 0);
	assert_int_equal(prctl(PR_SET_NAME, ") S 1 (1) 2 3"), 0);
	test_self_and_parent(NULL);
	assert_int_equal(prctl(PR_SET_NAME, name), 0);
}

/* No descriptor is available, so /proc cannot be read. */
static int
check_no_descriptor(void *arg)
{
	static const struct rlimit NONE = {0, 0};
	struct process process = {(uint64_t)getpid(), 1};

	(void)arg;
	CHILD_REQUIRE(setrlimit(RLIMIT_NOFILE, &NONE) == 0);
	CHILD_REQUIRE(process_self(&process, &why) == ERR_SYSTEM);
	CHILD_REQUIRE(strstr(why.text, "/proc/self/stat") != NULL);
	CHILD_REQUIRE(process_parent(&process, &why) == ERR_SYSTEM);
	/* It cannot be seen, which proves nothing. */
	CHILD_REQUIRE(!process_is_gone(&process));
	return 0;
}

static void
test_no_descriptor(void **state)
{
	(void)state;
	child_expect_success(child_start(check_no_descriptor, NULL));
}

static int
wait_for_signal(void *arg)
{
	(void)arg;
	(void)pause();
	return 0;
}

static int
become_another(void *arg)
{
	(void)arg;
	(void)execl("/bin/sleep", "sleep", "60", (char *)NULL);
	return 1;
}

static void
test_gone(void **state)
{
	pid_t pid = child_start(wait_for_signal, NULL);
	struct process process = {(uint64_t)pid, 0}, other;
	char path[64], text[1024];
	uint64_t parent;
	ssize_t len;
	int fd;

	(void)state;
	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY);
	assert_true(fd >= 0);
	len = read(fd, text, sizeof(text));
	assert_int_equal(close(fd), 0);
	assert_true(len > 0);
	assert_true(process_parse_stat(text, (size_t)len, &process, &parent));
	assert_int_equal(parent, getpid());
	assert_false(process_is_gone(&process));
	other = process;
	other.start++; /* its pid was reused */
	assert_true(process_is_gone(&other));
	child_kill(pid);
	assert_true(process_is_gone(&process));
}

/* For example a server that reaps its children now and then. */
static void
test_zombie(void **state)
{
	pid_t pid = child_start(wait_for_signal, NULL);
	struct process process;
	uint64_t parent;
	siginfo_t info;

	(void)state;
	assert_int_equal(
	    process_read((uint64_t)pid, &process, &parent, NULL), ERR_OK);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	assert_true(process_is_gone(&process));
	child_kill(pid);
}

static void *
wait_until_alone(void *arg)
{
	struct process process;
	char text[1024], *end = NULL;
	uint64_t parent;
	ssize_t len;
	int fd;

	(void)arg;
	/* The first thread has ended when the process is a zombie. */
	while (end == NULL || strncmp(end, ") Z", 3) != 0) {
		fd = open("/proc/self/stat", O_RDONLY);
		len = read(fd, text, sizeof(text) - 1);
		(void)close(fd);
		text[len > 0 ? len : 0] = '\0';
		end = strrchr(text, ')');
	}
	if (!process_parse_stat(text, strlen(text), &process, &parent))
		_exit(2);
	_exit(process_is_gone(&process) ? 1 : 0);
}

static int
leave_a_thread(void *arg)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, wait_until_alone, arg) != 0)
		return 3;
	pthread_exit(NULL);
}

static void
test_first_thread_gone(void **state)
{
	(void)state;
	child_expect_success(child_start(leave_a_thread, NULL));
}

/* What a process says of its parent, which is another program: 0 or 1. */
static char
judge_parent(int gone)
{
	struct process parent;
	char byte;

	/* The parent's end is closed when it becomes another program. */
	return read(gone, &byte, 1) == 0 &&
		process_parent_alike(&parent, &why) == ERR_NOT_FOUND &&
		process_parent(&parent, &why) == ERR_OK
	    ? 0
	    : 1;
}

static int
leave_to_another(void *arg)
{
	const int *result = arg;
	int fds[2];
	char byte;

	CHILD_REQUIRE(pipe2(fds, O_CLOEXEC) == 0);
	if (fork() != 0)
		return become_another(NULL);
	(void)close(fds[1]);
	byte = judge_parent(fds[0]);
	CHILD_REQUIRE(write(result[1], &byte, 1) == 1);
	return 0;
}

static void
test_another_program(void **state)
{
	int result[2];
	pid_t pid;
	char byte = 1;

	(void)state;
	assert_int_equal(pipe2(result, O_CLOEXEC), 0);
	pid = child_start(leave_to_another, result);
	assert_int_equal(close(result[1]), 0);
	assert_int_equal(read(result[0], &byte, 1), 1);
	assert_int_equal(byte, 0);
	assert_int_equal(close(result[0]), 0);
	child_kill(pid);
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
	    cmocka_unit_test(test_stat),
	    cmocka_unit_test(test_bad_stat),
	    cmocka_unit_test(test_cut_stat),
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_self_and_parent),
	    cmocka_unit_test(test_confusing_name),
	    cmocka_unit_test(test_no_descriptor),
	    cmocka_unit_test(test_gone),
	    cmocka_unit_test(test_zombie),
	    cmocka_unit_test(test_first_thread_gone),
	    cmocka_unit_test(test_another_program),
	};

	return unit_run(TESTS);
}
