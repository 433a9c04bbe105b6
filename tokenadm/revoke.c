#include <string.h>

#include "actor.h"
#include "audit.h"
#include "change.h"
#include "command.h"
#include "once.h"
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

/* The tokens that are named; a user's are looked up in the change itself. */
static enum err
select_given(struct context *context, const struct args *args,
    struct selection *selection)
{
	bool user = args_has(args, "user");

	if (args_has(args, "stdin")) {
		if (user || args->operand_count > 0)
			return error_set(&context->error, ERR_USAGE,
			    "--stdin: goes with neither TOKEN... nor --user");
		return select_from_stdin(context, selection);
	}
	if (user && args->operand_count == 0)
		return ERR_OK;
	return select_tokens(context, args, args_get(args, "user"), selection);
}

/* A token that is revoked already stays so; no login that goes on has it. */
static enum err
revoke_again(
    struct context *context, struct store *store, struct record *record)
{
	if (!once_is_spent(record))
		return ERR_OK;
	record->ticket[0] = '\0';
	return store_put(store, record, &context->error);
}

/*
 * Revokes the token and notes it in done. Revoking twice succeeds, and leaves
 * what the first one said. Of a rotation the new token takes the old one with
 * it, until it has been used: they are one to whoever revokes it.
 */
static enum err
revoke_one(struct context *context, struct store *store, const char *id,
    const struct record_event *event, struct selection *done)
{
	struct record record;
	enum err rc = store_get(store, id, &record, &context->error);

	if (rc != ERR_OK)
		return rc;
	if (record.state == RECORD_REVOKED)
		return revoke_again(context, store, &record);
	record.state = RECORD_REVOKED;
	record.ended = *event;
	rc = store_put(store, &record, &context->error);
	if (rc == ERR_OK)
		rc = select_add(done, &record);
	if (rc != ERR_OK || record.predecessor[0] == '\0')
		return rc;
	rc = revoke_one(context, store, record.predecessor, event, done);
	return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}

/*
 * All tokens that the user has by now, and not when he was looked up. One that
 * is damaged keeps none of the others alive; it is reported in the end.
 */
static enum err
revoke_user(struct context *context, struct store *store, const char *user,
    const struct record_event *event, struct selection *done,
    struct error *damage)
{
	struct index index = {0};
	enum err rc = store_get_index(store, user, &index, &context->error);

	for (size_t i = 0; rc == ERR_OK && i < index.count; i++) {
		rc = revoke_one(context, store, index.ids[i], event, done);
		if (rc == ERR_DAMAGED || rc == ERR_NEWER ||
		    rc == ERR_NOT_FOUND) {
			*damage = context->error;
			rc = ERR_OK;
		}
	}
	if (rc == ERR_OK && index.count == 0)
		rc = error_set(&context->error, ERR_NOT_FOUND,
		    "user `%s`: has no tokens", user);
	index_free(&index);
	return rc;
}

static enum err
revoke_all(struct context *context, const struct selection *selection,
    const char *user, const struct record_event *event, struct selection *done)
{
	struct error damage = {""};
	struct change change;
	enum err rc = change_begin(&change, context);

	if (rc != ERR_OK)
		return rc;
	for (size_t i = 0; rc == ERR_OK && i < selection->count; i++)
		rc = revoke_one(context, change.store, selection->records[i].id,
		    event, done);
	if (rc == ERR_OK && user != NULL)
		rc = revoke_user(
		    context, change.store, user, event, done, &damage);
	rc = change_end(&change, context, rc);
	if (rc != ERR_OK) {
		select_free(done);
		return rc;
	}
	return damage.text[0] == '\0'
	    ? ERR_OK
	    : error_set(&context->error, ERR_DAMAGED, "%s", damage.text);
}

static void
report(const struct selection *done)
{
	for (size_t i = 0; i < done->count; i++)
		audit("revoked", &done->records[i], done->records[i].ended.by,
		    done->records[i].ended.reason);
}

static enum err
run(struct context *context, const struct args *args)
{
	struct record_event event = {.at = context->now};
	struct selection selection = {0}, done = {0};
	enum err rc = set_reason(
	    &event, args_get(args, "reason"), &context->error);

	if (rc == ERR_OK)
		rc = select_given(context, args, &selection);
	if (rc == ERR_OK) {
		actor_name(event.by);
		rc = revoke_all(
		    context, &selection, args_get(args, "user"), &event, &done);
	}
	report(&done);
	select_free(&done);
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
