/*
 * One login: the hooks of the module, each called and judged at once. What they
 * must return follows from the truth about the token (truth.h) and from what
 * earlier hooks have settled, which a model tracks here.
 */
#ifndef APITOKEN_LOGIN_H
#define APITOKEN_LOGIN_H

#include "fakepam.h"
#include "session/handoff.h"
#include "truth.h"

#define LOGIN_NO_TOKEN MACHINE_TOKENS /* the password is none of the tokens */

/* What a process's handle has settled. */
enum login_memory {
	LOGIN_OPEN,  /* nothing */
	LOGIN_NONE,  /* that there is no token */
	LOGIN_TOKEN, /* an accepted one */
	LOGIN_REFUSED,
};

struct login_model {
	enum login_memory state;
	unsigned token;
	struct fakepam_item user, service;
	unsigned need; /* scopes */
	enum confine_mode confine;
	char ticket[RECORD_TICKET_LEN + 1];
};

struct login {
	struct pam_handle pamh;
	struct login_model model;
};

/*
 * A password: which token it is of, and whether it is that token's complete
 * text.
 */
struct login_password {
	struct fakepam_item item;
	unsigned token;
	enum answer right;
};

enum login_hook {
	LOGIN_AUTHENTICATE,
	LOGIN_ACCOUNT,
	LOGIN_SETCRED,
	LOGIN_DELETE_CRED,
	LOGIN_OPEN_SESSION,
	LOGIN_CLOSE_SESSION,
};

/* The arguments of a hook call. */
struct login_call {
	enum login_hook hook;
	const struct truth_line *line;
	const char *raw; /* one more argument, for TRUTH_LINE_RAW */
	const struct login_password *password;
};

/*
 * Calls a hook; ends the run if the result is wrong. False if the hook has
 * ended the process.
 */
bool login_call(struct login *login, const struct login_call *call);

/* Forgets what earlier connections were accepted with. */
void login_reset(void);

#endif
