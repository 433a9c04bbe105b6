/* The one place that turns verdicts and trouble into PAM's return codes. */
#ifndef PAM_APITOKEN_RESULT_H
#define PAM_APITOKEN_RESULT_H

#include <stdbool.h>

#include "base/error.h"
#include "login/verdict.h"

/* PAM_SUCCESS or PAM_PERM_DENIED. */
int result_of_authenticate(enum err rc, const struct verdict *verdict);

/*
 * Of an accepted token: PAM_SUCCESS for an owner who is local, over whose
 * account nobody else has a say; PAM_IGNORE for any other, whom the rest of the
 * stack judges. PAM_ACCT_EXPIRED for a disabled account, PAM_PERM_DENIED.
 */
int result_of_account(
    enum err rc, const struct verdict *verdict, bool is_local);

#endif
