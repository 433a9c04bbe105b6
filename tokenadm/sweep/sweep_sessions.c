#include "sweep/sweep_sessions.h"

#include <stdio.h>

#include "sessions/deactivated.h"
#include "sessions/terminate.h"

static bool
are_ended(const struct context *context, const struct sweeping *how)
{
	return context->config.ends_sessions && !how->dry_run;
}

enum err
sweep_sessions_end(struct context *context, const struct sweeping *how,
    const struct selection *tokens)
{
	struct termination done;
	enum err rc;

	if (!are_ended(context, how) || tokens->count == 0)
		return ERR_OK;
	rc = terminate_sessions(context, tokens, &done);
	terminate_report(context, &done, stdout);
	terminate_free(&done);
	return rc;
}

static enum err
end_left(struct context *context, const struct sweeping *how,
    const struct selection *tokens)
{
	struct termination done;
	enum err rc = terminate_sessions(context, tokens, &done);

	/* Some may go on from sweep to sweep: only what has ended is said. */
	if (done.ended > 0)
		terminate_report(context, &done, stdout);
	terminate_free(&done);
	/* They do so a minute later, too: a watch need not try again. */
	return rc == ERR_SYSTEM && how->is_quiet ? ERR_POLICY : rc;
}

enum err
sweep_sessions_end_left(
    struct context *context, const struct sweeping *how, const char *user)
{
	struct selection tokens = {0};
	struct error why;
	enum err rc, other = ERR_OK;

	if (!are_ended(context, how))
		return ERR_OK;
	rc = deactivated_find(context, user, &tokens);
	why = context->error;
	if (tokens.count > 0)
		other = end_left(context, how, &tokens);
	if (rc != ERR_OK)
		context->error = why;
	select_free(&tokens);
	return rc == ERR_OK ? other : rc;
}
