#include <stdio.h>
#include <string.h>
#include <time.h>

#include "door/door_inquiry.h"
#include "login/session_begin.h"
#include "session/rundir.h"

static enum err
describe(struct session *session, struct inquiry *inquiry)
{
	const struct door_question *question = &inquiry->question;
	uint64_t parent;
	enum err rc;

	*session = (struct session){
	    .since = time(NULL),
	    .number = question->number,
	    .lifetime = question->lifetime,
	    .before = question->before,
	    .is_shared = question->is_shared,
	};
	strcpy(session->id, question->id);
	strcpy(session->user, question->user);
	strcpy(session->name, question->name);
	strcpy(session->tty, question->tty);
	/* A longer one is cut, in the list only. */
	(void)snprintf(session->service, sizeof(session->service), "%.*s",
	    PARSE_SERVICE_MAX, question->service);
	if (inquiry->attempt.from != NULL)
		strcpy(session->from, inquiry->attempt.from);
	rc = process_read((uint64_t)inquiry->peer->pid, &session->process,
	    &parent, &inquiry->why);
	if (rc == ERR_OK && !door_peer_is_there(inquiry->peer->fd))
		rc = error_set(
		    &inquiry->why, ERR_REFUSED, "who asked has gone");
	return rc;
}

/* Only root has sessions in the list. */
static enum err
check_root(struct inquiry *inquiry)
{
	enum err rc = inquiry_check_authority(inquiry);

	if (rc == ERR_OK && inquiry->peer->uid != 0)
		rc = error_set(&inquiry->why, ERR_REFUSED,
		    "uid %lu opens no sessions of tokens: only root does",
		    (unsigned long)inquiry->peer->uid);
	return rc;
}

static enum err
open_session(struct inquiry *inquiry, struct session *session)
{
	const struct session_beginning how = {
	    .run = RUNDIR,
	    .config = inquiry->config,
	    .attempt = &inquiry->attempt,
	    .limits_sessions = inquiry->question.limits_sessions,
	};
	enum err rc = session_begin_enter(
	    session, &how, &inquiry->is_listed, &inquiry->why);

	if (rc == ERR_OK)
		rc = session_begin_confirm(
		    session, &how, &inquiry->is_listed, &inquiry->why);
	if (inquiry->is_listed)
		inquiry->number = session->number;
	return rc;
}

enum err
inquiry_serve_session(struct inquiry *inquiry)
{
	struct session session;
	enum err rc = check_root(inquiry);

	if (rc == ERR_OK)
		rc = describe(&session, inquiry);
	if (rc == ERR_OK && inquiry->question.kind == DOOR_OPEN_SESSION)
		rc = open_session(inquiry, &session);
	else if (rc == ERR_OK)
		session_begin_end(&session, RUNDIR, inquiry->config);
	inquiry->outcome.verdict.accepted = rc == ERR_OK;
	return rc;
}
