#include "door/door_worker.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "door/door_inquiry.h"
#include "own/own_message.h"
#include "own/own_worker.h"

#define PATIENCE 5000 /* milliseconds for the question to come */
#define LIFE 90       /* seconds for the answer; above lock_timeout */

/* Takes one packet; *len is 0 if there is none that fits. */
static void
receive(int fd, uint8_t bytes[OWN_PACKET_MAX], size_t *len)
{
	struct pollfd ready = {.fd = fd, .events = POLLIN};
	ssize_t got = 0;

	*len = 0;
	if (poll(&ready, 1, PATIENCE) == 1)
		/* MSG_TRUNC: the true length of a packet that does not fit. */
		got = recv(fd, bytes, OWN_PACKET_MAX, MSG_DONTWAIT | MSG_TRUNC);
	if (got > 0 && got <= OWN_PACKET_MAX)
		*len = (size_t)got;
}

/* Of a token only who had its text learns more than that it is accepted. */
static void
fill(struct door_answer *answer, const struct inquiry *inquiry)
{
	const struct record *record = &inquiry->outcome.record;

	*answer = (struct door_answer){
	    .kind = DOOR_ACCEPTED,
	    .is_listed = inquiry->is_listed,
	    .number = inquiry->number,
	};
	if (inquiry->question.kind != DOOR_AUTHENTICATE)
		return;
	strcpy(answer->id, record->id);
	strcpy(answer->name, record->name);
	strcpy(answer->scopes, record->scopes);
	strcpy(answer->ticket, record->ticket);
	answer->lifetime = record->lifetime;
	answer->expires = record->expires;
	answer->limits_sessions = record->max_sessions != 0;
}

static void
reply(int fd, const struct inquiry *inquiry, enum err rc)
{
	const struct verdict *verdict = &inquiry->outcome.verdict;
	struct door_answer answer = {.kind = DOOR_REFUSED};
	uint8_t bytes[DOOR_PACKET_MAX];
	size_t len;

	if (rc == ERR_OK && verdict->accepted)
		fill(&answer, inquiry);
	else if (rc == ERR_OK &&
	    verdict_failed_test(verdict) == LOGIN_TEST_ACCOUNT &&
	    verdict->account == ACCOUNT_DISABLED)
		answer.kind = DOOR_DISABLED;
	len = door_answer_encode(&answer, bytes);
	(void)send(fd, bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT);
	crypto_wipe(&answer, sizeof(answer));
	crypto_wipe(bytes, sizeof(bytes));
}

static enum err
serve(struct inquiry *inquiry)
{
	switch (inquiry->question.kind) {
	case DOOR_AUTHENTICATE:
	case DOOR_ACCOUNT:
		return inquiry_judge(inquiry);
	case DOOR_OPEN_SESSION:
	case DOOR_CLOSE_SESSION:
		return inquiry_serve_session(inquiry);
	}
	return ERR_INTERNAL;
}

/* As it is now. */
static enum err
read_config(struct context *context, struct error *why)
{
	config_free(&context->config);
	return config_read(&context->config, context->config_file, why);
}

static void
answer_question(struct context *context, int fd, const struct door_peer *peer,
    const uint8_t *bytes, size_t len)
{
	struct inquiry inquiry = {.config = &context->config, .peer = peer};
	enum err rc = door_question_decode(&inquiry.question, bytes, len);

	if (rc != ERR_OK)
		return;
	/* Nobody types here. */
	(void)alarm(LIFE);
	inquiry_begin(&inquiry);
	rc = read_config(context, &inquiry.why);
	if (rc == ERR_OK)
		rc = serve(&inquiry);
	inquiry_log(&inquiry, rc);
	reply(fd, &inquiry, rc);
	crypto_wipe(&inquiry.question, sizeof(inquiry.question));
}

/* What was asked is answered, even if the door ends meanwhile. */
static void
block_end(void)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
}

void
door_worker_run(struct context *context, int fd, const struct door_peer *peer)
{
	uint8_t bytes[OWN_PACKET_MAX];
	const struct own_caller caller = {peer->uid, peer->pid};
	size_t len = 0;

	receive(fd, bytes, &len);
	block_end();
	if (len > 1 && bytes[1] == OWN_REQUEST) {
		if (read_config(context, NULL) == ERR_OK)
			own_worker_run(context, fd, &caller, bytes, len);
	} else if (len > 0) {
		answer_question(context, fd, peer, bytes, len);
	}
	crypto_wipe(bytes, sizeof(bytes));
}
