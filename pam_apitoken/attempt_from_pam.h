/* Whom an attempt is about, as PAM says. */
#ifndef PAM_APITOKEN_ATTEMPT_FROM_PAM_H
#define PAM_APITOKEN_ATTEMPT_FROM_PAM_H

#include <security/pam_modules.h>

#include "login/attempt.h"

/*
 * What the handle knows, and id; the strings are the handle's own. What is to
 * be asked of the token is not known yet.
 */
struct attempt attempt_from_pam(
    pam_handle_t *pamh, const char *hook, const char *id);

#endif
