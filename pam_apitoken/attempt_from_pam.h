/* Whom a decision is about, as the host says. */
#ifndef PAM_APITOKEN_ATTEMPT_FROM_PAM_H
#define PAM_APITOKEN_ATTEMPT_FROM_PAM_H

#include <security/pam_modules.h>

/* A string that is not known is NULL or "". */
struct subject {
	const char *hook; /* auth, account, setcred, session */
	const char *id;   /* of the token */
	const char *user;
	const char *service;
	const char *from; /* remote address; only a numeric one is logged */
	const char *tty;
};

/* What the handle knows; its strings are the handle's own. */
struct subject attempt_from_pam(
    pam_handle_t *pamh, const char *hook, const char *id);

#endif
