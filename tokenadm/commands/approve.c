#include <stdlib.h>
#include <string.h>

#include "account/account.h"
#include "cli/command.h"
#include "issue/owner.h"
#include "lifecycle/approval.h"
#include "lifecycle/policy.h"
#include "lifecycle/until_logout.h"
#include "lifecycle/unused.h"
#include "session/rundir.h"
#include "tokens/actor.h"
#include "tokens/audit.h"
#include "tokens/token_selection.h"
#include "tokens/tokens_json.h"
#include "tokens/transaction.h"

static enum err
check_owner(struct context *context, const struct record *record)
{
	struct account account;

	account_lookup(
	    &account, record->user, &context->config.account, context->now);
	if (account.found) {
		enum err rc = owner_check_uid(context, record, account.uid);

		if (rc != ERR_OK)
			return rc;
	}
	if (account.state != ACCOUNT_ENABLED)
		return error_about(&context->error, "token", "account_disabled",
		    error_set(&context->error, ERR_POLICY,
			"%s: its owner %s cannot log in: %s", record->id,
			record->user, account_reason_name(account.reason)));
	return ERR_OK;
}

/* Looks up the owners and their policies, with the store closed. */
static enum err
look_up(struct context *context, const struct selection *selection,
    struct approval *approvals)
{
	enum err rc = ERR_OK;

	for (size_t i = 0; rc == ERR_OK && i < selection->count; i++) {
		approvals[i].record = selection->records[i];
		rc = check_owner(context, &selection->records[i]);
		if (rc == ERR_OK)
			rc = policy_for(&context->config,
			    selection->records[i].user, &approvals[i].policy,
			    &context->error);
	}
	return rc;
}

static enum err
approve_all(struct context *context, struct approval *approvals, size_t count,
    enum life_event event)
{
	struct record_event how = {.at = context->now};
	struct transaction change;
	enum err rc;

	actor_name(how.by);
	rc = transaction_begin(&change, context);
	if (rc != ERR_OK)
		return rc;
	rc = approval_run(change.store, approvals, count, event, &how,
	    context->config.groups, &context->error);
	return transaction_end(&change, context, rc);
}

/*
 * Keeps the user's tokens that were deactivated with the account. A token that
 * was revoked, or ended by itself or as unused, has to be named to come back.
 */
static void
keep_deactivated(struct selection *selection, int64_t now)
{
	size_t kept = 0;

	for (size_t i = 0; i < selection->count; i++) {
		const struct record *record = &selection->records[i];

		if (life_changes(LIFE_APPROVE_ALL, record, now) &&
		    strcmp(record->ended.reason, UNUSED_REASON) != 0)
			selection->records[kept++] = *record;
	}
	selection->count = kept;
}

/*
 * Revokes tokens that have ended by themselves before approving them again;
 * live ones keep counting.
 */
static enum err
settle(struct context *context, struct approval *approvals, size_t count)
{
	struct error *why = &context->error;
	enum err rc = ERR_OK;

	(void)until_logout_collect(
	    &context->config, RUNDIR, context->now, NULL);
	for (size_t i = 0; rc == ERR_OK && i < count; i++) {
		const struct record *record = &approvals[i].record;

		if (record->lifetime != RECORD_UNTIL_LOGOUT)
			continue;
		rc = until_logout_settle(
		    &context->config, RUNDIR, record->id, context->now, why);
		if (rc == ERR_OK)
			rc = until_logout_find_live(
			    RUNDIR, record->id, &approvals[i].begun, why);
	}
	return rc;
}

static void
report(const struct approval *approvals, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct record *record = &approvals[i].record;

		if (!approvals[i].changed)
			continue;
		/* Forget its earlier sessions. */
		(void)until_logout_forget(RUNDIR, record->id, NULL);
		audit("approved", record, record->approved.by, "");
	}
}

static enum err
print_json(struct context *context, const struct approval *approvals,
    struct selection *selection)
{
	for (size_t i = 0; i < selection->count; i++)
		selection->records[i] = approvals[i].record;
	return tokens_json_print(
	    context, selection->records, selection->count, NULL);
}

static bool
can_be_approved(const struct record *record, int64_t now)
{
	return life_changes(LIFE_APPROVE, record, now);
}

static enum err
run(struct context *context, const struct args *args)
{
	const char *user = args_get(args, "user");
	struct approval *approvals = NULL;
	struct selection selection;
	enum err rc = select_tokens(
	    context, args, user, can_be_approved, &selection);

	if (rc != ERR_OK)
		goto out;
	if (user != NULL)
		keep_deactivated(&selection, context->now);
	approvals = calloc(selection.count + 1, sizeof(*approvals));
	if (approvals == NULL) {
		rc = error_plain(&context->error, ERR_NOMEM);
		goto out;
	}
	rc = look_up(context, &selection, approvals);
	if (rc == ERR_OK)
		rc = settle(context, approvals, selection.count);
	if (rc == ERR_OK)
		rc = approve_all(context, approvals, selection.count,
		    user != NULL ? LIFE_APPROVE_ALL : LIFE_APPROVE);
	if (rc == ERR_OK)
		report(approvals, selection.count);
	if (rc == ERR_OK && args_has(args, "json"))
		rc = print_json(context, approvals, &selection);
out:
	free(approvals);
	select_free(&selection);
	return rc;
}

static const struct option_spec OPTIONS[] = {
    {"user", "USER", "all tokens of this user that were deactivated"},
    {"json", NULL, "as JSON: the tokens as they are now"},
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
