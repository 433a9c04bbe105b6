/*
 * Begins a session of an accepted token where the store is: lists it, and
 * judges its token once more.
 */
#ifndef APITOKEN_SESSION_BEGIN_H
#define APITOKEN_SESSION_BEGIN_H

#include <stdbool.h>

#include "base/error.h"
#include "config/config.h"
#include "login/attempt.h"
#include "session/session_list.h"

struct session_beginning {
	const char *run; /* where the list is: rundir.h */
	const struct config *config;
	const struct attempt *attempt; /* need, ticket and id are set */
	bool limits_sessions; /* the token had max_sessions when it logged in */
};

/*
 * Adds the session to the list. Only a token that ends with its session, or may
 * have so many at a time only, depends on that: *is_listed says whether it
 * worked. session->process has been set. ERR_POLICY: it has as many as it may;
 * ERR_REFUSED, or as attempt_run and max_sessions_enter.
 */
enum err session_begin_enter(struct session *session,
    const struct session_beginning *how, bool *is_listed, struct error *why);

/*
 * Then checks the token once more: whoever revokes it either finds the session
 * in the list to end it, or is obeyed here. If it is refused, the session
 * leaves the list again. ERR_REFUSED, or as attempt_run and store_open.
 */
enum err session_begin_confirm(const struct session *session,
    const struct session_beginning *how, bool *is_listed, struct error *why);

/*
 * The end of a listed session: removes it from the list, and ends the token
 * that ends with it. If that end cannot be written, or config is NULL, the
 * entry stays, for whoever reads the list next.
 */
void session_begin_end(const struct session *session, const char *run,
    const struct config *config);

#endif
