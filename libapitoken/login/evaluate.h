/*
 * Evaluates a token, from its text or id to its verdict. Closes the store
 * before it looks up the account.
 */
#ifndef APITOKEN_EVALUATE_H
#define APITOKEN_EVALUATE_H

#include "base/error.h"
#include "config/config.h"
#include "login/attempt.h"
#include "login/verdict.h"
#include "token/record.h"

/*
 * ERR_OK: *verdict says whether the token of the attempt is accepted, and
 * *record is the token's, or empty if there is none. Anything else is trouble,
 * explained by why, and accepts nothing.
 */
enum err evaluate_attempt(struct verdict *verdict, struct record *record,
    const struct config *config, const struct attempt *attempt,
    struct error *why);

#endif
