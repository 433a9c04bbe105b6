/*
 * The entry points, and the only symbols that the module exports. hooks.h
 * says what each returns.
 */
#pragma GCC visibility push(default)
#include <security/pam_modules.h>
#pragma GCC visibility pop

#include "hooks.h"

int
pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)flags;
	return hook_authenticate(pamh, argc, argv);
}

int
pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	return hook_setcred(pamh, flags, argc, argv);
}

int
pam_sm_acct_mgmt(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)flags;
	return hook_account(pamh, argc, argv);
}

int
pam_sm_open_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)flags;
	return hook_open_session(pamh, argc, argv);
}

int
pam_sm_close_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)flags;
	return hook_close_session(pamh, argc, argv);
}

/* By this, `tokenadm doctor` sees whether the module has its own version. */
__attribute__((used)) static const char VERSION[] =
    "pam_apitoken version " PACKAGE_VERSION;
