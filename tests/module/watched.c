#include "watched.h"

#include <fenv.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "hoststate.h"
#include "lib/unit.h"

/* For all processes of a test: shared with forked ones. */
struct seen {
	unsigned hooks, changes;
};

static struct seen *seen;

static bool watches;
static const char *heading;
static const char *const *may_differ;
static char *before;

#pragma GCC visibility push(default)

void host_before_hook(const char *name);
void host_after_hook(const char *name);

void
host_before_hook(const char *name)
{
	(void)name;
	before = watches ? hoststate_take() : NULL;
}

void
host_after_hook(const char *name)
{
	char where[200], *after = watches ? hoststate_take() : NULL;

	(void)snprintf(where, sizeof(where), "%s: %s", heading, name);
	if (watches) {
		seen->hooks++;
		seen->changes += before == NULL || after == NULL
		    ? 1
		    : hoststate_compare(where, before, after, may_differ);
	}
	free(before);
	free(after);
}

#pragma GCC visibility pop

static void
handle(int number)
{
	(void)number;
}

static int
await_end(void *arg)
{
	(void)arg;
	for (;;)
		(void)pause();
	return 0;
}

pid_t
watched_make(void)
{
	static const int HANDLED[] = {
	    SIGPIPE, SIGCHLD, SIGUSR1, SIGXFSZ, SIGHUP, SIGTERM};
	static char stack[65536];
	const stack_t alternate = {.ss_sp = stack, .ss_size = sizeof(stack)};
	struct sigaction action = {
	    .sa_handler = handle, .sa_flags = SA_RESTART | SA_ONSTACK};
	struct itimerval slowly = {{3600, 0}, {3600, 0}};
	struct rlimit files = {200, 200};
	sigset_t blocked;
	timer_t timer;

	seen = mmap(NULL, sizeof(*seen), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(seen != MAP_FAILED);
	for (size_t i = 0; i < COUNT_OF(HANDLED); i++) {
		(void)sigemptyset(&action.sa_mask);
		(void)sigaddset(&action.sa_mask, SIGUSR2);
		assert_int_equal(sigaction(HANDLED[i], &action, NULL), 0);
	}
	(void)sigemptyset(&blocked);
	(void)sigaddset(&blocked, SIGUSR1);
	(void)sigaddset(&blocked, SIGWINCH);
	assert_int_equal(sigprocmask(SIG_BLOCK, &blocked, NULL), 0);
	assert_int_equal(raise(SIGUSR1), 0); /* which is pending now */
	assert_int_equal(sigaltstack(&alternate, NULL), 0);
	assert_int_equal(setitimer(ITIMER_VIRTUAL, &slowly, NULL), 0);
	assert_int_equal(timer_create(CLOCK_MONOTONIC, NULL, &timer), 0);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &files), 0);
	assert_int_equal(setpriority(PRIO_PROCESS, 0, 1), 0);
	assert_int_equal(setenv("TZ", "<+0545>-5:45", 1), 0);
	(void)setlocale(LC_ALL, "C.UTF-8");
	(void)umask(S_IWGRP | S_IROTH | S_IXOTH);
	(void)fesetround(FE_UPWARD);
	openlog("peculiar", LOG_PID | LOG_NDELAY, LOG_LOCAL3);
	(void)setlogmask(LOG_UPTO(LOG_ERR));
	syslog(LOG_LOCAL3 | LOG_DEBUG, "not to be logged");
	tzset();
	return child_start(await_end, NULL);
}

void
watched_begin(const char *what, bool is_watched)
{
	heading = what;
	watches = is_watched;
	may_differ = NULL;
	seen->hooks = 0;
	seen->changes = 0;
}

void
watched_allow(const char *const *words)
{
	may_differ = words;
}

void
watched_expect(unsigned hooks)
{
	assert_row(heading, seen->hooks == hooks);
	assert_row(heading, seen->changes == 0);
}
