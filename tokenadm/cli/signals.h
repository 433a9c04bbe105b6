/* What signals do to us. */
#ifndef TOKENADM_SIGNALS_H
#define TOKENADM_SIGNALS_H

/*
 * To be called first. Ignored is what would end or stop us while we hold the
 * lock; a database that is cut below us ends us with that exit code, and an
 * error that says what to do.
 */
void signals_prepare(int unreadable);

/* In a child, before it becomes another program: nothing is ignored. */
void signals_give_back(void);

#endif
