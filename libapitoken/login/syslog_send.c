#include "login/syslog_send.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <syslog.h>
#include <time.h>

#include "login/syslog_wait.h"

#define FORK_WAIT 1000 /* ms that a fork of the host waits for a thread */

/* A plain one: a child could not unlock one that knows its owner's tid. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static _Thread_local bool fork_holds; /* this forking thread has the mutex */
static atomic_bool stuck;    /* a fork has waited in vain for who has it */
static atomic_bool unusable; /* forked while another thread was in there */

static bool
take(int patience)
{
	struct timespec until = {0};
	int64_t nanoseconds;

	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	nanoseconds = until.tv_nsec + patience % 1000 * INT64_C(1000000);
	until.tv_sec += patience / 1000 + nanoseconds / 1000000000;
	until.tv_nsec = (long)(nanoseconds % 1000000000);
	return pthread_mutex_clocklock(&mutex, CLOCK_MONOTONIC, &until) == 0;
}

static void
give_back(void)
{
	stuck = false;
	(void)pthread_mutex_unlock(&mutex);
}

static void
before_fork(void)
{
	if (fork_holds || unusable)
		return;
	/* Each fork of a host whose log is stuck would be late. */
	fork_holds = take(stuck ? 0 : FORK_WAIT);
	stuck = !fork_holds;
}

static void
after_fork_in_parent(void)
{
	if (fork_holds)
		give_back();
	fork_holds = false;
}

static void
after_fork_in_child(void)
{
	if (!fork_holds)
		unusable = true;
	after_fork_in_parent();
}

/* Without memory, a fork does not wait. */
static void
prepare(void)
{
	(void)pthread_atfork(
	    before_fork, after_fork_in_parent, after_fork_in_child);
}

bool
syslog_send(int level, const char *text, int patience)
{
	bool is_sent;
	int cancel;

	(void)pthread_once(&once, prepare);
	if (unusable || !syslog_wait(SYSLOG_SOCKET, patience))
		return false;
	/* A thread that is cancelled in here would keep the mutex. */
	(void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
	is_sent = take(patience);
	if (is_sent) {
		syslog(LOG_AUTHPRIV | level, "%s", text);
		give_back();
	}
	(void)pthread_setcancelstate(cancel, NULL);
	return is_sent;
}
