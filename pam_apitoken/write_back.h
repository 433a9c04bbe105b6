/*
 * What a decided attempt leaves behind in the store. None of it may fail a
 * login, or make it wait: what cannot be written now is left to the next one.
 */
#ifndef PAM_APITOKEN_WRITE_BACK_H
#define PAM_APITOKEN_WRITE_BACK_H

#include <stdbool.h>

#include "config/config.h"
#include "login/attempt.h"
#include "login/verdict.h"
#include "token/record.h"

/* Whether a write of ours cannot raise SIGXFSZ, and so end the host. */
bool write_back_is_possible(void);

/* Of an accepted token whose secret was seen: its last use. */
void write_back_accepted(const struct config *config,
    const struct attempt *attempt, const struct record *record);

/*
 * Of a refused one: if it is the right token of an account that is disabled,
 * all tokens of that account are deactivated, and the log says so.
 */
void write_back_refused(const struct config *config,
    const struct attempt *attempt, const struct record *record,
    const struct verdict *verdict);

#endif
