/*
 * What each hook does. The entry points of pam_apitoken.c call these; all
 * return PAM codes.
 *
 * Trouble of any kind refuses tokens, and nothing but tokens: a password
 * without the shape of one passes before anything is read, and every later hook
 * lets a login without a token pass.
 */
#ifndef PAM_APITOKEN_HOOKS_H
#define PAM_APITOKEN_HOOKS_H

#include <security/pam_modules.h>

/*
 * PAM_SUCCESS: a token, accepted. PAM_PERM_DENIED: a token, refused.
 * PAM_AUTH_ERR: not a token. PAM_AUTHINFO_UNAVAIL: no user or no password could
 * be obtained.
 */
int hook_authenticate(pam_handle_t *pamh, int argc, const char **argv);

/*
 * PAM_SUCCESS: the token is still accepted, and /etc/passwd lists its owner.
 * PAM_IGNORE: the same, but the owner's account is kept elsewhere, and the rest
 * of the stack judges it; or no token. PAM_ACCT_EXPIRED: its account has been
 * disabled. PAM_PERM_DENIED: refused.
 */
int hook_account(pam_handle_t *pamh, int argc, const char **argv);

/*
 * PAM_SUCCESS, PAM_PERM_DENIED, or PAM_IGNORE where there was no token. flags
 * are PAM's: whether credentials are made or deleted.
 */
int hook_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv);

/* PAM_SUCCESS, also where there was no token, or PAM_SESSION_ERR. */
int hook_open_session(pam_handle_t *pamh, int argc, const char **argv);
int hook_close_session(pam_handle_t *pamh, int argc, const char **argv);

#endif
