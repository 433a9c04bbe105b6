#include "commands/revoke_fleet.h"

#include <stdlib.h>
#include <string.h>

#include "outbox/fleet_revoke.h"
#include "outbox/fleet_side.h"

/*
 * Of the fleet's tokens: this machine's own are selected, others' marked. Who
 * is called the same by two issuers is both. text: the user, or what a token is
 * called.
 */
static enum err
mark_others(
    struct others_meant *meant, const char *text, bool is_user, bool *is_any)
{
	struct fleet_others *others = &meant->others;

	*is_any = false;
	for (size_t i = 0; i < others->count; i++) {
		const struct fleet_other *other = &others->each[i];
		bool fits = is_user ? strcmp(other->token.user, text) == 0
				    : fleet_other_is_called(other, text);

		meant->are_meant[i] = meant->are_meant[i] || fits;
		*is_any = *is_any || fits;
	}
	return *is_any ? fleet_revoke_check(meant->context) : ERR_OK;
}

/* One that is named by its id is found without reading all. */
static enum err
read_others(struct others_meant *meant, const struct args *args)
{
	struct context *context = meant->context;
	const struct fleet_side *side = context->fleet;
	bool is_id = args->operand_count == 1 && !args_has(args, "user") &&
	    token_id_valid(args->operands[0]);
	enum err rc = fleet_side_check(context);

	if (rc == ERR_OK && is_id)
		rc = fleet_others_read_id(&meant->others, &side->local,
		    side->key.issuer, args->operands[0], context->now,
		    &context->error);
	else if (rc == ERR_OK)
		rc = fleet_others_read(&meant->others, &side->local,
		    side->key.issuer, args_get(args, "user"), context->now,
		    &context->error);
	if (rc != ERR_OK)
		return rc;
	meant->are_meant = calloc(meant->others.count + 1, sizeof(bool));
	return meant->are_meant != NULL
	    ? ERR_OK
	    : error_plain(&context->error, ERR_NOMEM);
}

static enum err
select_named(struct others_meant *meant, const struct args *args,
    find_wanted *wanted, struct selection *selection)
{
	struct context *context = meant->context;
	const char *user = args_get(args, "user");
	struct found found;
	bool is_any;
	enum err rc = ERR_OK;

	if (user != NULL)
		return args->operand_count == 0
		    ? mark_others(meant, user, true, &meant->has_users)
		    : error_about(&context->error, "token", NULL,
			  error_set(&context->error, ERR_USAGE,
			      "give either TOKEN... or --user"));
	for (int i = 0; rc == ERR_OK && i < args->operand_count; i++) {
		const char *called = args->operands[i];
		enum err own = find_closed(context, called, wanted, &found);
		struct error none = context->error;

		rc = own == ERR_NOT_FOUND ? ERR_OK : own;
		if (own == ERR_OK)
			rc = select_add(selection, &found.record);
		if (rc == ERR_OK)
			rc = mark_others(meant, called, false, &is_any);
		if (rc == ERR_OK && own == ERR_NOT_FOUND && !is_any) {
			context->error = none;
			rc = own;
		}
	}
	return rc;
}

/* A text is that of another issuer's token: its record has the digest. */
static enum err
find_others(struct store *store, const char *text, const char *id, void *arg)
{
	struct others_meant *meant = arg;
	struct fleet_others *others = &meant->others;
	enum err rc = ERR_NOT_FOUND;

	for (size_t i = 0; i < others->count; i++) {
		const struct record *token = &others->each[i].token;

		if (strcmp(token->id, id) != 0 ||
		    !store_matches(store, text, token))
			continue;
		meant->are_meant[i] = true;
		rc = ERR_OK;
	}
	return rc == ERR_OK ? fleet_revoke_check(meant->context) : rc;
}

enum err
revoke_fleet_select(struct others_meant *meant, struct context *context,
    const struct args *args, find_wanted *wanted, struct selection *selection)
{
	enum err rc;

	meant->context = context;
	rc = read_others(meant, args);
	if (rc != ERR_OK)
		return rc;
	return args_has(args, "stdin")
	    ? select_from_stdin(context, selection, find_others, meant)
	    : select_named(meant, args, wanted, selection);
}

enum err
revoke_fleet_run(struct others_meant *meant, struct context *context,
    const struct record_event *event, bool ends_sessions,
    revocation_visitor *take, void *arg)
{
	struct fleet_others *others = &meant->others;
	enum err rc = ERR_OK;

	for (size_t i = 0; rc == ERR_OK && i < others->count; i++) {
		struct fleet_other *other = &others->each[i];
		bool changed;

		if (!meant->are_meant[i])
			continue;
		rc = fleet_revoke_run(
		    context, other, event, ends_sessions, &changed);
		if (rc == ERR_OK)
			rc = take(&other->token, changed, arg);
	}
	return rc;
}

void
revoke_fleet_free(struct others_meant *meant)
{
	fleet_others_free(&meant->others);
	free(meant->are_meant);
}
