#include "login/session_begin.h"

#include <time.h>

#include "lifecycle/max_sessions.h"
#include "lifecycle/until_logout.h"
#include "login/attempt_run.h"
#include "login/write_back.h"
#include "store/store.h"

/*
 * Checks whether the token would be refused by now. Between auth and session
 * sshd waits for its client for up to LoginGraceTime (RFC 4256 has it confirm
 * the last message of keyboard-interactive), and token or account may have
 * changed.
 */
static enum err
look_again(struct attempt_outcome *outcome, const struct session_beginning *how,
    struct error *why)
{
	struct attempt again = *how->attempt;
	enum err rc;

	again.now = time(NULL);
	again.deadline = store_deadline(how->config);
	rc = attempt_run(outcome, &again, how->config, NULL, why);
	if (rc == ERR_OK && !outcome->verdict.accepted)
		rc = error_set(why, ERR_REFUSED, "%s meanwhile",
		    verdict_reason(&outcome->verdict));
	return rc;
}

/*
 * For a token that may have so many sessions only. It is judged first: a login
 * that is refused takes nobody's place, not even for a moment.
 */
static enum err
take_place(struct session *session, const struct session_beginning *how,
    struct error *why)
{
	struct attempt_outcome outcome;
	enum err rc = look_again(&outcome, how, why);

	return rc == ERR_OK
	    ? max_sessions_enter(how->run, session, outcome.record.max_sessions,
		  store_deadline(how->config), why)
	    : rc;
}

enum err
session_begin_enter(struct session *session,
    const struct session_beginning *how, bool *is_listed, struct error *why)
{
	enum err rc = how->limits_sessions
	    ? take_place(session, how, why)
	    : session_enter(how->run, session, why);

	*is_listed = rc == ERR_OK;
	return how->limits_sessions || session->lifetime == RECORD_UNTIL_LOGOUT
	    ? rc
	    : ERR_OK;
}

/* One that got a limit since auth has entered uncounted. */
static enum err
check_place(const struct session_beginning *how, const struct record *record,
    struct error *why)
{
	return record->max_sessions == 0 || how->limits_sessions
	    ? ERR_OK
	    : error_set(
		  why, ERR_REFUSED, "its sessions were limited meanwhile");
}

/* Notes in a token until log-out that it has begun: no write, no session. */
static enum err
tell_token(const struct session *session, const struct session_beginning *how,
    const struct record *record, struct error *why)
{
	if (record->lifetime != RECORD_UNTIL_LOGOUT)
		return ERR_OK;
	if (record->begun == 0 && !write_back_is_possible())
		return error_set(why, ERR_SYSTEM,
		    "a token until log-out cannot begin under a file "
		    "size limit (RLIMIT_FSIZE)");
	return until_logout_begin(how->config, how->run, session, record,
	    store_deadline(how->config), why);
}

enum err
session_begin_confirm(const struct session *session,
    const struct session_beginning *how, bool *is_listed, struct error *why)
{
	struct attempt_outcome outcome;
	enum err rc = look_again(&outcome, how, why);

	if (rc == ERR_OK)
		rc = check_place(how, &outcome.record, why);
	if (rc == ERR_OK)
		rc = tell_token(session, how, &outcome.record, why);
	if (rc != ERR_OK && *is_listed) {
		*is_listed = false;
		(void)session_leave(how->run, session, NULL);
	}
	return rc;
}

void
session_begin_end(
    const struct session *session, const char *run, const struct config *config)
{
	enum err rc = ERR_OK;

	if (session->lifetime == RECORD_UNTIL_LOGOUT)
		rc = config != NULL && write_back_is_possible()
		    ? until_logout_revoke(config, session->id, time(NULL),
			  store_deadline(config), NULL)
		    : ERR_SYSTEM;
	if (rc == ERR_OK)
		(void)session_leave(run, session, NULL);
}
