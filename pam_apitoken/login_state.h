/*
 * What is settled about this login, kept in the PAM handle, where no user can
 * reach it: its token, or that there is none.
 */
#ifndef PAM_APITOKEN_LOGIN_STATE_H
#define PAM_APITOKEN_LOGIN_STATE_H

#include <security/pam_modules.h>
#include <sys/types.h>

#include "confine/confinement.h"
#include "login/attempt.h"
#include "login/witness.h"
#include "session/handoff.h"
#include "session/session_list.h"

enum login_state_kind {
	LOGIN_STATE_NONE,    /* no token: every hook gets out of the way */
	LOGIN_STATE_TOKEN,   /* an accepted one */
	LOGIN_STATE_REFUSED, /* a hook refused it: nothing more may pass */
};

struct login_state {
	enum login_state_kind state;
	struct handoff
	    handoff; /* if refused, perhaps its id only, or nothing */
	struct witness witness; /* of what it was accepted by */
	pid_t host;             /* the process that has login it */
	struct login_ids ids;   /* of a token: the host's, at that time */
	struct confinement confinement; /* of the processes from here on */
	bool is_counted; /* its session counts among the host's */
	bool is_listed;  /* its session is listed, as: */
	struct session session;
	bool sent; /* a record of it was sent to: */
	struct process receiver;
};

/* Forgets what an earlier attempt left. */
void login_state_clear(pam_handle_t *pamh);

/* Keeps a copy for later hooks, with this process as host. ERR_NOMEM. */
enum err login_state_set(pam_handle_t *pamh, const struct login_state *login);

/* What an earlier hook left, or NULL: nothing is settled. */
struct login_state *login_state_get(pam_handle_t *pamh);

/* Sets id, ticket and need of an attempt to what was accepted, to ask again. */
void login_state_fill(const struct login_state *login, struct attempt *attempt);

/* Whether it has passed so far, and belongs to this login. ERR_REFUSED. */
enum err login_state_check(const struct login_state *login,
    const struct attempt *attempt, struct error *why);

#endif
