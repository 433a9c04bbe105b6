/* The one place that turns verdicts and trouble into PAM's return codes. */
#ifndef PAM_APITOKEN_RESULT_H
#define PAM_APITOKEN_RESULT_H

#include <stdbool.h>

#include "base/error.h"
#include "login/verdict.h"

/* PAM_SUCCESS or PAM_PERM_DENIED. */
int result_of_authenticate(enum err rc, const struct verdict *verdict);

/*
 * For an accepted token: PAM_SUCCESS if its owner is local, since nobody else
 * judges that account; PAM_IGNORE if not, so that the rest of the stack does.
 * PAM_ACCT_EXPIRED for a disabled account, PAM_PERM_DENIED.
 */
int result_of_account(
    enum err rc, const struct verdict *verdict, bool is_local);

#endif
