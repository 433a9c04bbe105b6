#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "account.h"
#include "actor.h"
#include "change.h"
#include "command.h"
#include "create.h"
#include "howto.h"
#include "limits.h"
#include "lock.h"
#include "policy.h"
#include "text.h"
#include "token.h"

#define DEFAULT_SCOPE "read"

/* Reads what the options say into the record. */
static enum err
set_limits(
    struct context *context, const struct args *args, struct record *record)
{
	struct error *why = &context->error;
	const char *name, *services;
	const char *scopes = args_get(args, "scope");
	const char *from = args_get(args, "from");
	const char *description = args_get(args, "description");
	enum err rc;

	rc = args_require(args, "name", &name, why);
	if (rc == ERR_OK)
		rc = args_require(args, "service", &services, why);
	if (rc == ERR_OK)
		rc = limits_set_name(record, name, why);
	if (rc == ERR_OK)
		rc = limits_set_services(record, services, why);
	if (rc == ERR_OK)
		rc = limits_set_scopes(
		    record, scopes != NULL ? scopes : DEFAULT_SCOPE, why);
	if (rc == ERR_OK && from != NULL)
		rc = limits_set_from(record, from, why);
	if (rc == ERR_OK && description != NULL)
		rc = limits_set_description(record, description, why);
	if (rc == ERR_OK)
		rc = policy_set_expiry(&context->config.policy,
		    args_get(args, "expires"), context->now, &record->expires,
		    why);
	return rc;
}

/* The owner has to be an account of this machine that is enabled. */
static enum err
set_owner(struct context *context, const char *user, struct record *record)
{
	struct account account;

	account_lookup(&account, user, &context->config.account, context->now);
	if (!account.found)
		return error_set(&context->error, ERR_NOT_FOUND,
		    "user `%s`: no such account, or it cannot be looked up",
		    user);
	if (account.state != ACCOUNT_ENABLED)
		return error_set(&context->error, ERR_POLICY,
		    "user `%s`: cannot own a token that logs in: %s", user,
		    account_reason_name(account.reason));
	strcpy(record->user, account.name);
	record->uid = account.uid;
	record->local = account_is_local(account.name) == ERR_OK;
	return ERR_OK;
}

static enum err
add(struct context *context, struct store *store, struct record *record,
    char text[TOKEN_LEN + 1])
{
	const struct policy *policy = &context->config.policy;
	struct error *why = &context->error;
	enum err rc = policy_check_room(
	    policy, store, record, context->now, why);

	if (rc != ERR_OK)
		return rc;
	token_make(text, record->id);
	store_digest(store, text, record->digest);
	rc = store_add(store, record, why);
	if (rc != ERR_OK)
		return rc;
	return policy_prune(policy, store, record->user, context->now, why);
}

/* Stores the token; makes the store itself where there is none yet. */
static enum err
store_token(
    struct context *context, struct record *record, char text[TOKEN_LEN + 1])
{
	struct change change;
	bool created;
	enum err rc = change_begin(&change, context);

	if (rc == ERR_MISSING) {
		rc = create_store(&context->config,
		    lock_deadline(context->config.lock_timeout * 1000),
		    &created, &context->error);
		if (rc == ERR_OK)
			rc = change_begin(&change, context);
	}
	if (rc != ERR_OK)
		return rc;
	rc = add(context, change.store, record, text);
	return change_end(&change, context, rc);
}

/* A token that nobody saw must not live. */
static enum err
withdraw(struct context *context, const struct record *record)
{
	struct change change;
	enum err rc = change_begin(&change, context);

	if (rc == ERR_OK) {
		rc = store_remove(change.store, record, &context->error);
		rc = change_end(&change, context, rc);
	}
	if (rc != ERR_OK)
		return error_set(&context->error, ERR_SYSTEM,
		    "the token could not be written out, nor be withdrawn; "
		    "revoke it: tokenadm revoke %s",
		    record->id);
	return error_set(&context->error, ERR_SYSTEM,
	    "the token could not be written out; it was withdrawn");
}

static enum err
run(struct context *context, const struct args *args)
{
	struct record record = {.state = RECORD_ACTIVE};
	char text[TOKEN_LEN + 1];
	const char *user;
	enum err rc;

	rc = args_require(args, "user", &user, &context->error);
	if (rc == ERR_OK)
		rc = set_limits(context, args, &record);
	if (rc == ERR_OK)
		rc = policy_check_limits(&context->config.policy, &record,
		    context->now, &context->error);
	if (rc == ERR_OK)
		rc = set_owner(context, user, &record);
	if (rc != ERR_OK)
		return rc;
	record.created.at = context->now;
	actor_name(record.created.by);
	rc = store_token(context, &record, text);
	if (rc != ERR_OK)
		goto out;
	puts(text);
	if (isatty(STDOUT_FILENO))
		howto_print(stdout, &record);
	if (text_flush(stdout) != ERR_OK)
		rc = withdraw(context, &record);
out:
	crypto_wipe(text, sizeof(text));
	return rc;
}

static const struct option_spec OPTIONS[] = {
    {"user", "USER", "the account that the token logs in to"},
    {"name", "NAME", "what the token is called"},
    {"service", "NAME[,NAME]", "PAM services it may log in to, or any"},
    {"scope", "SCOPE[,SCOPE]", "what it may do there [" DEFAULT_SCOPE "]"},
    {"expires", "WHEN", "90d, 2027-01-31, or never [the policy's]"},
    {"from", "NET[,NET]", "addresses it may be used from [all]"},
    {"description", "TEXT", "what it is for"},
    {0},
};

const struct command command_issue = {
    .name = "issue",
    .operands = "",
    .summary = "Issue a new token, which is shown once",
    .options = OPTIONS,
    .run = run,
};
