/*
 * Kinds of logins: which token is issued, or which password given, and which
 * hook must refuse it.
 */
#ifndef APITOKEN_LOGINS_H
#define APITOKEN_LOGINS_H

#include "module/host.h"

enum step {
	AUTHENTICATE,
	ACCOUNT,
	SETCRED,
	OPEN,
	CLOSE,
	STEPS
};

#define NOT_CALLED (-1)

/* What the hooks returned. */
struct outcome {
	int codes[STEPS];
};

/* A kind of login. */
struct login {
	const char *name;
	void (*prepare)(struct host *host);
	enum step ends; /* where it is refused without faults; STEPS: nowhere */
	/* Something that happens before that step. */
	enum step when;
	void (*happens)(struct host *host);
	/* What must hold at the end; may be NULL. */
	bool (*holds)(struct host *host, const struct outcome *outcome);
	const char *password; /* in place of the token */
};

/* The token that prepare has issued. */
extern char login_token[TOKEN_LEN + 1];

#define LOGINS_COUNT 19
extern const struct login LOGINS[LOGINS_COUNT];

#endif
