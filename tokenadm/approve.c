#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "actor.h"
#include "audit.h"
#include "change.h"
#include "command.h"
#include "grant.h"
#include "logout.h"
#include "policy.h"
#include "rundir.h"
#include "select.h"

static enum err
check_owner(struct context *context, const struct record *record)
{
	struct account account;

	account_lookup(
	    &account, record->user, &context->config.account, context->now);
	if (account.found) {
		enum err rc = grant_check_uid(context, record, account.uid);

		if (rc != ERR_OK)
			return rc;
	}
	if (account.state != ACCOUNT_ENABLED)
		return error_set(&context->error, ERR_POLICY,
		    "%s: its owner %s cannot log in: %s", record->id,
		    record->user, account_reason_name(account.reason));
	return ERR_OK;
}

/*
 * Approving an active token succeeds, and changes nothing: such a record gets
 * an approval that never happened, by which report knows it.
 */
static enum err
approve_one(struct context *context, struct store *store,
    const struct policy *policy, struct record *record,
    const struct record_event *event)
{
	struct error *why = &context->error;
	char id[TOKEN_ID_LEN + 1];
	enum err rc;

	strcpy(id, record->id);
	rc = store_get(store, id, record, why);
	if (rc != ERR_OK)
		return rc;
	record->approved.at = 0;
	if (context->now >= record->expires)
		return error_set(why, ERR_POLICY,
		    "%s: expired, and that is final; issue a new one", id);
	if (record->state == RECORD_ACTIVE)
		return ERR_OK;
	rc = policy_check_limits(
	    policy, context->config.groups, record, context->now, why);
	if (rc == ERR_OK)
		rc = policy_check_room(
		    policy, store, record, context->now, why);
	if (rc != ERR_OK)
		return rc;
	record->state = RECORD_ACTIVE;
	record->ticket[0] = '\0';
	record->approved = *event;
	return store_put(store, record, why);
}

/* The owners and their policies, looked up while the store is closed. */
static enum err
look_up(struct context *context, const struct selection *selection,
    struct policy *policies)
{
	enum err rc = ERR_OK;

	for (size_t i = 0; rc == ERR_OK && i < selection->count; i++) {
		rc = check_owner(context, &selection->records[i]);
		if (rc == ERR_OK)
			rc = policy_for(&context->config,
			    selection->records[i].user, &policies[i],
			    &context->error);
	}
	return rc;
}

static enum err
approve_all(struct context *context, struct selection *selection,
    const struct policy *policies)
{
	struct record_event event = {.at = context->now};
	struct change change;
	enum err rc;

	actor_name(event.by);
	rc = change_begin(&change, context);
	if (rc != ERR_OK)
		return rc;
	for (size_t i = 0; rc == ERR_OK && i < selection->count; i++)
		rc = approve_one(context, change.store, &policies[i],
		    &selection->records[i], &event);
	return change_end(&change, context, rc);
}

/*
 * Of a user's tokens, those that were deactivated with his account: what
 * somebody revoked, or ended by itself, has to be named to come back.
 */
static void
keep_deactivated(struct selection *selection, int64_t now)
{
	size_t kept = 0;

	for (size_t i = 0; i < selection->count; i++) {
		if (now < selection->records[i].expires &&
		    selection->records[i].state == RECORD_DEACTIVATED)
			selection->records[kept++] = selection->records[i];
	}
	selection->count = kept;
}

static void
report(const struct selection *selection)
{
	for (size_t i = 0; i < selection->count; i++) {
		const struct record *record = &selection->records[i];

		if (record->approved.at == 0)
			continue;
		/* Its sessions of before are nothing to it. */
		(void)logout_forget(RUNDIR, record->id, NULL);
		audit("approved", record, record->approved.by, "");
	}
}

static enum err
run(struct context *context, const struct args *args)
{
	const char *user = args_get(args, "user");
	struct policy *policies = NULL;
	struct selection selection;
	enum err rc;

	/* What has ended by itself is revoked before it is approved again. */
	(void)logout_collect(&context->config, RUNDIR, context->now, NULL);
	rc = select_tokens(context, args, user, &selection);
	if (rc != ERR_OK)
		goto out;
	if (user != NULL)
		keep_deactivated(&selection, context->now);
	policies = calloc(selection.count + 1, sizeof(*policies));
	rc = policies == NULL ? error_plain(&context->error, ERR_NOMEM)
			      : look_up(context, &selection, policies);
	if (rc == ERR_OK)
		rc = approve_all(context, &selection, policies);
	if (rc == ERR_OK)
		report(&selection);
out:
	free(policies);
	select_free(&selection);
	return rc;
}

static const struct option_spec OPTIONS[] = {
    {"user", "USER", "all tokens of this user that were deactivated"},
    {0},
};

const struct command command_approve = {
    .name = "approve",
    .operands = "[TOKEN...]",
    .most = -1,
    .summary = "Make revoked or deactivated tokens active again",
    .options = OPTIONS,
    .run = run,
};
