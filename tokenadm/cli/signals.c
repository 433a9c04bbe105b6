#include "cli/signals.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static const int IGNORED[] = {
    /* A closed pipe is an error like any other. */
    SIGPIPE,
    /* A limit on the size of files is an error like a full disk. */
    SIGXFSZ,
    /*
     * Whoever may run us by sudo must not stop us while we hold the lock: by
     * the keyboard, from the background, by a limit to the time.
     */
    SIGTSTP,
    SIGTTIN,
    SIGTTOU,
    SIGXCPU,
};

static int exit_unreadable;

/* A part of a mapped file is there no more, or the disk has lost it. */
static void
end_unreadable(int number)
{
	static const char TEXT[] =
	    "tokenadm: the database was cut while it was read, or the disk "
	    "does not give all of it; see what is wrong: tokenadm check\n";

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
