/* Signal dispositions. */
#ifndef TOKENADM_SIGNALS_H
#define TOKENADM_SIGNALS_H

/*
 * Call this first. Ignores signals that would kill or stop us while we hold the
 * lock. If the database is truncated under us, we exit with the code
 * `unreadable` and an error that says what to do.
 */
void signals_prepare(int unreadable);

/* Call in a child before exec: restores what we ignore. */
void signals_give_back(void);

#endif
