/* max_sessions.h: as many sessions as a token may have, and never fewer. */
#include "lifecycle/max_sessions.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/deadline.h"
#include "lib/scratch.h"
#include "lib/unit.h"
#include "store/lock.h"

#define ID "0123456789"
#define OTHER_ID "abcdefghjk"
#define HOSTS 8
#define ROUNDS 40
#define PATIENCE 20000 /* ms */

static const char *run;

/* After so many entries reading a directory fails; -1: it does not. */
static int entries_left = -1;

struct dirent *__real_readdir(DIR *dir);
struct dirent *__wrap_readdir(DIR *dir);

struct dirent *
__wrap_readdir(DIR *dir)
{
	if (entries_left == 0) {
		errno = EIO;
		return NULL;
	}
	if (entries_left > 0)
		entries_left--;
	return __real_readdir(dir);
}

static int
setup(void **state)
{
	if (scratch_setup(state) != 0)
		return -1;
	run = scratch_path(*state, "run");
	return 0;
}

static enum err
enter(struct session *session, const char *id, uint32_t max, int64_t patience)
{
	*session = (struct session){.user = "alice", .since = NOW};
	strcpy(session->id, id);
	return max_sessions_enter(
	    run, session, max, deadline_in(patience), &why);
}

/* A process that opens a session when all do, and keeps it till it is told. */
struct host {
	pid_t pid;
	int answer; /* from it: whether it got in */
	int line;   /* closed: it may leave */
};

static _Noreturn void
be_host(int start, int answer, int line, uint32_t max)
{
	struct session session;
	uint8_t rc;
	char byte;

	/* The end of the file is the signal. */
	if (read(start, &byte, 1) != 0)
		_exit(1);
	rc = (uint8_t)enter(&session, ID, max, PATIENCE);
	if (write(answer, &rc, 1) != 1 || read(line, &byte, 1) != 0)
		_exit(1);
	_exit(rc != ERR_OK || session_leave(run, &session, NULL) == ERR_OK ? 0
									   : 1);
}

static void
start_host(struct host *host, const int start[2], uint32_t max)
{
	int answer[2], line[2];

	assert_int_equal(pipe2(answer, O_CLOEXEC), 0);
	assert_int_equal(pipe2(line, O_CLOEXEC), 0);
	host->pid = fork();
	assert_true(host->pid >= 0);
	if (host->pid == 0) {
		(void)close(start[1]);
		(void)close(line[1]);
		be_host(start[0], answer[1], line[0], max);
	}
	(void)close(answer[1]);
	(void)close(line[0]);
	host->answer = answer[0];
	host->line = line[1];
}

static enum err
answer_of(const struct host *host)
{
	uint8_t rc = 0xff;

	assert_int_equal(read(host->answer, &rc, 1), 1);
	return (enum err)rc;
}

/* It ends by itself, or by the signal. */
static void
end_host(const struct host *host, int signal)
{
	int status = 0;

	if (signal != 0)
		assert_int_equal(kill(host->pid, signal), 0);
	(void)close(host->line);
	assert_int_equal(waitpid(host->pid, &status, 0), host->pid);
	assert_int_equal(status, signal);
	(void)close(host->answer);
}

/* Hosts that log in at the same instant; each is in or refused. */
static void
log_in_at_once(struct host *hosts, bool *in, uint32_t max)
{
	int start[2];

	assert_int_equal(pipe2(start, O_CLOEXEC), 0);
	for (unsigned i = 0; i < HOSTS; i++)
		start_host(&hosts[i], start, max);
	(void)close(start[0]);
	(void)close(start[1]);
	for (unsigned i = 0; i < HOSTS; i++) {
		enum err rc = answer_of(&hosts[i]);

		in[i] = rc == ERR_OK;
		assert_true(in[i] || rc == ERR_POLICY);
	}
}

static unsigned
count(const bool *in)
{
	unsigned sum = 0;

	for (unsigned i = 0; i < HOSTS; i++)
		sum += in[i];
	return sum;
}

/* Backwards: each has copies of the lines of those before it. */
static void
end_all(const struct host *hosts, int signal)
{
	for (unsigned i = HOSTS; i-- > 0;)
		end_host(&hosts[i], signal);
}

static uint32_t
live(void)
{
	uint32_t number = 4242;

	assert_ok(session_count(run, ID, &number, &why));
	return number;
}

/* Half of the rounds end by a kill, which leaves the list as it is. */
static void
test_of_many_at_once_so_many_get_in(void **state)
{
	struct host hosts[HOSTS];
	bool in[HOSTS];

	(void)state;
	for (uint32_t round = 0; round < ROUNDS; round++) {
		uint32_t max = 1 + round % 4;

		log_in_at_once(hosts, in, max);
		assert_int_equal(count(in), max);
		assert_int_equal(live(), max);
		end_all(hosts, round % 2 == 0 ? 0 : SIGKILL);
		assert_int_equal(live(), 0);
	}
}

static void
test_one_ends_and_one_gets_in(void **state)
{
	struct session first, second, third;

	(void)state;
	assert_ok(enter(&first, ID, 2, 0));
	assert_ok(enter(&second, ID, 2, 0));
	assert_err(ERR_POLICY, enter(&third, ID, 2, 0));
	assert_says("2 sessions of 0123456789 are open, and it may have 2");
	assert_int_equal(live(), 2);
	assert_ok(session_leave(run, &first, &why));
	assert_ok(enter(&third, ID, 2, 0));
	assert_err(ERR_POLICY, enter(&first, ID, 2, 0));
	/* The limit is what it is now, whoever is in already. */
	assert_err(ERR_POLICY, enter(&first, ID, 1, 0));
	assert_ok(enter(&first, ID, 3, 0));
	assert_ok(enter(&first, ID, 0, 0));
	assert_int_equal(live(), 4);
}

static void
test_other_tokens_do_not_count(void **state)
{
	struct session session;

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		assert_ok(enter(&session, OTHER_ID, 0, 0));
	assert_ok(enter(&session, ID, 1, 0));
	assert_err(ERR_POLICY, enter(&session, ID, 1, 0));
	assert_err(ERR_POLICY, enter(&session, OTHER_ID, 3, 0));
	assert_ok(enter(&session, OTHER_ID, 4, 0));
}

/* A file that nobody can read is a session all the same. */
static void
test_damage_frees_no_place(void **state)
{
	struct session session;
	char name[512];
	int fd;

	(void)state;
	assert_ok(enter(&session, ID, 1, 0));
	(void)snprintf(name, sizeof(name), "%s/sessions/%s.%llu-%llu.0", run,
	    ID, (unsigned long long)session.process.pid,
	    (unsigned long long)session.process.start);
	fd = open(name, O_WRONLY | O_TRUNC | O_CLOEXEC);
	assert_true(fd >= 0);
	(void)close(fd);
	assert_int_equal(live(), 1);
	assert_err(ERR_POLICY, enter(&session, ID, 1, 0));
}

static void
test_trouble_refuses(void **state)
{
	struct session session;
	struct lock lock;
	const char *list = scratch_path(*state, "run/sessions"),
		   *path = scratch_path(*state, "run/sessions.lock");

	assert_ok(enter(&session, ID, 3, 0));
	assert_ok(
	    lock_acquire(&lock, path, LOCK_EXCLUSIVE, deadline_in(0), &why));
	/* A process holds the mutex itself, so it is its own other here. */
	assert_err(ERR_BUSY, enter(&session, ID, 3, 10));
	assert_says("sessions.lock: held by another process for too long");
	/* Those without a limit need no lock. */
	assert_ok(enter(&session, ID, 0, 0));
	lock_release(&lock);
	assert_ok(enter(&session, ID, 3, 0));
	assert_int_equal(chmod(list, 0755), 0);
	assert_err(ERR_UNSAFE, enter(&session, ID, 9, 0));
	assert_int_equal(chmod(list, 0700), 0);
	assert_int_equal(chmod(path, 0644), 0);
	assert_err(ERR_UNSAFE, enter(&session, ID, 9, 0));
	assert_int_equal(live(), 3);
}

/* A list that ends too soon is not taken for a shorter one. */
static void
test_a_list_that_cannot_be_read(void **state)
{
	struct session session;
	uint32_t number;

	(void)state;
	assert_ok(enter(&session, ID, 2, 0));
	assert_ok(enter(&session, ID, 2, 0));
	/* Two sessions, `.` and `..`. */
	for (int i = 0; i <= 4; i++) {
		entries_left = i;
		assert_err(ERR_SYSTEM, session_count(run, ID, &number, &why));
		entries_left = i;
		assert_err(ERR_SYSTEM, enter(&session, ID, 2, 0));
	}
	entries_left = -1;
	assert_int_equal(live(), 2);
}

#define RUN_TEST(test)                                                         \
	cmocka_unit_test_setup_teardown(test, setup, scratch_teardown)

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
	    RUN_TEST(test_of_many_at_once_so_many_get_in),
	    RUN_TEST(test_one_ends_and_one_gets_in),
	    RUN_TEST(test_other_tokens_do_not_count),
	    RUN_TEST(test_damage_frees_no_place),
	    RUN_TEST(test_trouble_refuses),
	    RUN_TEST(test_a_list_that_cannot_be_read),
	};

	return unit_run(TESTS);
}
