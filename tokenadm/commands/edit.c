#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "issue/service_warnings.h"
#include "issue/token_options.h"
#include "lifecycle/policy.h"
#include "lifecycle/rotation.h"
#include "tokens/actor.h"
#include "tokens/audit.h"
#include "tokens/token_lookup.h"
#include "tokens/transaction.h"

/* Whether any change was requested. */
static bool
has_any(const struct args *args)
{
	for (int i = 0; args->specs[i].name != NULL; i++) {
		if (args->values[i] != NULL)
			return true;
	}
	return false;
}

/* Finds the token and its owner's policy; the store is closed afterwards. */
static enum err
prepare(struct context *context, const char *called, struct record *record,
    struct policy *policy)
{
	enum err rc = find_closed(context, called, record);

	if (rc != ERR_OK)
		return rc;
	return policy_for(
	    &context->config, record->user, policy, &context->error);
}

static enum err
set_given(struct context *context, const struct args *args,
    const struct policy *policy, struct record *record)
{
	const char *expires = args_get(args, "expires");
	struct error *why = &context->error;
	enum err rc = token_options_set_given(
	    record, &context->config, args, why);

	if (rc == ERR_OK && expires != NULL)
		rc = policy_set_expiry(
		    policy, expires, context->now, &record->expires, why);
	if (rc == ERR_OK && expires != NULL)
		rotation_set_life(record, context->now);
	return rc == ERR_OK
	    ? policy_check_limits(
		  policy, context->config.groups, record, context->now, why)
	    : rc;
}

static enum err
edit_one(struct context *context, struct store *store, const struct args *args,
    const struct policy *policy, const char *by, struct record *record)
{
	struct error *why = &context->error;
	char id[TOKEN_ID_LEN + 1], name[PARSE_NAME_MAX + 1];
	enum err rc;

	strcpy(id, record->id);
	rc = store_get(store, id, record, why);
	if (rc != ERR_OK)
		return rc;
	if (context->now >= record->expires)
		return error_set(why, ERR_POLICY,
		    "%s: expired, and that is final; issue a new one", id);
	strcpy(name, record->name);
	rc = set_given(context, args, policy, record);
	/* Another token may have the name. */
	if (rc == ERR_OK && strcmp(name, record->name) != 0 &&
	    record_is_usable(record, context->now))
		rc = policy_check_room(
		    policy, store, record, context->now, why);
	if (rc != ERR_OK)
		return rc;
	record->changed.at = context->now;
	strcpy(record->changed.by, by);
	return store_put(store, record, why);
}

static enum err
run(struct context *context, const struct args *args)
{
	struct policy policy;
	struct record record;
	struct transaction change;
	char *warnings = NULL;
	char by[RECORD_BY_MAX + 1];
	enum err rc;

	if (!has_any(args))
		return error_set(&context->error, ERR_USAGE,
		    "edit: say what to change; tokenadm edit --help lists it");
	/* Before taking the lock: a directory may be slow. */
	actor_name(by);
	rc = prepare(context, args->operands[0], &record, &policy);
	if (rc == ERR_OK)
		rc = transaction_begin(&change, context);
	if (rc != ERR_OK)
		return rc;
	rc = edit_one(context, change.store, args, &policy, by, &record);
	rc = transaction_end(&change, context, rc);
	if (rc != ERR_OK)
		return rc;
	audit("edited", &record, record.changed.by, "");
	if ((args_has(args, "service") || args_has(args, "scope") ||
		args_has(args, "from")) &&
	    service_warnings(&warnings, context, &record) == ERR_OK)
		fputs(warnings, stderr);
	free(warnings);
	return ERR_OK;
}

static const struct option_spec OPTIONS[] = {
    {"name", "NAME", "what the token is called"},
    {"service", "NAME[,NAME]", "PAM services it may log in to, or any"},
    {"scope", "SCOPE[,SCOPE]", "what it may do there"},
    {"expires", "WHEN", "90d from now, 2027-01-31, or never"},
    {"from", "NET[,NET]", "addresses it may be used from, or any"},
    {"description", "TEXT", "what it is for"},
    {0},
};

const struct command command_edit = {
    .name = "edit",
    .operands = "TOKEN",
    .least = 1,
    .most = 1,
    .summary = "Change a token's name, description or limits",
    .options = OPTIONS,
    .run = run,
};
