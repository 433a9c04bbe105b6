/*
 * Decides about a token for a hook: runs the attempt, and writes what comes of
 * it. With a text, a token for one login is used up, and the use is noted.
 */
#ifndef PAM_APITOKEN_DECIDE_H
#define PAM_APITOKEN_DECIDE_H

#include "base/error.h"
#include "login/attempt_run.h"
#include "login/module_setup.h"

/*
 * Reads the config and sets *outcome. Without a text, the caller has set need
 * and ticket; the other demands on the token are set here. Errors as
 * setup_read_config, attempt_run, single_use_spend.
 */
enum err decide(struct attempt_outcome *outcome, struct attempt *attempt,
    struct setup *setup, struct error *why);

#endif
