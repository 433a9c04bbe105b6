/* Decides about a token for a hook: here, or at the door. */
#ifndef PAM_APITOKEN_DECIDE_H
#define PAM_APITOKEN_DECIDE_H

#include <stdbool.h>

#include "base/error.h"
#include "login/attempt_run.h"
#include "login/module_setup.h"
#include "login/witness.h"

/*
 * Reads the config and sets *outcome. Without a text, the caller has set need
 * and ticket; the other demands on the token are set here. What becomes of the
 * owner's other tokens is logged here. Errors as setup_read_config,
 * decide_attempt, door_ask.
 */
enum err decide(struct attempt_outcome *outcome, struct attempt *attempt,
    struct setup *setup, struct error *why);

/* The same, with a witness of what it rests on, for the hooks to come. */
enum err decide_witnessed(struct attempt_outcome *outcome,
    struct witness *witness, struct attempt *attempt, struct setup *setup,
    struct error *why);

/*
 * Whether what was accepted would be accepted again, by the witness of it; if
 * not, decide has to find out. The owner is local then. Sets the attempt's
 * time.
 */
bool decide_again(const struct witness *witness, struct attempt *attempt,
    struct setup *setup);

#endif
