#include "cli/daemon_signals.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>

static void
get_signals(sigset_t *set)
{
	(void)sigemptyset(set);
	(void)sigaddset(set, SIGTERM);
	(void)sigaddset(set, SIGINT);
	(void)sigaddset(set, SIGHUP);
	(void)sigaddset(set, SIGCHLD);
}

enum err
daemon_signals_open(int *fd, struct error *why)
{
	sigset_t set;

	get_signals(&set);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	*fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return *fd >= 0
	    ? ERR_OK
	    : error_set(why, ERR_SYSTEM, "signalfd: %s", strerror(errno));
}

void
daemon_signals_give_back(void)
{
	sigset_t set;

	get_signals(&set);
	(void)sigprocmask(SIG_UNBLOCK, &set, NULL);
}
