/* The members of a crowd who run tokenadm. */
#ifndef APITOKEN_WRITERS_H
#define APITOKEN_WRITERS_H

#include "ledger.h"

/*
 * Issues, edits, rotates and revokes tokens of a user until the time is up; at
 * the end none of them is half-way through a change.
 */
void writers_run(struct ledger *ledger, uint64_t seed, const char *user);

/* Writes backups into a file until the time is up. */
void writers_back_up(struct ledger *ledger, const char *file);

#endif
