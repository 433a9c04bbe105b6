#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "actor.h"
#include "change.h"
#include "command.h"
#include "find.h"
#include "policy.h"

static enum err
check_owner(struct context *context, const struct record *record)
{
	struct account account;

	account_lookup(
	    &account, record->user, &context->config.account, context->now);
	if (account.found && account.uid != record->uid)
		return error_set(&context->error, ERR_POLICY,
		    "%s: its owner %s had uid %lu, and has %lu now", record->id,
		    record->user, (unsigned long)record->uid,
		    (unsigned long)account.uid);
	if (account.state != ACCOUNT_ENABLED)
		return error_set(&context->error, ERR_POLICY,
		    "%s: its owner %s cannot log in: %s", record->id,
		    record->user, account_reason_name(account.reason));
	return ERR_OK;
}

/* Finds the token and judges its owner, with the store closed again. */
static enum err
prepare(struct context *context, const char *called, char id[TOKEN_ID_LEN + 1])
{
	struct store *store;
	struct record record;
	enum err rc = change_read(&store, context);

	if (rc != ERR_OK)
		return rc;
	rc = find_token(store, called, context->now, &record, &context->error);
	store_close(store);
	if (rc != ERR_OK)
		return rc;
	strcpy(id, record.id);
	return check_owner(context, &record);
}

/* Approving an active token succeeds, and changes nothing. */
static enum err
approve_one(struct context *context, struct store *store, const char *id,
    const struct record_event *event)
{
	const struct policy *policy = &context->config.policy;
	struct error *why = &context->error;
	struct record record;
	enum err rc = store_get(store, id, &record, why);

	if (rc != ERR_OK)
		return rc;
	if (context->now >= record.expires)
		return error_set(why, ERR_POLICY,
		    "%s: expired, and that is final; issue a new one", id);
	if (record.state == RECORD_ACTIVE)
		return ERR_OK;
	rc = policy_check_limits(policy, &record, context->now, why);
	if (rc == ERR_OK)
		rc = policy_check_room(
		    policy, store, &record, context->now, why);
	if (rc != ERR_OK)
		return rc;
	record.state = RECORD_ACTIVE;
	record.approved = *event;
	return store_put(store, &record, why);
}

static enum err
approve_all(
    struct context *context, char (*ids)[TOKEN_ID_LEN + 1], int id_count)
{
	struct record_event event = {.at = context->now};
	struct change change;
	enum err rc;

	actor_name(event.by);
	rc = change_begin(&change, context);
	if (rc != ERR_OK)
		return rc;
	for (int i = 0; rc == ERR_OK && i < id_count; i++)
		rc = approve_one(context, change.store, ids[i], &event);
	return change_end(&change, context, rc);
}

static enum err
run(struct context *context, const struct args *args)
{
	int n = args->operand_count;
	char(*ids)[TOKEN_ID_LEN + 1] = calloc((size_t)n, sizeof(*ids));
	enum err rc = ERR_OK;

	if (ids == NULL)
		return error_plain(&context->error, ERR_NOMEM);
	for (int i = 0; rc == ERR_OK && i < n; i++)
		rc = prepare(context, args->operands[i], ids[i]);
	if (rc == ERR_OK)
		rc = approve_all(context, ids, n);
	free(ids);
	return rc;
}

static const struct option_spec OPTIONS[] = {{0}};

const struct command command_approve = {
    .name = "approve",
    .operands = "TOKEN...",
    .least = 1,
    .most = -1,
    .summary = "Make revoked or deactivated tokens active again",
    .options = OPTIONS,
    .run = run,
};
