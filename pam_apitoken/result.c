#include "result.h"

#include <security/pam_modules.h>

int
result_of_authenticate(enum err rc, const struct verdict *verdict)
{
	return rc == ERR_OK && verdict->accepted ? PAM_SUCCESS
						 : PAM_PERM_DENIED;
}

int
result_of_account(enum err rc, const struct verdict *verdict, bool is_local)
{
	if (rc != ERR_OK)
		return PAM_PERM_DENIED;
	if (verdict->accepted)
		return is_local ? PAM_SUCCESS : PAM_IGNORE;
	if (verdict_failed_test(verdict) == LOGIN_TEST_ACCOUNT &&
	    verdict->account == ACCOUNT_DISABLED)
		return PAM_ACCT_EXPIRED;
	return PAM_PERM_DENIED;
}
