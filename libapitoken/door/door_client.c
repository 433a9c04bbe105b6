#include "door/door_client.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/deadline.h"
#include "door/door_knock.h"
#include "door/door_message.h"

enum err
door_look(const char *path, int64_t deadline, struct error *why)
{
	int fd = -1;
	enum err rc = door_enter(&fd, deadline, path, why);

	if (fd >= 0)
		(void)close(fd);
	return rc;
}

/* What each question has. */
static enum err
fill(struct door_question *question, enum door_question_kind kind,
    const struct attempt *attempt, struct error *why)
{
	if (attempt->user == NULL || attempt->service == NULL)
		return error_set(
		    why, ERR_INTERNAL, "the host names no user or no service");
	if (strlen(attempt->user) >= sizeof(question->user) ||
	    strlen(attempt->service) >= sizeof(question->service) ||
	    strlen(attempt->need) >= sizeof(question->need))
		return error_set(
		    why, ERR_INVALID, "the user or service name is too long");
	*question = (struct door_question){.kind = kind};
	strcpy(question->user, attempt->user);
	strcpy(question->service, attempt->service);
	strcpy(question->need, attempt->need);
	network_format_address(attempt->from, question->from);
	if (kind == DOOR_AUTHENTICATE) {
		strcpy(question->text, attempt->text); /* well-formed */
		return ERR_OK;
	}
	strcpy(question->id, attempt->id);
	if (attempt->ticket != NULL)
		strcpy(question->ticket, attempt->ticket);
	return ERR_OK;
}

static enum err
no_answer(const char *path, struct error *why)
{
	return error_set(why, ERR_DAMAGED,
	    "the door at %s gives no answer; see the log", path);
}

/* Asks, once it has been let in: from here on nothing is asked twice. */
static enum err
ask(int fd, struct door_answer *answer, const struct door_question *question,
    const char *path, int64_t deadline, struct error *why)
{
	uint8_t bytes[DOOR_PACKET_MAX];
	size_t len = door_question_encode(question, bytes);
	enum err rc = ERR_OK;

	if (len == 0)
		rc = error_plain(why, ERR_INTERNAL);
	else if (send(fd, bytes, len, MSG_NOSIGNAL) != (ssize_t)len)
		rc = door_failed(path, why);
	crypto_wipe(bytes, len);
	if (rc == ERR_OK)
		rc = door_receive(
		    fd, bytes, sizeof(bytes), &len, deadline, path, why);
	if (rc == ERR_OK && door_answer_decode(answer, bytes, len) != ERR_OK)
		rc = no_answer(path, why);
	return rc;
}

/* From the knock to the answer. */
static enum err
visit(struct door_answer *answer, struct door_question *question,
    const char *path, int64_t deadline, struct error *why)
{
	int fd = -1;
	enum err rc = door_enter(&fd, deadline, path, why);

	question->patience = (uint32_t)deadline_poll(deadline);
	if (rc == ERR_OK)
		rc = ask(fd, answer, question, path, deadline, why);
	if (fd >= 0)
		(void)close(fd);
	return rc;
}

/* What the door says, as if it had been judged here. */
static void
take(struct attempt_outcome *outcome, const struct door_answer *answer)
{
	struct record *record = &outcome->record;

	outcome->is_logged = true;
	switch (answer->kind) {
	case DOOR_ACCEPTED:
		outcome->verdict.accepted = true;
		strcpy(record->id, answer->id);
		strcpy(record->name, answer->name);
		strcpy(record->scopes, answer->scopes);
		strcpy(record->ticket, answer->ticket);
		record->lifetime = answer->lifetime;
		record->expires = answer->expires;
		record->max_sessions = answer->limits_sessions;
		break;
	case DOOR_DISABLED:
		verdict_fail(&outcome->verdict, LOGIN_TEST_ACCOUNT);
		outcome->verdict.account = ACCOUNT_DISABLED;
		break;
	case DOOR_REFUSED:
		break;
	}
}

enum err
door_ask(struct attempt_outcome *outcome, const struct attempt *attempt,
    const char *path, struct error *why)
{
	struct door_question question = {0};
	struct door_answer answer = {0};
	char id[TOKEN_ID_LEN + 1];
	enum err rc;

	*outcome = (struct attempt_outcome){.confine = CONFINE_NEVER};
	verdict_fail(&outcome->verdict, LOGIN_TEST_FORM);
	/* What is no token is refused without asking anybody. */
	if (attempt->text != NULL && !token_parse(attempt->text, id))
		return ERR_OK;
	verdict_fail(&outcome->verdict, LOGIN_TEST_KNOWN);
	rc = fill(&question,
	    attempt->text != NULL ? DOOR_AUTHENTICATE : DOOR_ACCOUNT, attempt,
	    why);
	if (rc == ERR_OK)
		rc = visit(&answer, &question, path, attempt->deadline, why);
	crypto_wipe(&question, sizeof(question));
	/* Who asks about a text is told whose it is. */
	if (rc == ERR_OK && attempt->text != NULL &&
	    answer.kind == DOOR_ACCEPTED && answer.id[0] == '\0')
		rc = no_answer(path, why);
	if (rc == ERR_OK)
		take(outcome, &answer);
	crypto_wipe(&answer, sizeof(answer));
	return rc;
}

enum err
door_open_session(struct session *session, bool limits_sessions,
    bool *is_listed, const struct attempt *attempt, const char *path,
    struct error *why)
{
	struct door_question question;
	struct door_answer answer;
	enum err rc = fill(&question, DOOR_OPEN_SESSION, attempt, why);

	*is_listed = false;
	if (rc != ERR_OK)
		return rc;
	strcpy(question.name, session->name);
	strcpy(question.tty, session->tty);
	question.is_shared = session->is_shared;
	question.limits_sessions = limits_sessions;
	question.lifetime = session->lifetime;
	question.before = session->before;
	rc = visit(&answer, &question, path, attempt->deadline, why);
	crypto_wipe(&question, sizeof(question));
	if (rc == ERR_OK && answer.kind != DOOR_ACCEPTED)
		rc = error_shown(why);
	if (rc != ERR_OK)
		return rc;
	*is_listed = answer.is_listed;
	session->number = answer.number;
	return ERR_OK;
}

void
door_close_session(const struct session *session, const struct attempt *attempt,
    const char *path, int64_t deadline)
{
	struct door_question question;
	struct door_answer answer;

	if (fill(&question, DOOR_CLOSE_SESSION, attempt, NULL) != ERR_OK)
		return;
	strcpy(question.name, session->name);
	question.lifetime = session->lifetime;
	question.number = session->number;
	(void)visit(&answer, &question, path, deadline, NULL);
	crypto_wipe(&question, sizeof(question));
}
