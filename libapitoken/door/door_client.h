/*
 * Asks at the door, for a host that cannot or must not open the store itself.
 * Waits until the attempt's deadline, keeps no descriptor, sets no signal,
 * starts nothing; threads may ask at the same time.
 */
#ifndef APITOKEN_DOOR_CLIENT_H
#define APITOKEN_DOOR_CLIENT_H

#include "base/error.h"
#include "login/attempt.h"
#include "login/attempt_run.h"
#include "session/session_list.h"

/*
 * Has the attempt judged at the socket of this path. ERR_OK: *outcome says
 * whether the token is accepted, its record has what a session is told of it,
 * and the line is in the log. ERR_MISSING: there is no door; ERR_BUSY: no
 * answer before the deadline; ERR_UNSAFE: somebody else listens there;
 * ERR_DAMAGED, ERR_SYSTEM.
 */
enum err door_ask(struct attempt_outcome *outcome,
    const struct attempt *attempt, const char *path, struct error *why);

/*
 * Opens a session of an accepted token, and checks the token once more; both as
 * session_begin.h has it, for a host that must not hold a lock: the store and
 * the list are root's, so others have no sessions listed. *is_listed and
 * session->number are set. ERR_REFUSED, with an empty text: the door has
 * logged it; or as door_ask.
 */
enum err door_open_session(struct session *session, bool limits_sessions,
    bool *is_listed, const struct attempt *attempt, const char *path,
    struct error *why);

/*
 * The end of such a session. What fails here is left to whoever reads the list
 * next. deadline is as in deadline.h.
 */
void door_close_session(const struct session *session,
    const struct attempt *attempt, const char *path, int64_t deadline);

/* Whether somebody answers there now. Errors as door_ask. */
enum err door_look(const char *path, int64_t deadline, struct error *why);

#endif
