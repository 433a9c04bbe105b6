/*
 * What a hook decides about a token: the attempt, and what it writes. With a
 * text a token for one login is used up, and the use is noted.
 */
#ifndef PAM_APITOKEN_DECIDE_H
#define PAM_APITOKEN_DECIDE_H

#include "base/error.h"
#include "login/attempt_run.h"
#include "login/module_setup.h"

/*
 * Reads the config and sets *outcome. Without a text, need and ticket have been
 * set by the caller; what else is asked of the token is set here. Errors as
 * setup_read_config, attempt_run, single_use_spend.
 */
enum err decide(struct attempt_outcome *outcome, struct attempt *attempt,
    struct setup *setup, struct error *why);

#endif
