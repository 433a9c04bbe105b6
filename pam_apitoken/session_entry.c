#include "session_entry.h"

#include <stdio.h>
#include <time.h>

#include "host_sessions.h"
#include "lifecycle/until_logout.h"
#include "login/attempt_run.h"
#include "session/rundir.h"
#include "store/store.h"
#include "write_back.h"

static void
describe(struct session *session, const struct login_state *login,
    const struct attempt *attempt)
{
	const struct handoff *handoff = &login->handoff;
	struct network address;

	*session = (struct session){
	    .since = time(NULL),
	    .lifetime = handoff->lifetime,
	    .before = login->ids,
	    .is_shared = host_may_be_shared(),
	};
	/* Same sizes; a longer service is cut, in the list only. */
	(void)snprintf(session->id, sizeof(session->id), "%s", handoff->id);
	(void)snprintf(
	    session->user, sizeof(session->user), "%s", handoff->user);
	(void)snprintf(
	    session->name, sizeof(session->name), "%s", handoff->name);
	(void)snprintf(session->service, sizeof(session->service), "%.*s",
	    PARSE_SERVICE_MAX, handoff->service);
	(void)snprintf(session->tty, sizeof(session->tty), "%.*s",
	    SESSION_TTY_MAX, attempt->tty != NULL ? attempt->tty : "");
	if (attempt->from != NULL &&
	    network_parse_address(attempt->from, &address))
		network_format(&address, session->from);
}

/*
 * Checks whether the token would be refused by now. Between auth and session
 * sshd waits for its client for up to LoginGraceTime (RFC 4256 has it confirm
 * the last message of keyboard-interactive), and token or account may have
 * changed.
 */
static enum err
look_again(struct attempt_outcome *outcome, const struct attempt *attempt,
    const struct config *config, struct error *why)
{
	struct attempt again = *attempt;
	enum err rc;

	again.now = time(NULL);
	again.deadline = store_deadline(config);
	rc = attempt_run(outcome, &again, config, NULL, why);
	if (rc == ERR_OK && !outcome->verdict.accepted)
		rc = error_set(why, ERR_REFUSED, "%s meanwhile",
		    verdict_reason(&outcome->verdict));
	return rc;
}

/* Notes in a token until log-out that it has begun: no write, no session. */
static enum err
tell_token(const struct config *config, const struct session *session,
    const struct record *record, struct error *why)
{
	if (record->lifetime != RECORD_UNTIL_LOGOUT)
		return ERR_OK;
	if (record->begun == 0 && !write_back_is_possible())
		return error_set(why, ERR_SYSTEM,
		    "a token until log-out cannot begin under a file "
		    "size limit (RLIMIT_FSIZE)");
	return until_logout_begin(
	    config, RUNDIR, session, record, store_deadline(config), why);
}

void
session_entry_count(struct login_state *login)
{
	if (login->is_counted)
		return;
	login->is_counted = true;
	host_count_session();
	if (host_has_many())
		(void)session_share(RUNDIR, NULL);
}

enum err
session_entry_begin(struct login_state *login, const struct attempt *attempt,
    struct setup *setup, struct error *why)
{
	const struct config *config = &setup->config;
	struct attempt_outcome outcome;
	enum err rc;

	if (login->is_listed)
		return ERR_OK;
	session_entry_count(login);
	describe(&login->session, login, attempt);
	rc = session_enter(RUNDIR, &login->session, why);
	login->is_listed = rc == ERR_OK;
	/* Another thread may have opened one meanwhile. */
	if (login->is_listed && !login->session.is_shared && host_has_many())
		(void)session_share(RUNDIR, NULL);
	if (rc != ERR_OK && login->handoff.lifetime == RECORD_UNTIL_LOGOUT)
		return rc;
	rc = setup_read_config(setup, why);
	if (rc == ERR_OK)
		rc = look_again(&outcome, attempt, config, why);
	if (rc == ERR_OK)
		rc = tell_token(config, &login->session, &outcome.record, why);
	if (rc != ERR_OK && login->is_listed) {
		login->is_listed = false;
		(void)session_leave(RUNDIR, &login->session, NULL);
	}
	return rc;
}

void
session_entry_end(struct login_state *login, struct setup *setup)
{
	enum err rc = ERR_OK;

	if (!login->is_listed)
		return;
	login->is_listed = false;
	if (login->handoff.lifetime == RECORD_UNTIL_LOGOUT) {
		rc = setup_read_config(setup, NULL);
		if (rc == ERR_OK && write_back_is_possible())
			rc = until_logout_revoke(&setup->config,
			    login->handoff.id, time(NULL),
			    store_deadline(&setup->config), NULL);
		else
			rc = ERR_SYSTEM;
	}
	/* Its entry stays until its end is written. */
	if (rc == ERR_OK)
		(void)session_leave(RUNDIR, &login->session, NULL);
}
