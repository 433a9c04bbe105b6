#include "cli/signal_block.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

/* What ends a command, unless it is ignored, as nohup(1) does. */
static const int ENDING[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGALRM};

#define COUNT (sizeof(ENDING) / sizeof(ENDING[0]))

static bool is_held;
static sigset_t outside; /* the mask before the block */

static unsigned windows; /* open ones, one in another */
static struct sigaction before[COUNT];
static volatile sig_atomic_t has_come; /* which one, first; or 0 */
static void (*volatile heed_signal)(void);

/* All but faults: who sends one of these wants no more of this process. */
static void
block_all(sigset_t *old)
{
	static const int FAULTS[] = {
	    SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP};
	sigset_t all;

	(void)sigfillset(&all);
	for (size_t i = 0; i < sizeof(FAULTS) / sizeof(FAULTS[0]); i++)
		(void)sigdelset(&all, FAULTS[i]);
	(void)sigprocmask(SIG_BLOCK, &all, old);
}

void
signal_block_begin(struct signal_block *hold)
{
	hold->is_inner = is_held;
	if (is_held)
		return;
	block_all(&outside);
	is_held = true;
}

/* Linux keeps one that is ignored pending while it is blocked. */
static bool
is_heeded(int number)
{
	struct sigaction now;

	return sigismember(&outside, number) == 0 &&
	    sigaction(number, NULL, &now) == 0 && now.sa_handler != SIG_IGN;
}

bool
signal_block_interrupted(const struct signal_block *hold)
{
	sigset_t pending;

	if (hold->is_inner || sigpending(&pending) != 0)
		return false;
	for (size_t i = 0; i < COUNT; i++)
		if (sigismember(&pending, ENDING[i]) == 1 &&
		    is_heeded(ENDING[i]))
			return true;
	return false;
}

void
signal_block_end(struct signal_block *hold)
{
	if (!hold->is_inner)
		signal_block_release();
}

void
signal_block_release(void)
{
	if (!is_held)
		return;
	is_held = false;
	(void)sigprocmask(SIG_SETMASK, &outside, NULL);
}

/* It may come just before the call that then waits: so once more, later. */
static void
note_signal(int number)
{
	if (has_come == 0)
		has_come = number;
	if (heed_signal != NULL)
		heed_signal();
	(void)alarm(1);
}

void
signal_window_open(void (*heed)(void))
{
	struct sigaction action = {.sa_handler = note_signal};
	sigset_t let_in;

	if (!is_held || windows++ > 0)
		return;
	has_come = 0;
	heed_signal = heed;
	(void)sigfillset(&action.sa_mask);
	(void)sigemptyset(&let_in);
	for (size_t i = 0; i < COUNT; i++) {
		(void)sigaction(ENDING[i], NULL, &before[i]);
		if (!is_heeded(ENDING[i]))
			continue;
		(void)sigaction(ENDING[i], &action, NULL);
		(void)sigaddset(&let_in, ENDING[i]);
	}
	(void)sigprocmask(SIG_UNBLOCK, &let_in, NULL);
}

bool
signal_window_close(void)
{
	int number;

	if (!is_held || windows == 0)
		return false;
	number = has_come;
	if (--windows > 0)
		return number != 0;
	block_all(NULL);
	number = has_come;
	if (number != 0)
		(void)alarm(0);
	for (size_t i = 0; i < COUNT; i++)
		(void)sigaction(ENDING[i], &before[i], NULL);
	if (number != 0)
		(void)raise(number);
	return number != 0;
}
