/*
 * One login: the hooks of the module, each called and judged at once. What they
 * have to return follows from the truth of the token (truth.h) and from what
 * the hooks before have settled, which is followed here in a model.
 */
#ifndef APITOKEN_LOGIN_H
#define APITOKEN_LOGIN_H

#include "fakepam.h"
#include "session/handoff.h"
#include "truth.h"

#define LOGIN_NO_TOKEN MACHINE_TOKENS /* the password is none of the tokens */

/* What has been settled of a process's handle. */
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

/* A password: which token's, and whether it is the whole and true text. */
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

/* What a hook is called with. */
struct login_call {
	enum login_hook hook;
	const struct truth_line *line;
	const char *raw; /* one more argument, of TRUTH_LINE_RAW */
	const struct login_password *password;
};

/*
 * Calls a hook; ends the run if anything is not as it has to be. False if the
 * hook has ended the process.
 */
bool login_call(struct login *login, const struct login_call *call);

/* Forgets what former connections were accepted with. */
void login_reset(void);

#endif
