/* Follows passverify.c of Linux-PAM 1.5: get_account_info and on. */
#include "pam/pam_unix.h"

#include <pwd.h>
#include <security/pam_appl.h>
#include <shadow.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

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
	int64_t age = today - shadow->sp_lstchg;

	if (shadow->sp_expire != -1 && today >= shadow->sp_expire)
		return PAM_ACCT_EXPIRED;
	if (shadow->sp_lstchg == 0)
		return PAM_NEW_AUTHTOK_REQD;
	if (age < 0 || shadow->sp_max == -1 || age <= shadow->sp_max)
		return PAM_SUCCESS;
	return shadow->sp_inact != -1 && age - shadow->sp_max > shadow->sp_inact
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
