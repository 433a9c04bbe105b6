#include "own/own_confirm.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "account/account.h"
#include "base/crypto.h"
#include "base/deadline.h"
#include "cli/text.h"
#include "door/door_knock.h"
#include "own/own_packet.h"
#include "own/own_session.h"
#include "own/own_streams.h"
#include "store/store.h"
#include "tokens/turn.h"

#define PATIENCE 100000 /* milliseconds for all of it */
#define FAILED_WAIT 3   /* seconds until he can try again */

/*
 * What PAM's modules say, which a server may have made up: no terminal takes it
 * for a command.
 */
static void
print_text(FILE *stream, const char *text, size_t len)
{
	char copy[OWN_TEXT_MAX + 1], *rest = copy, *line;

	memcpy(copy, text, len);
	copy[len] = '\0';
	while ((line = strsep(&rest, "\n")) != NULL) {
		text_print(stream, line);
		if (rest != NULL)
			fputc('\n', stream);
	}
}

/* Carries a question to the user, and his answer back. */
static enum err
relay(int fd, enum own_kind kind, const char *text, size_t len)
{
	char question[OWN_TEXT_MAX + 1] = "", answer[OWN_TEXT_MAX + 1];
	FILE *stream = fmemopen(question, OWN_TEXT_MAX, "w");
	bool is_done;

	if (stream == NULL)
		return ERR_NOMEM;
	print_text(stream, text, len);
	(void)fclose(stream);
	is_done = own_streams_ask(kind == OWN_ASK_HIDDEN, question, answer) &&
	    own_packet_send(fd, OWN_ANSWER, answer, strlen(answer));
	crypto_wipe(answer, sizeof(answer));
	return is_done ? ERR_OK : ERR_REFUSED;
}

static enum err
no_answer(struct error *why)
{
	return error_set(why, ERR_SYSTEM,
	    "no password could be asked for; see `systemctl status "
	    "apitoken-confirm`");
}

/* ERR_OK: one packet was dealt with. *is_over: it was the last. */
static enum err
take(int fd, int64_t deadline, bool *is_over, struct error *why)
{
	uint8_t bytes[OWN_PACKET_MAX];
	enum own_kind kind;
	const char *text;
	size_t len = 0;
	enum err rc = door_receive(
	    fd, bytes, sizeof(bytes), &len, deadline, OWN_CONFIRM_SOCKET, why);

	if (rc != ERR_OK)
		return rc;
	if (own_decode(&kind, &text, &len, bytes, len) != ERR_OK)
		return no_answer(why);
	switch (kind) {
	case OWN_ASK:
	case OWN_ASK_HIDDEN:
		return relay(fd, kind, text, len);
	case OWN_ERRORS:
		print_text(stderr, text, len);
		fputc('\n', stderr);
		return ERR_OK;
	case OWN_END:
		*is_over = true;
		return text[0] == 0 ? ERR_OK : ERR_REFUSED;
	default:
		return no_answer(why);
	}
}

static enum err
ask_pam(struct context *context, const char *user)
{
	int64_t deadline = deadline_in(PATIENCE);
	bool is_over = false;
	int fd = -1;
	enum err rc;

	rc = door_enter(&fd, store_deadline(&context->config),
	    OWN_CONFIRM_SOCKET, &context->error);
	if (rc == ERR_OK &&
	    !own_packet_send(fd, OWN_ANSWER, user, strlen(user)))
		rc = door_failed(OWN_CONFIRM_SOCKET, &context->error);
	while (rc == ERR_OK && !is_over)
		rc = take(fd, deadline, &is_over, &context->error);
	if (fd >= 0)
		(void)close(fd);
	return rc == ERR_REFUSED
	    ? error_about(&context->error, "password", "password_wrong",
		  error_set(&context->error, rc,
		      "the password was not confirmed; nothing was changed"))
	    : rc;
}

static enum err
check_without(struct context *context, const char *user, pid_t pid)
{
	struct account_policy policy = context->config.account;
	struct account account;
	enum err rc;

	/* Who has one is asked for it. */
	policy.require_password = true;
	account_lookup(&account, user, &policy, context->now);
	if (account.reason != ACCOUNT_NO_PASSWORD ||
	    account_is_local(user) != ERR_OK ||
	    strcmp(context->config.self.allow, "yes") == 0)
		return ask_pam(context, user);
	rc = own_session_check(pid, account.uid, &context->error);
	if (rc == ERR_OK && !own_streams_are_there())
		rc = error_set(
		    &context->error, ERR_REFUSED, "who asked has gone");
	return rc;
}

enum err
own_confirm(struct context *context, pid_t pid)
{
	static const struct timespec WAIT = {.tv_sec = FAILED_WAIT};
	const struct token_owner *self = context->self;
	int turn = -1;
	enum err rc = turn_take(&turn, TURN_CONFIRM, self->uid,
	    store_deadline(&context->config), &context->error);

	if (rc != ERR_OK)
		return rc;
	rc = context->config.self.without_password
	    ? check_without(context, self->user, pid)
	    : ask_pam(context, self->user);
	if (rc == ERR_REFUSED)
		(void)nanosleep(&WAIT, NULL);
	(void)close(turn);
	return rc;
}
