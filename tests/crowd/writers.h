/* Those in a crowd who run tokenadm. */
#ifndef APITOKEN_WRITERS_H
#define APITOKEN_WRITERS_H

#include "ledger.h"

/*
 * Issues tokens of a user, edits, rotates and revokes them until the time is
 * up; in the end none of them is left in between.
 */
void writers_run(struct ledger *ledger, uint64_t seed, const char *user);

/* Writes backups into a file until the time is up. */
void writers_back_up(struct ledger *ledger, const char *file);

#endif
