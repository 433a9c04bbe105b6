#include <string.h>

#include "actor.h"
#include "audit.h"
#include "change.h"
#include "command.h"
#include "select.h"

static enum err
set_reason(struct record_event *event, const char *reason, struct error *why)
{
	if (reason == NULL)
		return ERR_OK;
	if (!parse_is_printable(reason, RECORD_REASON_MAX))
		return error_set(why, ERR_INVALID,
		    "reason `%s`: 1 to %d bytes of printable UTF-8", reason,
		    RECORD_REASON_MAX);
	strcpy(event->reason, reason);
	return ERR_OK;
}

static enum err
select_given(struct context *context, const struct args *args,
    struct selection *selection)
{
	const char *user = args_get(args, "user");

	if (!args_has(args, "stdin"))
		return select_tokens(context, args, user, selection);
	if (user != NULL || args->operand_count > 0)
		return error_set(&context->error, ERR_USAGE,
		    "--stdin: goes with neither TOKEN... nor --user");
	return select_from_stdin(context, selection);
}

/*
 * Revoking twice succeeds, and leaves what the first one said: such a record
 * gets an event that never happened, by which report knows it.
 */
static enum err
revoke_one(struct context *context, struct store *store, struct record *record,
    const struct record_event *event)
{
	char id[TOKEN_ID_LEN + 1];
	enum err rc;

	strcpy(id, record->id);
	rc = store_get(store, id, record, &context->error);
	if (rc != ERR_OK || record->state == RECORD_REVOKED) {
		record->ended.at = 0;
		return rc;
	}
	record->state = RECORD_REVOKED;
	record->ended = *event;
	return store_put(store, record, &context->error);
}

static enum err
revoke_all(struct context *context, struct selection *selection,
    const struct record_event *event)
{
	struct change change;
	enum err rc = change_begin(&change, context);

	if (rc != ERR_OK)
		return rc;
	for (size_t i = 0; rc == ERR_OK && i < selection->count; i++)
		rc = revoke_one(
		    context, change.store, &selection->records[i], event);
	return change_end(&change, context, rc);
}

static void
report(const struct selection *selection)
{
	for (size_t i = 0; i < selection->count; i++) {
		const struct record *record = &selection->records[i];

		if (record->ended.at != 0)
			audit("revoked", record, record->ended.by,
			    record->ended.reason);
	}
}

static enum err
run(struct context *context, const struct args *args)
{
	struct record_event event = {.at = context->now};
	struct selection selection = {0};
	enum err rc = set_reason(
	    &event, args_get(args, "reason"), &context->error);

	if (rc == ERR_OK)
		rc = select_given(context, args, &selection);
	if (rc == ERR_OK) {
		actor_name(event.by);
		rc = revoke_all(context, &selection, &event);
	}
	if (rc == ERR_OK)
		report(&selection);
	select_free(&selection);
	return rc;
}

static const struct option_spec OPTIONS[] = {
    {"user", "USER", "all tokens of this user"},
    {"stdin", NULL, "the tokens that stand on standard input, one a line"},
    {"reason", "TEXT", "why, for whoever looks at it later"},
    {0},
};

const struct command command_revoke = {
    .name = "revoke",
    .operands = "[TOKEN...]",
    .most = -1,
    .summary = "Revoke tokens, from their next login on",
    .options = OPTIONS,
    .run = run,
};
