/* Logging with room, without room, and without a reader. */
#include "login/syslog_wait.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "lib/scratch.h"
#include "lib/unit.h"

#define SHORT 20    /* milliseconds that a test waits in vain */
#define LONG 600000 /* and that no test has time to wait */

struct log {
	struct scratch *scratch;
	const char *path;
	int reader, writer;
};

static struct log log_socket;

static struct sockaddr_un
address_of(const struct log *log)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	assert_true(strlen(log->path) < sizeof(address.sun_path));
	strcpy(address.sun_path, log->path);
	return address;
}

static int
setup(void **state)
{
	void *scratch;

	if (scratch_setup(&scratch) != 0)
		return -1;
	log_socket = (struct log){scratch, NULL, -1, -1};
	log_socket.path = scratch_path(scratch, "log");
	*state = &log_socket;
	/* The state left by the previous test: a working log ends the jam. */
	return syslog_wait("/nonexistent", 0) ? 0 : -1;
}

static int
teardown(void **state)
{
	struct log *log = *state;
	void *scratch = log->scratch;

	if (log->reader >= 0)
		(void)close(log->reader);
	if (log->writer >= 0)
		(void)close(log->writer);
	return scratch_teardown(&scratch);
}

/* A listener that does not read. */
static void
listen_as(struct log *log, int type)
{
	struct sockaddr_un address = address_of(log);

	log->reader = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
	assert_true(log->reader >= 0);
	assert_int_equal(
	    bind(log->reader, (struct sockaddr *)&address, sizeof(address)), 0);
	if (type == SOCK_STREAM)
		assert_int_equal(listen(log->reader, 0), 0);
}

/* Whether at least one more message fits. */
static bool
send_some(const struct log *log)
{
	struct sockaddr_un address = address_of(log);
	int writer = socket(
	    AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	bool any = false;

	assert_int_equal(
	    connect(writer, (struct sockaddr *)&address, sizeof(address)), 0);
	while (send(writer, "x", 1, 0) == 1)
		any = true;
	assert_int_equal(errno, EAGAIN);
	assert_int_equal(close(writer), 0);
	return any;
}

/*
 * Sends until there is no room, whatever net.unix.max_dgram_qlen is: the limit
 * of one socket may be reached before that of the queue.
 */
static void
fill(struct log *log)
{
	while (send_some(log))
		continue;
}

static void
read_one(const struct log *log)
{
	char byte;

	assert_int_equal(recv(log->reader, &byte, 1, 0), 1);
}

static int64_t
milliseconds(void)
{
	struct timespec now;

	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

static unsigned
count_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned count = 0;

	assert_non_null(dir);
	while (readdir(dir) != NULL)
		count++;
	(void)closedir(dir);
	return count;
}

static void
test_nobody_listens(void **state)
{
	struct log *log = *state;

	assert_true(syslog_wait(log->path, LONG));
	listen_as(log, SOCK_DGRAM);
	assert_int_equal(close(log->reader), 0);
	log->reader = -1;
	assert_true(syslog_wait(log->path, LONG));
}

static void
test_room(void **state)
{
	struct log *log = *state;
	unsigned before = count_descriptors();

	listen_as(log, SOCK_DGRAM);
	assert_true(syslog_wait(log->path, LONG));
	assert_true(syslog_wait(log->path, 0));
	assert_int_equal(count_descriptors(), before + 1);
}

/* It waits as long as it was told; then not again until there is room. */
static void
test_full(void **state)
{
	struct log *log = *state;
	int64_t start = milliseconds();
	unsigned before;

	listen_as(log, SOCK_DGRAM);
	fill(log);
	before = count_descriptors();
	assert_false(syslog_wait(log->path, SHORT));
	assert_true(milliseconds() - start >= SHORT);
	assert_false(syslog_wait(log->path, LONG));
	assert_true(milliseconds() - start < LONG / 2);
	read_one(log);
	assert_true(syslog_wait(log->path, LONG));
	fill(log);
	start = milliseconds();
	assert_false(syslog_wait(log->path, SHORT));
	assert_true(milliseconds() - start >= SHORT);
	assert_int_equal(count_descriptors(), before);
}

/* Reads once its parent sleeps. */
static int
read_late(void *arg)
{
	const struct log *log = arg;
	char path[64], state = '?';
	FILE *stat;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)getppid());
	while (state != 'S') {
		stat = fopen(path, "re");
		CHILD_REQUIRE(stat != NULL);
		CHILD_REQUIRE(fscanf(stat, "%*d (%*[^)]) %c", &state) == 1);
		CHILD_REQUIRE(fclose(stat) == 0);
	}
	CHILD_REQUIRE(recv(log->reader, &state, 1, 0) == 1);
	return 0;
}

static void
test_room_comes(void **state)
{
	struct log *log = *state;
	pid_t child;

	listen_as(log, SOCK_DGRAM);
	fill(log);
	child = child_start(read_late, log);
	assert_true(syslog_wait(log->path, LONG));
	child_expect_success(child);
}

/* What an old syslogd listens on. */
static void
test_stream(void **state)
{
	struct log *log = *state;
	struct sockaddr_un address;

	listen_as(log, SOCK_STREAM);
	address = address_of(log);
	assert_true(syslog_wait(log->path, LONG));
	log->writer = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	/*
	 * The previous one has gone, and its connection still waits to be
	 * accepted.
	 */
	assert_int_not_equal(
	    connect(log->writer, (struct sockaddr *)&address, sizeof(address)),
	    0);
	assert_int_equal(errno, EAGAIN);
	assert_false(syslog_wait(log->path, SHORT));
	assert_false(syslog_wait(log->path, LONG));
}

static void
interrupt(int number)
{
	(void)number;
}

static void
test_interrupted(void **state)
{
	struct sigaction action = {.sa_handler = interrupt}, before;
	struct itimerval often = {{0, 1000}, {0, 1000}}, alarm_clock;
	struct log *log = *state;
	int64_t start;

	listen_as(log, SOCK_DGRAM);
	fill(log);
	assert_int_equal(sigaction(SIGALRM, &action, &before), 0);
	start = milliseconds();
	assert_int_equal(setitimer(ITIMER_REAL, &often, &alarm_clock), 0);
	assert_false(syslog_wait(log->path, SHORT));
	assert_int_equal(setitimer(ITIMER_REAL, &alarm_clock, NULL), 0);
	assert_true(milliseconds() - start >= SHORT);
	assert_int_equal(sigaction(SIGALRM, &before, NULL), 0);
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
	    cmocka_unit_test_setup_teardown(
		test_nobody_listens, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_room, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_full, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_room_comes, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_stream, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_interrupted, setup, teardown),
	};

	return unit_run(TESTS);
}
