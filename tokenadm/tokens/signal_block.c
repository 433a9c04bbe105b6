#include "tokens/signal_block.h"

void
signal_block_begin(struct signal_block *hold)
{
	sigset_t all;

	(void)sigfillset(&all);
	(void)sigprocmask(SIG_BLOCK, &all, &hold->before);
}

bool
signal_block_interrupted(void)
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
signal_block_end(struct signal_block *hold)
{
	(void)sigprocmask(SIG_SETMASK, &hold->before, NULL);
}
