#include <stdlib.h>
#include <string.h>

#include "account/account.h"
#include "cli/command.h"
#include "fleet/fleet_overlay.h"
#include "issue/fleet_issue.h"
#include "issue/owner.h"
#include "lifecycle/approval.h"
#include "lifecycle/policy.h"
#include "lifecycle/until_logout.h"
#include "lifecycle/unused.h"
#include "outbox/fleet_side.h"
#include "session/rundir.h"
#include "tokens/actor.h"
#include "tokens/audit.h"
#include "tokens/fleet_tokens.h"
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
		/* The account is each machine's own matter. */
		if (context->fleet == NULL)
			rc = check_owner(context, &selection->records[i]);
		if (rc == ERR_OK)
			rc = policy_for(&context->config,
			    selection->records[i].user, &approvals[i].policy,
			    &context->error);
		if (rc == ERR_OK && context->fleet != NULL)
			rc = fleet_issue_room(context, &selection->records[i],
			    &approvals[i].policy);
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

/* As they are now. rc: how it went so far. */
static enum err
print_json(struct context *context, const struct approval *approvals,
    struct selection *selection, enum err rc)
{
	struct tokens_json json = {
	    selection->records, selection->count, .context = context};

	for (size_t i = 0; i < selection->count; i++)
		selection->records[i] = approvals[i].record;
	return tokens_json_print(&json, rc);
}

static bool
is_deactivated(const struct record *record, int64_t now)
{
	return record->state == RECORD_DEACTIVATED && now < record->expires;
}

/* On this machine alone: whatever the issuer says stays as it is. */
static enum err
approve_here(struct context *context, const struct fleet_found *found)
{
	const struct config *local = &context->fleet->local;
	struct record approved = found->record;
	struct fleet_name name;
	struct account account;
	char by[RECORD_BY_MAX + 1];
	bool changed = false;
	enum err rc;

	account_lookup(&account, approved.user, &local->account, context->now);
	if (account.state != ACCOUNT_ENABLED)
		return error_about(&context->error, "token", "account_disabled",
		    error_set(&context->error, ERR_POLICY,
			"%s: its owner %s cannot log in here: %s", approved.id,
			approved.user, account_reason_name(account.reason)));
	strcpy(name.id, approved.id);
	strcpy(name.issuer, found->issuer);
	rc = fleet_overlay_approve(
	    local, &name, &changed, store_deadline(local), &context->error);
	actor_name(by);
	if (rc == ERR_OK && changed)
		audit("approved", &approved, by, "on this machine");
	return rc;
}

/* As they count on this machine now. */
static enum err
print_local(struct context *context, struct selection *selection)
{
	struct tokens_json json = {
	    selection->records, selection->count, .context = context};
	struct fleet_found *found = calloc(1, sizeof(*found));
	enum err rc = ERR_OK;

	if (found == NULL)
		return error_plain(&context->error, ERR_NOMEM);
	for (size_t i = 0; rc == ERR_OK && i < selection->count; i++) {
		struct record *record = &selection->records[i];

		rc = fleet_tokens_find(context, record->id, NULL, found);
		if (rc == ERR_OK)
			*record = found->record;
	}
	free(found);
	return rc == ERR_OK ? tokens_json_print(&json, rc) : rc;
}

static enum err
run_local(struct context *context, const struct args *args)
{
	struct fleet_found *found = calloc(1, sizeof(*found));
	struct selection done = {0};
	enum err rc = ERR_OK;

	if (found == NULL)
		return error_plain(&context->error, ERR_NOMEM);
	if (args->operand_count == 0 || args_has(args, "user"))
		rc = error_about(&context->error, "local", NULL,
		    error_set(&context->error, ERR_USAGE,
			"--local: give TOKEN..., one by one"));
	for (int i = 0; rc == ERR_OK && i < args->operand_count; i++) {
		rc = fleet_tokens_find(
		    context, args->operands[i], is_deactivated, found);
		/* First what may fail */
		if (rc == ERR_OK && select_add(&done, &found->record) != ERR_OK)
			rc = error_plain(&context->error, ERR_NOMEM);
		if (rc == ERR_OK)
			rc = approve_here(context, found);
	}
	if (rc == ERR_OK && args_has(args, "json"))
		rc = print_local(context, &done);
	select_free(&done);
	free(found);
	return rc;
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
	enum err rc;

	if (args_has(args, "local"))
		return run_local(context, args);
	rc = select_tokens(context, args, user, can_be_approved, &selection);
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
	if (rc == ERR_OK && context->fleet == NULL)
		rc = settle(context, approvals, selection.count);
	if (rc == ERR_OK)
		rc = approve_all(context, approvals, selection.count,
		    user != NULL ? LIFE_APPROVE_ALL : LIFE_APPROVE);
	if (rc == ERR_OK || rc == ERR_UNCONFIRMED)
		report(approvals, selection.count);
	if ((rc == ERR_OK || rc == ERR_UNCONFIRMED) && args_has(args, "json"))
		rc = print_json(context, approvals, &selection, rc);
out:
	free(approvals);
	select_free(&selection);
	return rc;
}

static const struct option_spec OPTIONS[] = {
    {"user", "USER", "all tokens of this user that were deactivated"},
    {"fleet", NULL, "tokens of the fleet, issued here"},
    {"local", NULL, "of the fleet's, what this machine has deactivated"},
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
