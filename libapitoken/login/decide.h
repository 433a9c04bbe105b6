/*
 * Decides about a token where the store is: runs the attempt, and writes what
 * comes of it. With a text, a token for one login is used up, and the use is
 * noted.
 */
#ifndef APITOKEN_DECIDE_H
#define APITOKEN_DECIDE_H

#include "base/error.h"
#include "config/config.h"
#include "login/attempt.h"
#include "login/attempt_run.h"

/*
 * Sets *outcome; the caller has set what the attempt demands, and when it is.
 * host is as for attempt_run. Errors as attempt_run, single_use_spend.
 */
enum err decide_attempt(struct attempt_outcome *outcome,
    const struct attempt *attempt, const struct config *config,
    const struct attempt_host *host, struct error *why);

#endif
