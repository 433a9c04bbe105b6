/*
 * What each hook does (DESIGN: the module). The entry points of
 * pam_apitoken.c call these; all return PAM codes.
 *
 * Trouble of any kind refuses tokens, and nothing but tokens: a password that
 * does not have the shape of one is let pass before anything is read, and a
 * login without a token is let pass by every later hook likewise.
 */
#ifndef PAM_APITOKEN_HOOKS_H
#define PAM_APITOKEN_HOOKS_H

#include <security/pam_modules.h>

/*
 * PAM_SUCCESS: a token, accepted. PAM_PERM_DENIED: a token, refused.
 * PAM_AUTH_ERR: not a token. PAM_AUTHINFO_UNAVAIL: no user or no password
 * could be had.
 */
int hook_authenticate(pam_handle_t *pamh, int argc, const char **argv);

/*
 * PAM_SUCCESS: the token is still accepted, and /etc/passwd lists its owner.
 * PAM_IGNORE: likewise, but the owner's account is kept elsewhere, and the rest
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
