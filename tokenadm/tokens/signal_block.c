#include "tokens/signal_block.h"

void
hold_begin(struct hold *hold)
{
	sigset_t all;

	(void)sigfillset(&all);
	(void)sigprocmask(SIG_BLOCK, &all, &hold->before);
}

bool
hold_interrupted(void)
{
	sigset_t pending;

	if (sigpending(&pending) != 0)
		return false;
	return sigismember(&pending, SIGINT) == 1 ||
	    sigismember(&pending, SIGTERM) == 1 ||
	    sigismember(&pending, SIGHUP) == 1 ||
	    sigismember(&pending, SIGQUIT) == 1;
}

void
hold_end(struct hold *hold)
{
	(void)sigprocmask(SIG_SETMASK, &hold->before, NULL);
}
