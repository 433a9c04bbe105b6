/* The members of a crowd who log in, with one token after the other. */
#ifndef APITOKEN_LOGINS_H
#define APITOKEN_LOGINS_H

#include "ledger.h"

#define LOGINS_SERVICE "crowd"

/* Logs in until the time is up, with tokens chosen by seed. */
void logins_run(struct ledger *ledger, uint64_t seed);

/*
 * When everybody else has finished: tries every token again that is not used
 * up. Each must be as the ledger says.
 */
void logins_review(struct ledger *ledger);

#endif
