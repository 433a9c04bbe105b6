/*
 * What a decided attempt leaves behind in the store. None of it may fail a
 * login, or make it wait: what cannot be written now is left to the next one.
 */
#ifndef APITOKEN_WRITE_BACK_H
#define APITOKEN_WRITE_BACK_H

#include <stdbool.h>

#include "config/config.h"
#include "login/attempt.h"
#include "login/attempt_run.h"
#include "token/record.h"

/* Whether our writes cannot raise SIGXFSZ, which would end the host. */
bool write_back_is_possible(void);

/*
 * For an accepted token whose secret was seen: notes its last use. One of a
 * fleet becomes bound to the account's uid.
 */
void write_back_accepted(const struct config *config,
    const struct attempt *attempt, const struct verdict *verdict,
    const struct record *record);

/*
 * For a refused one: if it is the right token of a disabled account,
 * deactivates all tokens of that account, and says so in the outcome; of a
 * fleet's tokens this one, on this machine.
 */
void write_back_refused(const struct config *config,
    const struct attempt *attempt, struct attempt_outcome *outcome);

#endif
