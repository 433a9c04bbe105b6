#include "cli/command.h"
#include "issue/fleet_issue.h"
#include "issue/handover.h"
#include "issue/owner.h"
#include "lifecycle/policy.h"
#include "lifecycle/rotation.h"
#include "lifecycle/until_logout.h"
#include "session/rundir.h"
#include "store/last_use.h"
#include "tokens/actor.h"
#include "tokens/audit.h"
#include "tokens/token_lookup.h"
#include "tokens/transaction.h"

#define DEFAULT_OVERLAP "24h"

/*
 * Finishes a rotation whose successor is known to have been used, even if that
 * login could not record it.
 */
static enum err
finish_used(struct context *context, const struct record *record)
{
	const struct config *config = &context->config;
	const char *successor = record->predecessor[0] != '\0'
	    ? record->id
	    : record->successor;
	int64_t deadline = store_deadline(config);

	if (successor[0] == '\0' ||
	    last_use_look(config, successor, deadline).at == 0)
		return ERR_OK;
	return rotation_finish(
	    config, successor, context->now, deadline, &context->error);
}

/* Revokes a token that has ended with its session before rotating it. */
static enum err
settle(struct context *context, const struct record *record)
{
	const char *ids[] = {record->id, record->predecessor};
	enum err rc = ERR_OK;

	if (record->lifetime != RECORD_UNTIL_LOGOUT)
		return ERR_OK;
	for (size_t i = 0; rc == ERR_OK && i < 2 && ids[i][0] != '\0'; i++) {
		rc = until_logout_settle(&context->config, RUNDIR, ids[i],
		    context->now, &context->error);
		if (rc == ERR_NOT_FOUND)
			rc = ERR_OK;
	}
	return rc;
}

/* Finds the token, and checks its owner and policy with the store closed. */
static enum err
prepare(struct context *context, const char *called, struct record *record,
    struct policy *policy)
{
	struct record owner = {0};
	struct found found;
	enum err rc = find_closed(context, called, rotation_can_renew, &found);

	if (rc != ERR_OK)
		return rc;
	find_say(&found);
	*record = found.record;
	if (context->fleet != NULL)
		return policy_for(
		    &context->config, record->user, policy, &context->error);
	rc = finish_used(context, record);
	if (rc == ERR_OK)
		rc = settle(context, record);
	if (rc == ERR_OK)
		rc = owner_set(context, record->user, &owner);
	if (rc == ERR_OK)
		rc = owner_check_uid(context, record, owner.uid);
	if (rc == ERR_OK)
		rc = policy_for(
		    &context->config, record->user, policy, &context->error);
	return rc;
}

static enum err
start(struct context *context, struct rotation *rotation,
    const struct record *record, int64_t overlap, const struct policy *policy,
    char text[TOKEN_LEN + 1])
{
	const struct rotation_times times = {
	    .overlap = overlap,
	    .longest = policy_longest(policy),
	    .renewed = policy->default_expiry,
	};
	struct record_event event = {.at = context->now};
	struct error *why = &context->error;
	struct transaction change;
	enum err rc;

	actor_name(event.by);
	rc = transaction_begin(&change, context);
	if (rc != ERR_OK)
		return rc;
	if (context->fleet != NULL)
		rc = fleet_issue_settle(context, change.store, record->id);
	if (rc == ERR_OK)
		rc = rotation_start(rotation, change.store, record->id, &times,
		    &event, text, why);
	if (rc == ERR_OK)
		rc = policy_check_start(&rotation->successor, why);
	if (rc == ERR_OK)
		rc = policy_check_limits(policy, context->config.groups,
		    &rotation->successor, context->now, why);
	if (rc == ERR_OK)
		rc = policy_check_room(policy, change.store,
		    &rotation->successor, context->now, why);
	/* Last: an expired token is not removed before it has a successor. */
	if (rc == ERR_OK)
		rc = policy_prune(
		    policy, change.store, record->user, context->now, why);
	return transaction_end(&change, context, rc);
}

/* A token that nobody saw must not live; the old one continues as before. */
static enum err
withdraw(struct context *context, const struct rotation *rotation)
{
	struct transaction change;
	enum err rc = transaction_begin(&change, context);

	if (rc == ERR_OK) {
		rc = rotation_undo(rotation, change.store, &context->error);
		rc = transaction_end(&change, context, rc);
	}
	return rc;
}

static enum err
withdraw_unconfirmed(struct context *context, const struct rotation *rotation)
{
	/* To withdraw it may not be confirmed, either. */
	struct fleet_unconfirmed reason = context->fleet->unconfirmed;

	return fleet_issue_unconfirmed(context, &rotation->successor, &reason,
	    withdraw(context, rotation));
}

static enum err
deliver(struct context *context, const struct args *args,
    const struct rotation *rotation, const char text[])
{
	const struct record *made = &rotation->successor;
	enum err rc = handover_show(context, args, made, text);

	return rc == ERR_OK
	    ? rc
	    : handover_withdrawn(context, made, withdraw(context, rotation));
}

static enum err
run(struct context *context, const struct args *args)
{
	const char *overlap_text = args_get(args, "overlap");
	char text[TOKEN_LEN + 1];
	struct rotation rotation;
	struct policy policy;
	struct record record;
	int64_t overlap;
	enum err rc;

	if (overlap_text == NULL)
		overlap_text = DEFAULT_OVERLAP;
	if (!parse_duration(overlap_text, &overlap))
		return error_about(&context->error, "overlap", NULL,
		    error_set(&context->error, ERR_INVALID,
			"overlap `%s`: give a duration, such as 24h",
			overlap_text));
	rc = prepare(context, args->operands[0], &record, &policy);
	if (rc == ERR_OK)
		rc = start(context, &rotation, &record, overlap, &policy, text);
	if (rc == ERR_UNCONFIRMED)
		rc = withdraw_unconfirmed(context, &rotation);
	if (rc == ERR_OK) {
		audit("rotated", &rotation.successor,
		    rotation.successor.created.by, rotation.predecessor.id);
		rc = deliver(context, args, &rotation, text);
	}
	crypto_wipe(text, sizeof(text));
	return rc;
}

static const struct option_spec OPTIONS[] = {
    {"overlap", "DURATION",
	"how long the old one goes on beside the new "
	"[" DEFAULT_OVERLAP "]"},
    {"fleet", NULL, "one of the fleet's: the old one ends by time"},
    {"json", NULL, "as JSON: id and token"},
    {0},
};

const struct command command_rotate = {
    .name = "rotate",
    .operands = "TOKEN",
    .least = 1,
    .most = 1,
    .summary = "Replace a token by a new one with the same limits",
    .options = OPTIONS,
    .run = run,
};
