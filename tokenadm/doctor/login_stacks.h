/* doctor --login: PAM's result for the module's answer, for each type. */
#ifndef TOKENADM_LOGIN_STACKS_H
#define TOKENADM_LOGIN_STACKS_H

#include <stdbool.h>
#include <stdint.h>

#include "doctor/login_steps.h"
#include "pam/pamstack.h"

/*
 * Adds a step for each type that PAM reaches if pam_apitoken's
 * pam_sm_authenticate returns own, and the modules that may still refuse.
 * Returns whether the user is let in if they do not.
 */
bool login_stacks(struct steps *steps, const struct pamstack *stack,
    const char *user, int64_t now, int own);

#endif
