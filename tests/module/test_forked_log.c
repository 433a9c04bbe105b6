/*
 * A host with threads forks while one of them writes a line to the log: the
 * child logs in, though syslog(3) has a lock that was copied as it was.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "host.h"

static struct {
	struct host host, other;   /* of the main thread, and of another */
	pthread_mutex_t in_syslog; /* stands for the lock of glibc */
	struct signal_pipe is_inside, may_go;
	pid_t slow;             /* the thread that stays inside, or 0 */
	pid_t forking;          /* the one that forks */
	atomic_bool waits_fork; /* it leaves once the fork waits for it */
	atomic_bool forked;
	bool is_child;
	atomic_int lines; /* of this process */
} shared = {.in_syslog = PTHREAD_MUTEX_INITIALIZER};

/* The state of the thread that forks: S while it waits. */
static char
forking_state(void)
{
	char path[64], text[512] = "";
	const char *end;
	int fd;

	(void)snprintf(
	    path, sizeof(path), "/proc/self/task/%d/stat", (int)shared.forking);
	/* Without stdio, of which a fork waits for locks, too. */
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return '?';
	if (read(fd, text, sizeof(text) - 1) < 0)
		text[0] = '\0';
	(void)close(fd);
	end = strrchr(text, ')');
	if (end == NULL || end[1] == '\0')
		return '?';
	return end[2];
}

/*
 * As pthread_mutex_clocklock(3) does it, but for its clock: a fork waits until
 * the line is written, where that is meant to come, however busy the machine.
 */
static int
lock_until(pthread_mutex_t *mutex, const struct timespec *until)
{
	const struct timespec pause = {.tv_nsec = 1000000};
	struct timespec now;
	int rc;

	while ((rc = pthread_mutex_trylock(mutex)) == EBUSY) {
		(void)clock_gettime(CLOCK_MONOTONIC, &now);
		if (!shared.waits_fork &&
		    (now.tv_sec > until->tv_sec ||
			(now.tv_sec == until->tv_sec &&
			    now.tv_nsec >= until->tv_nsec)))
			return ETIMEDOUT;
		(void)nanosleep(&pause, NULL);
	}
	return rc;
}

static void
stay_inside(void)
{
	signal_send(&shared.is_inside);
	signal_await(&shared.may_go);
	while (shared.waits_fork && !shared.forked && forking_state() != 'S')
		(void)sched_yield();
}

static void
write_line(void)
{
	shared.lines++;
	if (pthread_mutex_trylock(&shared.in_syslog) != 0) {
		static const char HANGS[] = "# it would hang in syslog\n";

		(void)!write(STDERR_FILENO, HANGS, sizeof(HANGS) - 1);
		_exit(2);
	}
	if (gettid() == shared.slow)
		stay_inside();
	(void)pthread_mutex_unlock(&shared.in_syslog);
}

/* In place of glibc's two, for the module, too. */
#pragma GCC visibility push(default)
void syslog(int priority, const char *format, ...);
void __syslog_chk(int priority, int flag, const char *format, ...);
#pragma GCC visibility pop

void
syslog(int priority, const char *format, ...)
{
	(void)priority;
	(void)format;
	write_line();
}

void
__syslog_chk(int priority, int flag, const char *format, ...)
{
	(void)flag;
	syslog(priority, "%s", format);
}

/*
 * In place of glibc's: a child that has to wait for a mutex waits in vain,
 * since no thread is there to give it back.
 */
#pragma GCC visibility push(default)
int pthread_mutex_clocklock(
    pthread_mutex_t *mutex, clockid_t clock, const struct timespec *until);
#pragma GCC visibility pop

int
pthread_mutex_clocklock(
    pthread_mutex_t *mutex, clockid_t clock, const struct timespec *until)
{
	static const char WAITS[] = "# a child waits for a mutex\n";

	if (clock != CLOCK_MONOTONIC)
		return EINVAL;
	if (!shared.is_child)
		return lock_until(mutex, until);
	if (pthread_mutex_trylock(mutex) == 0)
		return 0;
	(void)!write(STDERR_FILENO, WAITS, sizeof(WAITS) - 1);
	_exit(3);
}

static void *
log_slowly(void *arg)
{
	(void)arg;
	shared.slow = gettid();
	(void)host_authenticate(&shared.other);
	return NULL;
}

static void
tell_that_fork_begins(void)
{
	if (shared.waits_fork && gettid() == shared.forking)
		signal_send(&shared.may_go);
}

static void
note_the_fork(void)
{
	shared.forked = true;
}

static int
log_in(void *arg)
{
	struct host *host = arg;

	shared.slow = 0;
	shared.is_child = true;
	shared.lines = 0;
	/* pam_shim has the module's own code. */
	CHILD_REQUIRE(pam_authenticate(host->pamh, 0) == PAM_SUCCESS);
	CHILD_REQUIRE(pam_acct_mgmt(host->pamh, 0) == PAM_SUCCESS);
	CHILD_REQUIRE((shared.lines > 0) == shared.waits_fork);
	return 0;
}

/* Its line is written by the other thread, which is in there now. */
static void
begin_slow_line(pthread_t *thread)
{
	shared.forked = false;
	shared.forking = gettid();
	assert_int_equal(pthread_create(thread, NULL, log_slowly, NULL), 0);
	signal_await(&shared.is_inside);
}

static int
setup(void **state)
{
	static char token[TOKEN_LEN + 1], wrong[TOKEN_LEN + 1];

	if (host_setup(state) != 0)
		return -1;
	signal_make(&shared.is_inside);
	signal_make(&shared.may_go);
	host_issue(*state, token, NULL);
	strcpy(wrong, token);
	wrong[TOKEN_LEN - 1] = wrong[TOKEN_LEN - 1] == 'a' ? 'b' : 'a';
	shared.host = shared.other = *(struct host *)*state;
	host_start(&shared.host, ALICE, token);
	host_start(&shared.other, ALICE, wrong);
	/* Before the handlers below: they are called after the module's. */
	(void)host_authenticate(&shared.other);
	return 0;
}

static int
teardown(void **state)
{
	(void)pam_end(shared.host.pamh, PAM_SUCCESS);
	(void)pam_end(shared.other.pamh, PAM_SUCCESS);
	signal_close(&shared.is_inside);
	signal_close(&shared.may_go);
	return host_teardown(state);
}

static void
test_a_fork_waits_for_a_line(void **state)
{
	pthread_t thread;

	(void)state;
	shared.waits_fork = true;
	/* The last that is registered is called first. */
	assert_int_equal(
	    pthread_atfork(tell_that_fork_begins, note_the_fork, NULL), 0);
	for (int i = 0; i < 10; i++) {
		pid_t child;

		begin_slow_line(&thread);
		child = child_start(log_in, &shared.host);
		assert_int_equal(pthread_join(thread, NULL), 0);
		child_expect_success(child);
	}
	shared.waits_fork = false;
}

/* The log has stopped for good. */
static void
test_a_fork_that_waits_too_long_goes_on(void **state)
{
	pthread_t thread;

	(void)state;
	begin_slow_line(&thread);
	for (int i = 0; i < 3; i++)
		child_expect_success(child_start(log_in, &shared.host));
	signal_send(&shared.may_go);
	assert_int_equal(pthread_join(thread, NULL), 0);
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
	    cmocka_unit_test_setup_teardown(
		test_a_fork_waits_for_a_line, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		test_a_fork_that_waits_too_long_goes_on, setup, teardown),
	};

	return unit_run(TESTS);
}
