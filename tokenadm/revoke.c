#include <stdio.h>
#include <string.h>

#include "actor.h"
#include "change.h"
#include "command.h"
#include "find.h"

static enum err
set_reason(struct record_event *event, const char *reason, struct error *why)
{
	if (reason == NULL)
		return ERR_OK;
	if (!parse_is_printable(reason, RECORD_REASON_MAX))
		return error_set(why, ERR_INVALID,
		    "reason: 1 to %d bytes of printable UTF-8",
		    RECORD_REASON_MAX);
	strcpy(event->reason, reason);
	return ERR_OK;
}

/* Revoking twice succeeds, and leaves what the first one said. */
static enum err
revoke_one(struct context *context, struct store *store, const char *called,
    const struct record_event *event)
{
	struct record record;
	enum err rc = find_token(
	    store, called, context->now, &record, &context->error);

	if (rc != ERR_OK || record.state == RECORD_REVOKED)
		return rc;
	record.state = RECORD_REVOKED;
	record.ended = *event;
	return store_put(store, &record, &context->error);
}

static enum err
run(struct context *context, const struct args *args)
{
	struct record_event event = {.at = context->now};
	struct change change;
	enum err rc;

	rc = set_reason(&event, args_get(args, "reason"), &context->error);
	if (rc != ERR_OK)
		return rc;
	actor_name(event.by);
	rc = change_begin(&change, context);
	if (rc != ERR_OK)
		return rc;
	for (int i = 0; rc == ERR_OK && i < args->operand_count; i++)
		rc = revoke_one(
		    context, change.store, args->operands[i], &event);
	return change_end(&change, context, rc);
}

static const struct option_spec OPTIONS[] = {
    {"reason", "TEXT", "why, for whoever looks at it later"},
    {0},
};

const struct command command_revoke = {
    .name = "revoke",
    .operands = "TOKEN...",
    .least = 1,
    .most = -1,
    .summary = "Revoke tokens, from their next login on",
    .options = OPTIONS,
    .run = run,
};
