#include <stdio.h>

#include "cli/ask.h"
#include "cli/command.h"
#include "lifecycle/rotation.h"
#include "tokens/actor.h"
#include "tokens/audit.h"
#include "tokens/token_selection.h"
#include "tokens/fleet_origins.h"
#include "tokens/tokens_json.h"
#include "tokens/transaction.h"

/* A token that can log in must be revoked first, unless --force is given. */
static enum err
check_dead(struct context *context, const struct selection *selection)
{
	for (size_t i = 0; i < selection->count; i++) {
		const struct record *record = &selection->records[i];

		if (record_is_usable(record, context->now))
			return error_about(&context->error, "token", "usable",
			    error_set(&context->error, ERR_POLICY,
				"%s: can still log in; revoke it first, or "
				"give --force",
				record->id));
	}
	return ERR_OK;
}

static enum err
confirm(struct context *context, const struct selection *selection)
{
	char question[64];

	if (!ask_is_possible())
		return error_about(&context->error, "yes", "not_confirmed",
		    error_set(&context->error, ERR_REFUSED,
			"nobody to ask; --yes deletes without asking"));
	for (size_t i = 0; i < selection->count; i++) {
		const struct record *record = &selection->records[i];

		fprintf(stderr, "%s  %s/%s\n", record->id, record->user,
		    record->name);
	}
	(void)snprintf(question, sizeof(question), "Delete %zu token%s?",
	    selection->count, selection->count == 1 ? "" : "s");
	if (ask_yes(question))
		return ERR_OK;
	return error_about(&context->error, "yes", "not_confirmed",
	    error_set(&context->error, ERR_REFUSED, "nothing was deleted"));
}

static enum err
delete_one(struct context *context, struct store *store,
    const struct record *seen, bool force)
{
	struct error *why = &context->error;
	struct record record;
	enum err rc = store_get(store, seen->id, &record, why);

	if (rc != ERR_OK)
		return rc;
	/* It may have been approved while the question was open. */
	if (!force && record_is_usable(&record, context->now))
		return error_about(why, "token", "usable",
		    error_set(
			why, ERR_POLICY, "%s: can log in again", record.id));
	rc = rotation_forget(store, &record, why);
	return rc == ERR_OK ? store_remove(store, &record, why) : rc;
}

static enum err
delete_all(
    struct context *context, const struct selection *selection, bool force)
{
	struct transaction change;
	enum err rc = transaction_begin(&change, context);

	if (rc != ERR_OK)
		return rc;
	for (size_t i = 0; rc == ERR_OK && i < selection->count; i++)
		rc = delete_one(
		    context, change.store, &selection->records[i], force);
	return transaction_end(&change, context, rc);
}

static enum err
run(struct context *context, const struct args *args)
{
	bool force = args_has(args, "force");
	char by[RECORD_BY_MAX + 1];
	struct tokens_json json = {.context = context};
	struct selection selection;
	enum err rc = select_tokens(context, args, NULL, NULL, &selection);

	if (rc == ERR_OK && !force)
		rc = check_dead(context, &selection);
	if (rc == ERR_OK && !args_has(args, "yes"))
		rc = confirm(context, &selection);
	/* Where they are for is gone with them. */
	if (rc == ERR_OK && context->fleet != NULL && args_has(args, "json"))
		rc = fleet_origins_read(&json.origins, context);
	if (rc == ERR_OK)
		rc = delete_all(context, &selection, force);
	json.records = selection.records;
	json.count = selection.count;
	actor_name(by);
	for (size_t i = 0;
	     (rc == ERR_OK || rc == ERR_UNCONFIRMED) && i < selection.count;
	     i++)
		audit("deleted", &selection.records[i], by, "");
	if ((rc == ERR_OK || rc == ERR_UNCONFIRMED) && args_has(args, "json"))
		rc = tokens_json_print(&json, rc);
	fleet_origins_free(json.origins);
	select_free(&selection);
	return rc;
}

static const struct option_spec OPTIONS[] = {
    {"yes", NULL, "do not ask"},
    {"fleet", NULL, "tokens of the fleet, issued here"},
    {"force", NULL, "also tokens that can still log in"},
    {"json", NULL, "as JSON: the tokens as they were"},
    {0},
};

const struct command command_delete = {
    .name = "delete",
    .operands = "TOKEN...",
    .least = 1,
    .most = -1,
    .summary = "Delete tokens that can no longer log in",
    .options = OPTIONS,
    .run = run,
};
