#include "own/own_worker.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/crypto.h"
#include "cli/logo_option.h"
#include "cli/outcome.h"
#include "own/own_confirm.h"
#include "own/own_owner.h"
#include "own/own_streams.h"
#include "own/own_verbs.h"
#include "tokens/actor.h"

static enum err
admit(struct context *context)
{
	/* The daemon's is when it started. */
	context->now = time(NULL);
	context->config.is_for_self = true;
	return own_owner_check(
	    context, context->self->user, context->self->uid);
}

/*
 * While he was waited for, the account or the config may have changed, and time
 * has passed.
 */
static enum err
admit_again(struct context *context)
{
	enum err rc;

	config_free(&context->config);
	rc = config_read(
	    &context->config, context->config_file, &context->error);
	return rc == ERR_OK ? admit(context) : rc;
}

/* Waits for all that is still to come from him: password, and logo. */
static enum err
hear_out(struct context *context, const struct own_verb *verb,
    const struct args *args, pid_t pid)
{
	bool confirms = own_verbs_confirms(verb, args);
	bool has_input = logo_option_is_input(args);
	enum err rc = ERR_OK;

	if (confirms)
		rc = own_confirm(context, pid);
	if (rc == ERR_OK && has_input)
		rc = own_streams_fetch_input(LOGO_OPTION_SIZE, &context->error);
	return rc == ERR_OK && (confirms || has_input) ? admit_again(context)
						       : rc;
}

static enum err
run_verb(struct context *context, struct own_request *request, pid_t pid)
{
	const struct own_verb *verb = own_verbs_find(request->argv[0]);
	struct error *why = &context->error;
	struct args args;
	enum err rc;

	if (verb == NULL)
		return error_set(
		    why, ERR_DENIED, "%s: for root only", request->argv[0]);
	rc = command_parse(
	    verb->command, &args, request->argc, request->argv, why);
	if (rc == ERR_OK)
		rc = own_verbs_apply(verb, &args, request->user, why);
	if (rc == ERR_OK)
		rc = hear_out(context, verb, &args, pid);
	return rc == ERR_OK ? verb->command->run(context, &args) : rc;
}

static enum err
serve(struct context *context, const struct own_caller *caller,
    struct own_request *request)
{
	const struct token_owner self = {request->user, caller->uid};
	enum err rc;

	context->self = &self;
	rc = admit(context);
	if (rc == ERR_OK) {
		actor_set(request->user);
		rc = run_verb(context, request, caller->pid);
	}
	context->self = NULL;
	return rc;
}

static void
refuse_all(struct context *context)
{
	(void)error_about(&context->error, NULL, "self_service_off",
	    error_set(&context->error, ERR_DENIED,
		"users do not manage their own tokens here: [self_service] in "
		"apitoken.conf has allow = no; ask the administrator"));
}

void
own_worker_run(struct context *context, int fd, const struct own_caller *caller,
    const uint8_t *bytes, size_t len)
{
	bool is_off = strcmp(context->config.self.allow, "no") == 0;
	struct own_request *request = calloc(1, sizeof(*request));
	char *failure;
	enum err rc = ERR_DENIED;

	if (request == NULL ||
	    (!is_off && own_request_decode(request, bytes, len) != ERR_OK))
		goto out;
	if (own_streams_begin(fd, request, &context->error) != ERR_OK)
		goto out;
	if (is_off)
		refuse_all(context);
	else
		rc = serve(context, caller, request);
	rc = outcome_report(context, rc);
	failure = outcome_json(context, rc);
	own_streams_end(outcome_exit_code(rc), failure != NULL ? failure : "");
	free(failure);
out:
	if (request != NULL)
		crypto_wipe(request, sizeof(*request));
	free(request);
}
