#include "session_entry.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "door/door_client.h"
#include "host_rights.h"
#include "host_sessions.h"
#include "login/session_begin.h"
#include "session/rundir.h"
#include "store/store.h"

static void
describe(struct session *session, const struct login_state *login,
    const struct attempt *attempt)
{
	const struct handoff *handoff = &login->handoff;

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
	network_format_address(attempt->from, session->from);
}

void
session_entry_count(struct login_state *login)
{
	if (login->is_counted)
		return;
	login->is_counted = true;
	host_count_session();
	if (host_has_many() && !host_is_set_uid())
		(void)session_share(RUNDIR, NULL);
}

/* Where the store is: lists the session, and judges its token again. */
static enum err
begin_here(struct login_state *login, const struct attempt *attempt,
    struct setup *setup, struct error *why)
{
	const struct session_beginning how = {
	    .run = RUNDIR,
	    .config = &setup->config,
	    .attempt = attempt,
	    .limits_sessions = login->handoff.limits_sessions,
	};
	enum err rc = session_begin_enter(
	    &login->session, &how, &login->is_listed, why);

	/* Another thread may have opened one meanwhile. */
	if (login->is_listed && !login->session.is_shared && host_has_many())
		(void)session_share(RUNDIR, NULL);
	return rc == ERR_OK ? session_begin_confirm(
				  &login->session, &how, &login->is_listed, why)
			    : rc;
}

/*
 * Root's set-uid program has its session listed by the door; others have none,
 * and ask only whether the token is still good.
 */
static enum err
begin_outside(struct login_state *login, const struct attempt *attempt,
    struct setup *setup, struct error *why)
{
	const char *path = setup->config.door.socket;
	bool limits = login->handoff.limits_sessions;
	struct attempt_outcome outcome;
	struct attempt again = *attempt;
	enum err rc;

	again.deadline = store_deadline(&setup->config);
	if (geteuid() == 0)
		return door_open_session(&login->session, limits,
		    &login->is_listed, &again, path, why);
	if (limits || login->handoff.lifetime == RECORD_UNTIL_LOGOUT)
		return error_set(why, ERR_REFUSED,
		    "without root's rights no session can be listed");
	rc = door_ask(&outcome, &again, path, why);
	if (rc == ERR_OK && !outcome.verdict.accepted)
		rc = error_shown(why);
	return rc;
}

enum err
session_entry_begin(struct login_state *login, const struct attempt *attempt,
    struct setup *setup, struct error *why)
{
	enum err rc;

	if (login->is_listed)
		return ERR_OK;
	session_entry_count(login);
	describe(&login->session, login, attempt);
	rc = setup_read_config(setup, why);
	if (rc != ERR_OK)
		return rc;
	if (!host_is_outside(&setup->config))
		return begin_here(login, attempt, setup, why);
	return begin_outside(login, attempt, setup, why);
}

void
session_entry_end(struct login_state *login, const struct attempt *attempt,
    struct setup *setup)
{
	bool is_set_uid = host_is_set_uid();
	enum err rc = ERR_OK;

	if (!login->is_listed)
		return;
	login->is_listed = false;
	/* Most need no config, which may be broken by now. */
	if (is_set_uid || login->handoff.lifetime == RECORD_UNTIL_LOGOUT)
		rc = setup_read_config(setup, NULL);
	if (!is_set_uid)
		session_begin_end(&login->session, RUNDIR,
		    rc == ERR_OK ? &setup->config : NULL);
	else if (rc == ERR_OK)
		door_close_session(&login->session, attempt,
		    setup->config.door.socket, store_deadline(&setup->config));
}
