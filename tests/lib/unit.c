#include "unit.h"

#include <errno.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/crypto.h"

/* A hang must not be for ever. These suffice under valgrind, too. */
#define LONGEST_RUN 900            /* s, of a test program and its children */
#define LONGEST_TORTURE (6 * 3600) /* s, of its long form */
#define LONGEST_AWAIT (60 * 1000)  /* ms, for a signal from another process */
#define NOBODY 65534

struct error why;

int
unit_start(void **state)
{
	const char *torture = getenv("APITOKEN_TORTURE");

	(void)state;
	(void)alarm(torture != NULL && strcmp(torture, "yes") == 0
		? LONGEST_TORTURE
		: LONGEST_RUN);
	return crypto_init(NULL) == ERR_OK ? 0 : -1;
}

void
unit_expect_err(enum err expected, enum err got, const char *call,
    const char *file, int line)
{
	if (got == expected)
		return;
	print_error("%s: `%s` (%s) instead of `%s`\n", call, error_name(got),
	    why.text, error_name(expected));
	_fail(file, line);
}

void
unit_expect_text(const char *part, const char *file, int line)
{
	if (strstr(why.text, part) != NULL)
		return;
	print_error("`%s` does not say `%s`\n", why.text, part);
	_fail(file, line);
}

void
unit_expect_row(const char *row, _Bool condition, const char *text,
    const char *file, int line)
{
	if (condition)
		return;
	print_error("`%s`: not so: %s\n", row, text);
	_fail(file, line);
}

void
unit_skip(const char *reason)
{
	print_message("# skip: %s\n", reason);
	skip();
}

int
unit_complain(const char *text, const char *file, int line)
{
	(void)fprintf(
	    stderr, "%s:%d: in a child: not so: %s\n", file, line, text);
	return 1;
}

static void
end_with_parent(void)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
}

/*
 * A child ends when its parent does, whatever ends that: otherwise it would
 * keep open what the parent's output goes to. A fork does not inherit the
 * limit.
 */
pid_t
child_start(child_body *body, void *arg)
{
	pid_t parent = getpid(), pid;
	struct itimerval left;

	(void)fflush(NULL);
	(void)getitimer(ITIMER_REAL, &left);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)setitimer(ITIMER_REAL, &left, NULL);
		end_with_parent();
		_exit(getppid() == parent ? body(arg) : EXIT_FAILURE);
	}
	return pid;
}

void
child_outlive_parent(void)
{
	(void)prctl(PR_SET_PDEATHSIG, 0);
}

int
child_wait(pid_t pid)
{
	int status = 0;
	pid_t ended;

	do
		ended = waitpid(pid, &status, 0);
	while (ended < 0 && errno == EINTR);
	assert_int_equal(ended, pid);
	return status;
}

void
child_expect_success(pid_t pid)
{
	int status = child_wait(pid);

	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

void
child_kill(pid_t pid)
{
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_true(WIFSIGNALED(child_wait(pid)));
}

int
child_drop_root(void)
{
	if (geteuid() != 0)
		return 0;
	if (setgroups(0, NULL) != 0 || setgid(NOBODY) != 0 ||
	    setuid(NOBODY) != 0)
		return -1;
	end_with_parent(); /* setuid has reset it */
	return 0;
}

void
signal_make(struct signal_pipe *made)
{
	assert_int_equal(pipe(made->fds), 0);
}

/* Not cmocka's assertions: these run in children as well. */
void
signal_send(struct signal_pipe *to)
{
	if (write(to->fds[1], "", 1) != 1)
		abort();
}

void
signal_await(struct signal_pipe *from)
{
	struct pollfd pollfd = {.fd = from->fds[0], .events = POLLIN};
	char byte;

	while (poll(&pollfd, 1, LONGEST_AWAIT) < 0 && errno == EINTR)
		;
	if (pollfd.revents != 0 && read(from->fds[0], &byte, 1) == 1)
		return;
	(void)fputs(
	    "a process that was to send a signal has ended or hangs\n", stderr);
	abort();
}

void
signal_keep(struct signal_pipe *made, enum signal_end end)
{
	int other = end == SIGNAL_AWAITS ? 1 : 0;

	(void)close(made->fds[other]);
	made->fds[other] = -1;
}

void
signal_close(struct signal_pipe *made)
{
	for (int i = 0; i < 2; i++)
		if (made->fds[i] >= 0)
			(void)close(made->fds[i]);
}

/* Printed at once: a test that crashes loses buffered output. */
void
unit_random_start(struct unit_random *random)
{
	const char *given = getenv("APITOKEN_SEED");

	random->state = given != NULL ? strtoull(given, NULL, 0) : 1;
	print_message("# seed %llu\n", (unsigned long long)random->state);
	(void)fflush(stdout);
}

/* splitmix64; no test minds that it is not quite uniform. */
uint32_t
unit_random_below(struct unit_random *random, uint32_t bound)
{
	uint64_t mixed = random->state += UINT64_C(0x9e3779b97f4a7c15);

	mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((mixed ^ (mixed >> 31)) % bound);
}
