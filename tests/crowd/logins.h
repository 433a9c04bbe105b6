/* Those in a crowd who log in, one token after the other. */
#ifndef APITOKEN_LOGINS_H
#define APITOKEN_LOGINS_H

#include "ledger.h"

#define LOGINS_SERVICE "crowd"

/* Logs in until the time is up, with tokens that seed decides on. */
void logins_run(struct ledger *ledger, uint64_t seed);

/*
 * When nobody else is there any more: tries every token again that has not been
 * used up. Each is as the ledger has it.
 */
void logins_review(struct ledger *ledger);

#endif
