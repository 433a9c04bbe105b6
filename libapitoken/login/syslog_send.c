#include "login/syslog_send.h"

#include <pthread.h>
#include <syslog.h>

#include "base/deadline.h"
#include "base/fork_mutex.h"
#include "login/syslog_wait.h"

static struct fork_mutex mutex = FORK_MUTEX_NEW;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void
before_fork(void)
{
	fork_mutex_before(&mutex);
}

static void
after_fork_in_parent(void)
{
	fork_mutex_in_parent(&mutex);
}

static void
after_fork_in_child(void)
{
	(void)fork_mutex_in_child(&mutex);
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
	if (fork_mutex_is_lost(&mutex) || !syslog_wait(SYSLOG_SOCKET, patience))
		return false;
	/* A thread that is cancelled in here would keep the mutex. */
	(void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
	is_sent = fork_mutex_take(&mutex, deadline_in(patience));
	if (is_sent) {
		syslog(LOG_AUTHPRIV | level, "%s", text);
		fork_mutex_give_back(&mutex);
	}
	(void)pthread_setcancelstate(cancel, NULL);
	return is_sent;
}
