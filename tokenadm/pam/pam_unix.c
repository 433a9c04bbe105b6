/* Follows passverify.c of Linux-PAM 1.5 to 1.7: get_account_info and on. */
#include "pam/pam_unix.h"

#include <pwd.h>
#include <security/pam_appl.h>
#include <shadow.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "pam/pam_version.h"

#define DAY (24 * 60 * 60)

static bool
is_shadowed(const struct passwd *passwd)
{
	return strcmp(passwd->pw_passwd, "x") == 0 ||
	    strncmp(passwd->pw_passwd, "##", 2) == 0;
}

static int
judge_shadow(const struct spwd *shadow, int64_t today)
{
	bool is_1_5 = pam_is_1_5();
	int64_t aged; /* days since the password aged out */

	if (shadow->sp_expire != -1 && today >= shadow->sp_expire)
		return PAM_ACCT_EXPIRED;
	if (shadow->sp_lstchg == 0)
		return PAM_NEW_AUTHTOK_REQD;
	if (today < shadow->sp_lstchg || shadow->sp_max < 0 ||
	    (shadow->sp_lstchg < 0 && !is_1_5))
		return PAM_SUCCESS;
	aged = today - shadow->sp_lstchg - shadow->sp_max;
	/* 1.5 grants a day more than chage(1) says. */
	if (is_1_5)
		aged--;
	if (aged < 0)
		return PAM_SUCCESS;
	return shadow->sp_inact >= 0 && aged >= shadow->sp_inact
	    ? PAM_AUTHTOK_EXPIRED
	    : PAM_NEW_AUTHTOK_REQD;
}

int
pam_unix_account(const char *user, int64_t now)
{
	const struct passwd *passwd = getpwnam(user);
	const struct spwd *shadow;

	if (passwd == NULL)
		return PAM_USER_UNKNOWN;
	if (!is_shadowed(passwd))
		return PAM_SUCCESS;
	shadow = getspnam(user);
	return shadow == NULL ? PAM_AUTHINFO_UNAVAIL
			      : judge_shadow(shadow, now / DAY);
}
