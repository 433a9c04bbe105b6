#include "door/door_inquiry.h"

#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <time.h>

#include "base/deadline.h"
#include "door/door_authority.h"
#include "lifecycle/max_sessions.h"
#include "login/attempt_log.h"
#include "login/decide.h"
#include "login/syslog_send.h"
#include "session/rundir.h"
#include "store/store.h"

/* Milliseconds: the caller waits, and each worker finds a full log anew. */
#define LOG_PATIENCE 500

static const char *
hook_of(enum door_question_kind kind)
{
	switch (kind) {
	case DOOR_AUTHENTICATE:
		return "auth";
	case DOOR_ACCOUNT:
		return "account";
	case DOOR_OPEN_SESSION:
	case DOOR_CLOSE_SESSION:
		return "session";
	}
	return "";
}

void
inquiry_begin(struct inquiry *inquiry)
{
	const struct door_question *question = &inquiry->question;
	bool is_new = question->kind == DOOR_AUTHENTICATE;

	strcpy(inquiry->id, question->id);
	if (is_new)
		(void)token_parse(question->text, inquiry->id);
	verdict_fail(&inquiry->outcome.verdict, LOGIN_TEST_KNOWN);
	inquiry->attempt = (struct attempt){
	    .hook = hook_of(question->kind),
	    .user = question->user,
	    .service = question->service,
	    .id = inquiry->id,
	    .text = is_new ? question->text : NULL,
	    .ticket = question->ticket,
	    .need = question->need,
	    .confine = CONFINE_NEVER,
	    .now = time(NULL),
	    .is_by_door = true,
	    .caller = inquiry->peer->uid,
	};
}

enum err
inquiry_check_authority(struct inquiry *inquiry)
{
	const struct door_question *question = &inquiry->question;
	struct attempt *attempt = &inquiry->attempt;
	int64_t own = store_deadline(inquiry->config);
	enum err rc = door_authority(inquiry->config, inquiry->peer->uid,
	    question->user, question->service, &attempt->is_believed,
	    &inquiry->why);

	/* Anybody could have any address banned otherwise. */
	if (attempt->is_believed)
		attempt->from = question->from;
	attempt->deadline = deadline_in(question->patience);
	if (own < attempt->deadline)
		attempt->deadline = own;
	/* For who has gone nothing is used up. */
	if (rc == ERR_OK && !door_peer_is_there(inquiry->peer->fd))
		rc = error_set(
		    &inquiry->why, ERR_REFUSED, "who asked has gone");
	return rc;
}

enum err
inquiry_judge(struct inquiry *inquiry)
{
	static const struct attempt_host HOST = {.run = RUNDIR};
	enum err rc = inquiry_check_authority(inquiry);

	return rc == ERR_OK
	    ? decide_attempt(&inquiry->outcome, &inquiry->attempt,
		  inquiry->config, &HOST, &inquiry->why)
	    : rc;
}

static void
send_line(int level, const struct log_line *line)
{
	(void)syslog_send(level, line->text, LOG_PATIENCE);
}

void
inquiry_log(const struct inquiry *inquiry, enum err rc)
{
	const struct attempt_outcome *outcome = &inquiry->outcome;
	bool is_new = inquiry->question.kind == DOOR_AUTHENTICATE;
	struct log_line line;

	if (rc == ERR_OK && outcome->deactivated > 0) {
		line = attempt_log_deactivated(&inquiry->attempt,
		    outcome->deactivated, outcome->deactivated_reason);
		send_line(LOG_NOTICE, &line);
	}
	/* A later hook logs refusals only. */
	if (rc == ERR_OK && !is_new && outcome->verdict.accepted)
		return;
	if (rc == ERR_POLICY)
		line = attempt_log_refused(
		    &inquiry->attempt, MAX_SESSIONS_REASON, "");
	else
		line = attempt_log_verdict(
		    &inquiry->attempt, rc, &outcome->verdict, &inquiry->why);
	send_line(
	    rc == ERR_OK && outcome->verdict.accepted ? LOG_INFO : LOG_NOTICE,
	    &line);
}
