/* Who wants to log in, as PAM says. */
#ifndef PAM_APITOKEN_ATTEMPT_FROM_PAM_H
#define PAM_APITOKEN_ATTEMPT_FROM_PAM_H

#include <security/pam_modules.h>

#include "login/attempt.h"

/*
 * Returns what the handle knows, and id; the strings are the handle's. The
 * demands on the token are not set yet.
 */
struct attempt attempt_from_pam(
    pam_handle_t *pamh, const char *hook, const char *id);

#endif
