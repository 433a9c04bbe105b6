#include "unit.h"

#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/crypto.h"

#define LONGEST_RUN                                                            \
	900 /* s; under valgrind too. A hang must not be for ever              \
	     */
#define NOBODY 65534

struct error why;

int
unit_start(void **state)
{
	(void)state;
	(void)alarm(LONGEST_RUN);
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

pid_t
child_start(child_body *body, void *arg)
{
	pid_t pid;

	(void)fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)alarm(LONGEST_RUN); /* fork does not inherit it */
		_exit(body(arg));
	}
	return pid;
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
	return setgroups(0, NULL) == 0 && setgid(NOBODY) == 0 &&
		setuid(NOBODY) == 0
	    ? 0
	    : -1;
}

void
signal_make(struct signal_pipe *made)
{
	assert_int_equal(pipe(made->fds), 0);
}

/* Not cmocka's assertions: these two run in children as well. */
void
signal_send(struct signal_pipe *to)
{
	if (write(to->fds[1], "", 1) != 1)
		abort();
}

void
signal_await(struct signal_pipe *from)
{
	char byte;
	ssize_t got;

	do
		got = read(from->fds[0], &byte, 1);
	while (got < 0 && errno == EINTR);
	if (got != 1)
		abort();
}

void
signal_close(struct signal_pipe *made)
{
	(void)close(made->fds[0]);
	(void)close(made->fds[1]);
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
