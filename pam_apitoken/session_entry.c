#include "session_entry.h"

#include <stdio.h>
#include <time.h>

#include "host_sessions.h"
#include "lifecycle/single_use.h"
#include "lifecycle/until_logout.h"
#include "login/evaluate.h"
#include "session/rundir.h"
#include "store/store.h"
#include "write_back.h"

static void
describe(struct session *session, const struct login_state *pinned,
    const struct subject *subject)
{
	const struct handoff *handoff = &pinned->handoff;
	struct network address;

	*session = (struct session){
	    .since = time(NULL),
	    .lifetime = handoff->lifetime,
	    .before = pinned->ids,
	    .is_shared = host_may_be_shared(),
	};
	/* Of the same sizes; a longer service is cut for the list only. */
	(void)snprintf(session->id, sizeof(session->id), "%s", handoff->id);
	(void)snprintf(
	    session->user, sizeof(session->user), "%s", handoff->user);
	(void)snprintf(
	    session->name, sizeof(session->name), "%s", handoff->name);
	(void)snprintf(session->service, sizeof(session->service), "%.*s",
	    PARSE_SERVICE_MAX, handoff->service);
	(void)snprintf(session->tty, sizeof(session->tty), "%.*s",
	    SESSION_TTY_MAX, subject->tty != NULL ? subject->tty : "");
	if (subject->from != NULL &&
	    network_parse_address(subject->from, &address))
		network_format(&address, session->from);
}

/*
 * Whether it would be refused by now. Between auth and session sshd waits for
 * its client (RFC 4256 has it confirm the last message of
 * keyboard-interactive), for as long as LoginGraceTime: what was done to the
 * token, or to its account, in the meantime counts.
 */
static enum err
look_again(const struct config *config, const struct handoff *handoff,
    const struct subject *subject, struct record *record, struct error *why)
{
	const struct candidate candidate = {
	    .id = handoff->id,
	    .user = subject->user,
	    .ticket = handoff->ticket,
	    .deadline = store_deadline(config),
	    .request =
		{
		    .service = subject->service,
		    .need = handoff->need,
		    .from = subject->from,
		    .now = time(NULL),
		},
	};
	struct verdict verdict;
	enum err rc = judge(&verdict, record, config, &candidate, why);

	if (rc == ERR_OK && !verdict.accepted)
		rc = error_set(
		    why, ERR_REFUSED, "%s meanwhile", verdict_reason(&verdict));
	return rc;
}

/* A token that ends with its session is told of it: no write, no session. */
static enum err
tell_token(const struct config *config, const struct session *session,
    const struct record *record, struct error *why)
{
	if (record->lifetime != RECORD_UNTIL_LOGOUT)
		return ERR_OK;
	if (record->begun == 0 && !write_back_is_possible())
		return error_set(why, ERR_SYSTEM,
		    "a token until log-out cannot be begun under a limit of "
		    "file sizes (RLIMIT_FSIZE)");
	return until_logout_begin(
	    config, RUNDIR, session, record, store_deadline(config), why);
}

void
session_entry_count(struct login_state *pinned)
{
	if (pinned->is_counted)
		return;
	pinned->is_counted = true;
	host_count_session();
	if (host_has_many())
		(void)session_share(RUNDIR, NULL);
}

enum err
session_entry_begin(struct login_state *pinned, const struct subject *subject,
    const char *config_file, struct error *why)
{
	struct config config;
	struct record record;
	enum err rc;

	if (pinned->is_listed)
		return ERR_OK;
	session_entry_count(pinned);
	describe(&pinned->session, pinned, subject);
	rc = session_enter(RUNDIR, &pinned->session, why);
	pinned->is_listed = rc == ERR_OK;
	/* Another thread may have opened one meanwhile. */
	if (pinned->is_listed && !pinned->session.is_shared && host_has_many())
		(void)session_share(RUNDIR, NULL);
	if (rc != ERR_OK && pinned->handoff.lifetime == RECORD_UNTIL_LOGOUT)
		return rc;
	rc = config_read(&config, config_file, why);
	if (rc == ERR_OK)
		rc = look_again(
		    &config, &pinned->handoff, subject, &record, why);
	if (rc == ERR_OK)
		rc = tell_token(&config, &pinned->session, &record, why);
	config_free(&config);
	if (rc != ERR_OK && pinned->is_listed) {
		pinned->is_listed = false;
		(void)session_leave(RUNDIR, &pinned->session, NULL);
	}
	return rc;
}

void
session_entry_end(struct login_state *pinned, const char *config_file)
{
	struct config config;
	enum err rc = ERR_OK;

	if (!pinned->is_listed)
		return;
	pinned->is_listed = false;
	if (pinned->handoff.lifetime == RECORD_UNTIL_LOGOUT) {
		rc = config_read(&config, config_file, NULL);
		if (rc == ERR_OK && write_back_is_possible())
			rc = until_logout_revoke(&config, pinned->handoff.id,
			    time(NULL), store_deadline(&config), NULL);
		else
			rc = ERR_SYSTEM;
		config_free(&config);
	}
	/* While it is listed, its end is not forgotten. */
	if (rc == ERR_OK)
		(void)session_leave(RUNDIR, &pinned->session, NULL);
}
