/* doctor --login: what PAM makes of the module's answer, in each of its types.
 */
#ifndef TOKENADM_LOGIN_STACKS_H
#define TOKENADM_LOGIN_STACKS_H

#include <stdbool.h>
#include <stdint.h>

#include "doctor/login_steps.h"
#include "pam/pamstack.h"

/*
 * Adds a step for each type that PAM comes to when pam_apitoken's
 * pam_sm_authenticate answers own, and those that may refuse. Returns whether
 * the user is let in where they do not.
 */
bool login_stacks(struct steps *steps, const struct pamstack *stack,
    const char *user, int64_t now, int own);

#endif
