/* Where a login that doctor judges is decided: in its host, or at the door. */
#ifndef TOKENADM_LOGIN_DOOR_H
#define TOKENADM_LOGIN_DOOR_H

#include <stdbool.h>

#include "config/config.h"
#include "doctor/login_steps.h"
#include "login/attempt.h"

/*
 * Looks at who runs the service. *is_outside: it asks at the door; then the
 * attempt is made by its account, and loses the address that is not believed.
 * Adds a step that says so. ERR_REFUSED: it gets no answer; why is what the log
 * would say.
 */
enum err login_door(struct steps *steps, struct attempt *attempt,
    const struct config *config, bool *is_outside, struct error *why);

#endif
