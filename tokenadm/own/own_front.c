#include "own/own_front.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/deadline.h"
#include "base/retry.h"
#include "cli/ask.h"
#include "cli/outcome.h"
#include "cli/secret.h"
#include "cli/text.h"
#include "door/door_knock.h"
#include "own/front_logo.h"
#include "own/own_packet.h"
#include "own/own_verbs.h"
#include "store/store.h"

#define PATIENCE 110000 /* milliseconds for all of it */

struct visit {
	struct context *context;
	const char *path;
	int64_t deadline;
	FILE *output; /* NULL: standard output */
	int fd;
	struct front_logo *logo; /* what the door may want as input */
	int code;                /* the exit code, once it is over */
	bool is_over;
};

bool
own_front_begin(
    struct context *context, const struct command *command, struct args *args)
{
	/* It has to outlive this. */
	static char name[RECORD_USER_MAX + 1];
	const struct own_verb *verb = own_verbs_find(command->name);
	const struct passwd *entry;

	if (verb == NULL || geteuid() == 0 ||
	    !store_is_denied(&context->config))
		return false;
	context->ask = own_front_ask;
	entry = getpwuid(getuid());
	if (!verb->is_users || entry == NULL || args_has(args, "user"))
		return true;
	(void)snprintf(name, sizeof(name), "%s", entry->pw_name);
	args_set(args, "user", name);
	return true;
}

/* The account that is meant; the door decides whether it is the caller's. */
static enum err
name_user(
    struct own_request *request, const struct args *args, struct error *why)
{
	const struct passwd *entry = getpwuid(getuid());
	const char *user = own_verbs_user(args);

	if (user == NULL && entry != NULL)
		user = entry->pw_name;
	if (user == NULL)
		return error_set(why, ERR_NOT_FOUND,
		    "uid %lu: has no name, or it cannot be looked up",
		    (unsigned long)getuid());
	if (strlen(user) > RECORD_USER_MAX)
		return error_set(
		    why, ERR_INVALID, "user: the name is too long");
	strcpy(request->user, user);
	return ERR_OK;
}

static enum err
add(struct own_request *request, const char *text, struct error *why)
{
	if (request->argc == OWN_ARGUMENTS_MAX)
		return error_set(why, ERR_INVALID, "too many arguments");
	/* Not changed from here on. */
	request->argv[request->argc++] = (char *)(uintptr_t)text;
	return ERR_OK;
}

/* Options as --NAME=VALUE, in the request's texts. */
static enum err
add_option(struct own_request *request, size_t *used,
    const struct option_spec *spec, const char *value, struct error *why)
{
	char *text = request->texts + *used;
	size_t room = sizeof(request->texts) - *used;
	int len = spec->argument != NULL
	    ? snprintf(text, room, "--%s=%s", spec->name, value)
	    : snprintf(text, room, "--%s", spec->name);

	if (len < 0 || (size_t)len >= room)
		return error_set(why, ERR_INVALID, "the options are too long");
	*used += (size_t)len + 1;
	return add(request, text, why);
}

static enum err
add_all(struct own_request *request, const struct command *command,
    const struct args *args, struct error *why)
{
	size_t used = 0;
	enum err rc = add(request, command->name, why);

	for (size_t i = 0; rc == ERR_OK && args->specs[i].name != NULL; i++) {
		if (args->values[i] != NULL)
			rc = add_option(request, &used, &args->specs[i],
			    front_logo_value(&args->specs[i], args->values[i]),
			    why);
	}
	if (rc == ERR_OK)
		rc = add(request, "--", why);
	for (int i = 0; rc == ERR_OK && i < args->operand_count; i++)
		rc = add(request, args->operands[i], why);
	return rc;
}

/* verify reads a token, revoke --stdin some. */
static enum err
read_input(struct own_request *request, const struct command *command,
    const struct args *args, struct error *why)
{
	size_t len = 0;
	ssize_t got;
	enum err rc;

	if (command == &command_verify) {
		rc = secret_read(request->input, OWN_INPUT_MAX - 1, why);
		if (rc != ERR_OK)
			return rc;
		request->input_len = strlen(request->input);
		request->input[request->input_len++] = '\n';
		return ERR_OK;
	}
	if (command != &command_revoke || !args_has(args, "stdin"))
		return ERR_OK;
	ask_lines("Tokens to revoke");
	while ((got = read(STDIN_FILENO, request->input + len,
		    OWN_INPUT_MAX - len)) > 0)
		len += (size_t)got;
	if (len == OWN_INPUT_MAX)
		return error_about(why, "stdin", NULL,
		    error_set(why, ERR_INVALID,
			"standard input: more than %d bytes; revoke fewer at a "
			"time",
			OWN_INPUT_MAX - 1));
	request->input_len = len;
	return ERR_OK;
}

static enum err
no_answer(enum own_kind kind, struct error *why)
{
	if (kind == OWN_ASK)
		return error_about(why, NULL, "not_confirmed",
		    error_set(why, ERR_REFUSED, "nothing was changed"));
	return error_about(why, "password", "password_required",
	    error_set(why, ERR_REFUSED,
		"no password was given; nothing was changed"));
}

/* Whoever wants no answer ends the visit. */
static enum err
answer(
    const struct visit *visit, enum own_kind kind, const char *text, size_t len)
{
	char question[OWN_TEXT_MAX + 1], typed[OWN_TEXT_MAX + 1];
	enum err rc = ERR_REFUSED;

	(void)snprintf(question, sizeof(question), "%.*s", (int)len, text);
	if (secret_ask(
		question, kind == OWN_ASK_HIDDEN, typed, sizeof(typed)) &&
	    own_packet_send(visit->fd, OWN_ANSWER, typed, strlen(typed)))
		rc = ERR_OK;
	crypto_wipe(typed, sizeof(typed));
	return rc == ERR_OK ? rc : no_answer(kind, &visit->context->error);
}

static bool
write_output(FILE *output, const char *text, size_t len)
{
	return output != NULL ? fwrite(text, 1, len, output) == len
			      : retry_write(STDOUT_FILENO, text, len) == 0;
}

/* As JSON; the other side has shown it on standard error. */
static enum err
show_failure(const struct visit *visit, const char *failure, size_t len)
{
	if (len == 0 || !visit->context->is_json)
		return ERR_OK;
	return retry_write(STDOUT_FILENO, failure, len) == 0 &&
		retry_write(STDOUT_FILENO, "\n", 1) == 0
	    ? ERR_OK
	    : text_not_written(&visit->context->error);
}

static enum err
take(struct visit *visit, const uint8_t *bytes, size_t len)
{
	struct error *why = &visit->context->error;
	enum own_kind kind;
	const char *text;

	if (own_decode(&kind, &text, &len, bytes, len) != ERR_OK)
		return error_set(why, ERR_DAMAGED,
		    "the door at %s gives no answer; see the log", visit->path);
	switch (kind) {
	case OWN_OUTPUT:
		if (!write_output(visit->output, text, len))
			return text_not_written(why);
		return own_packet_send(visit->fd, OWN_WRITTEN, "", 0)
		    ? ERR_OK
		    : door_failed(visit->path, why);
	case OWN_ERRORS:
		(void)retry_write(STDERR_FILENO, text, len);
		return ERR_OK;
	case OWN_ASK:
	case OWN_ASK_HIDDEN:
		return answer(visit, kind, text, len);
	case OWN_MORE:
		return front_logo_send(visit->logo, visit->fd, why);
	case OWN_END:
		visit->code = (unsigned char)text[0];
		visit->is_over = true;
		return show_failure(visit, text + 1, len - 1);
	default:
		return error_set(why, ERR_DAMAGED,
		    "the door at %s is of another version", visit->path);
	}
}

static enum err
serve(struct visit *visit, const uint8_t *request, size_t len)
{
	struct error *why = &visit->context->error;
	uint8_t bytes[OWN_PACKET_MAX];
	enum err rc = ERR_OK;

	if (send(visit->fd, request, len, MSG_NOSIGNAL) != (ssize_t)len)
		return door_failed(visit->path, why);
	while (rc == ERR_OK && !visit->is_over) {
		rc = door_receive(visit->fd, bytes, sizeof(bytes), &len,
		    visit->deadline, visit->path, why);
		if (rc == ERR_OK)
			rc = take(visit, bytes, len);
	}
	crypto_wipe(bytes, sizeof(bytes));
	return rc;
}

/* The other side has said what was wrong. */
static enum err
end(struct context *context, int code)
{
	context->is_reported = code != 0;
	if (code == 0)
		return ERR_OK;
	return code == outcome_exit_code(ERR_INVALID) ? ERR_INVALID
						      : ERR_REFUSED;
}

static enum err
visit_door(struct context *context, struct front_logo *logo,
    const uint8_t *request, size_t len, FILE *output)
{
	struct visit visit = {
	    .context = context,
	    .logo = logo,
	    .path = context->config.door.socket,
	    .deadline = deadline_in(PATIENCE),
	    .output = output,
	    .fd = -1,
	};
	enum err rc = door_enter(&visit.fd, store_deadline(&context->config),
	    visit.path, &context->error);

	if (rc == ERR_MISSING)
		rc = error_about(&context->error, NULL, "no_door",
		    error_set(&context->error, ERR_DENIED,
			"users have their own tokens by the door, and there is "
			"none at %s",
			visit.path));
	if (rc == ERR_OK)
		rc = serve(&visit, request, len);
	if (visit.fd >= 0)
		(void)close(visit.fd);
	return rc == ERR_OK ? end(context, visit.code) : rc;
}

static enum err
ask(struct context *context, const struct command *command,
    const struct args *args, FILE *output)
{
	struct own_request *request = calloc(1, sizeof(*request));
	struct error *why = &context->error;
	struct front_logo logo = {.file = NULL};
	uint8_t bytes[OWN_PACKET_MAX];
	size_t len = 0;
	enum err rc;

	if (request == NULL)
		return error_plain(why, ERR_NOMEM);
	request->terminal = terminal_get();
	rc = name_user(request, args, why);
	if (rc == ERR_OK)
		rc = add_all(request, command, args, why);
	if (rc == ERR_OK)
		rc = read_input(request, command, args, why);
	if (rc == ERR_OK && own_request_encode(request, bytes, &len) != ERR_OK)
		rc = error_set(why, ERR_INVALID, "the options are too long");
	if (rc == ERR_OK)
		rc = front_logo_begin(&logo, args, why);
	if (rc == ERR_OK)
		rc = visit_door(context, &logo, bytes, len, output);
	front_logo_end(&logo);
	crypto_wipe(bytes, sizeof(bytes));
	crypto_wipe(request, sizeof(*request));
	free(request);
	return rc;
}

enum err
own_front_ask(struct context *context, const struct command *command,
    const struct args *args)
{
	return ask(context, command, args, NULL);
}

enum err
own_front_collect(struct context *context, const struct command *command,
    const struct args *args, char **text)
{
	size_t size = 0;
	FILE *output;
	enum err rc;

	*text = NULL;
	output = open_memstream(text, &size);
	if (output == NULL)
		return error_plain(&context->error, ERR_NOMEM);
	rc = ask(context, command, args, output);
	if (fclose(output) != 0 && rc == ERR_OK)
		rc = error_plain(&context->error, ERR_NOMEM);
	return rc;
}

bool
own_front_runs(const struct command *command, const struct args *args)
{
	return command == &command_issue || args_look(args, "follow") != NULL;
}
