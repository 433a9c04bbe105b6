#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/command.h"
#include "cli/logo_option.h"
#include "cli/signal_block.h"
#include "issue/fleet_issue.h"
#include "issue/service_warnings.h"
#include "issue/token_options.h"
#include "lifecycle/policy.h"
#include "lifecycle/rotation.h"
#include "outbox/fleet_side.h"
#include "store/logos.h"
#include "tokens/actor.h"
#include "tokens/audit.h"
#include "tokens/changes.h"
#include "tokens/token_lookup.h"
#include "tokens/tokens_json.h"
#include "tokens/transaction.h"

/* Whether any change was requested. */
static bool
has_any(const struct args *args)
{
	for (int i = 0; args->specs[i].name != NULL; i++) {
		if (args->values[i] != NULL &&
		    strcmp(args->specs[i].name, "fleet") != 0 &&
		    strcmp(args->specs[i].name, "json") != 0)
			return true;
	}
	return false;
}

/* Finds the token and its owner's policy; the store is closed afterwards. */
static enum err
prepare(struct context *context, const char *called, struct record *record,
    struct policy *policy)
{
	struct found found;
	enum err rc = find_closed(context, called, NULL, &found);

	if (rc != ERR_OK)
		return rc;
	*record = found.record;
	return policy_for(
	    &context->config, record->user, policy, &context->error);
}

static enum err
set_given(struct context *context, const struct args *args,
    const struct policy *policy, struct record *record)
{
	const char *expires = args_get(args, "expires");
	bool sets_life = expires != NULL || args_has(args, "starts");
	int64_t expired = record->expires, started = record->starts;
	struct error *why = &context->error;
	enum err rc = token_options_set_given(
	    record, &context->config, args, context->now, why);

	if (rc == ERR_OK && expires != NULL)
		rc = policy_set_expiry(policy, expires, context->now,
		    record->starts, &record->expires, why);
	if (rc == ERR_OK && sets_life)
		rc = policy_check_start(record, why);
	if (rc == ERR_OK &&
	    (record->expires != expired || record->starts != started))
		rotation_set_life(record, context->now);
	return rc == ERR_OK
	    ? policy_check_limits(
		  policy, context->config.groups, record, context->now, why)
	    : rc;
}

/* Stores what is different now, if anything is, and notes what that is. */
static enum err
store_changes(struct context *context, struct store *store,
    const struct record *before, const char *by, struct changes *changes,
    struct record *record)
{
	enum err rc = changes_find(changes, before, record);

	if (rc != ERR_OK)
		return error_plain(&context->error, rc);
	if (context->fleet != NULL && context->fleet->has_hosts) {
		rc = fleet_change_set_hosts(context->fleet->change, record->id,
		    &context->fleet->hosts, &context->error);
		if (rc != ERR_OK)
			return rc;
	}
	if (changes->count == 0)
		return ERR_OK;
	record->changed.at = context->now;
	strcpy(record->changed.by, by);
	changes_text(changes, record->changed.reason);
	return store_put(store, record, &context->error);
}

/* Stores it if it is another one, or the one that is there is damaged. */
static enum err
change_logo(struct store *store, const struct record *before,
    const struct logo *logo, struct record *record, struct error *why)
{
	struct logo *stored = malloc(sizeof(*stored));
	bool is_there;

	if (stored == NULL)
		return error_plain(why, ERR_NOMEM);
	logo_note(record, logo);
	is_there = logo != NULL && logo_is_of(logo, before) &&
	    logos_get(store, before, stored, NULL) == ERR_OK;
	free(stored);
	return is_there ? ERR_OK : logos_put(store, record, logo, why);
}

static enum err
edit_one(struct context *context, struct store *store, const struct args *args,
    const struct policy *policy, const struct logo_option *logo, const char *by,
    struct changes *changes, struct record *record)
{
	struct error *why = &context->error;
	struct record before;
	enum err rc = store_get(store, record->id, &before, why);

	if (rc != ERR_OK)
		return rc;
	if (context->now >= before.expires)
		return error_about(why, "token", "expired",
		    error_set(why, ERR_POLICY,
			"%s: expired, and that is final; rotate it, or issue a "
			"new one",
			before.id));
	*record = before;
	rc = set_given(context, args, policy, record);
	/* Another token may have the name. */
	if (rc == ERR_OK && strcmp(before.name, record->name) != 0 &&
	    record_is_usable(record, context->now))
		rc = policy_check_room(
		    policy, store, record, context->now, why);
	if (rc == ERR_OK && logo->is_given)
		rc = change_logo(store, &before, logo->logo, record, why);
	return rc == ERR_OK
	    ? store_changes(context, store, &before, by, changes, record)
	    : rc;
}

/* Another issuer may have the new name. */
static enum err
check_others(struct context *context, const struct args *args,
    const struct record *record, struct policy *policy)
{
	struct record wanted = *record;
	enum err rc = ERR_OK;

	if (args_has(args, "name"))
		rc = token_options_set_name(
		    &wanted, args_get(args, "name"), &context->error);
	return rc == ERR_OK ? fleet_issue_room(context, &wanted, policy) : rc;
}

static void
warn(struct context *context, const struct args *args,
    const struct record *record)
{
	char *warnings = NULL;

	/* It may take long, and it is only said. */
	signal_block_release();
	if (context->fleet == NULL &&
	    (args_has(args, "service") || args_has(args, "scope") ||
		args_has(args, "from") || args_has(args, "max-sessions")) &&
	    service_warnings(&warnings, context, record) == ERR_OK)
		fputs(warnings, stderr);
	free(warnings);
}

static enum err
run(struct context *context, const struct args *args)
{
	struct policy policy;
	struct record record;
	struct transaction change;
	struct changes changes = {.count = 0};
	struct tokens_json json = {&record, 1, .context = context};
	struct logo_option logo;
	char by[RECORD_BY_MAX + 1];
	bool is_edited;
	enum err rc;

	if (!has_any(args))
		return error_set(&context->error, ERR_USAGE,
		    "edit: say what to change; tokenadm edit --help lists it");
	/*
	 * Before taking the lock: a directory may be slow; and what times are
	 * written with reads /etc/localtime once, see tzset(3).
	 */
	actor_name(by);
	tzset();
	rc = fleet_issue_check(context, args);
	if (rc == ERR_OK)
		rc = logo_option_read(&logo, context, args);
	if (rc != ERR_OK)
		return rc;
	rc = prepare(context, args->operands[0], &record, &policy);
	if (rc == ERR_OK && context->fleet != NULL && args_has(args, "name"))
		rc = check_others(context, args, &record, &policy);
	if (rc == ERR_OK)
		rc = transaction_begin(&change, context);
	if (rc != ERR_OK)
		goto out;
	rc = edit_one(
	    context, change.store, args, &policy, &logo, by, &changes, &record);
	rc = transaction_end(&change, context, rc);
	if ((rc == ERR_OK || rc == ERR_UNCONFIRMED) && changes.count > 0)
		audit_edited(&record, &changes);
	is_edited = rc == ERR_OK;
	if ((rc == ERR_OK || rc == ERR_UNCONFIRMED) && args_has(args, "json"))
		rc = tokens_json_print(&json, rc);
	if (is_edited)
		warn(context, args, &record);
	changes_free(&changes);
out:
	logo_option_free(&logo);
	return rc;
}

static const struct option_spec OPTIONS[] = {
    {"name", "NAME", "what the token is called"},
    {"service", "NAME[,NAME]", "PAM services it may log in to, or any"},
    {"scope", "SCOPE[,SCOPE]", "what it may do there"},
    {"expires", "WHEN", "90d from now, 2027-01-31, or never"},
    {"starts", "WHEN", "7d from now, 2027-01-31, or now"},
    {"max-sessions", "N", "at the same time, 1 to 10000, or unlimited"},
    {"from", "NET[,NET]", "addresses it may be used from, or any"},
    {"description", "TEXT", "what it is for"},
    {"fleet", NULL, "a token of the fleet, issued here"},
    {"hosts", "HOST[,@GROUP]", "with --fleet: for these only, or all"},
    {"logo", "FILE", "a PNG, JPEG or WebP image, - (stdin), or none"},
    {"json", NULL, "as JSON: the token as it is now"},
    {0},
};

const struct command command_edit = {
    .name = "edit",
    .operands = "TOKEN",
    .least = 1,
    .most = 1,
    .summary = "Change a token's name, description, logo or limits",
    .options = OPTIONS,
    .run = run,
};
