#include "cli/signals.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static const int IGNORED[] = {
    /* Handle a closed pipe as a write error. */
    SIGPIPE,
    /* Handle a file size limit like a full disk. */
    SIGXFSZ,
    /*
     * A user who may run us by sudo must not stop us while we hold the lock: by
     * the keyboard, from the background, or by a CPU time limit.
     */
    SIGTSTP,
    SIGTTIN,
    SIGTTOU,
    SIGXCPU,
};

static int exit_unreadable;

/* A mapped file was truncated, or the disk cannot read a part of it. */
static void
end_unreadable(int number)
{
	static const char TEXT[] =
	    "tokenadm: the database was truncated while it was read, or the "
	    "disk failed; see what is wrong: tokenadm check\n";

	(void)number;
	(void)!write(STDERR_FILENO, TEXT, sizeof(TEXT) - 1);
	_exit(exit_unreadable);
}

void
signals_prepare(int unreadable)
{
	exit_unreadable = unreadable;
	(void)signal(SIGBUS, end_unreadable);
	for (size_t i = 0; i < sizeof(IGNORED) / sizeof(IGNORED[0]); i++)
		(void)signal(IGNORED[i], SIG_IGN);
}

void
signals_give_back(void)
{
	for (size_t i = 0; i < sizeof(IGNORED) / sizeof(IGNORED[0]); i++)
		(void)signal(IGNORED[i], SIG_DFL);
}
