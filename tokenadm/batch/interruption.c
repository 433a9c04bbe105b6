#include "batch/interruption.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t has_come;

static void
interrupt(int number)
{
	(void)number;
	has_come = 1;
}

void
interruption_await(void)
{
	static const int SIGNALS[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction action = {.sa_handler = interrupt};
	struct sigaction old;

	(void)sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof(SIGNALS) / sizeof(SIGNALS[0]); i++) {
		/* Keep what nohup ignores. */
		if (sigaction(SIGNALS[i], NULL, &old) == 0 &&
		    old.sa_handler != SIG_IGN)
			(void)sigaction(SIGNALS[i], &action, NULL);
	}
}

bool
interruption_has_come(void)
{
	return has_come != 0;
}
