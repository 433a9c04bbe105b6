#include "issue/owner.h"

#include <string.h>

#include "account/account.h"
#include "lifecycle/group_rule.h"

enum err
owner_set(struct context *context, const char *user, struct record *record)
{
	struct account account;

	account_lookup(&account, user, &context->config.account, context->now);
	if (!account.found)
		return error_about(&context->error, "user", "no_user",
		    error_set(&context->error, ERR_NOT_FOUND,
			"user `%s`: no such account, or it cannot be looked up",
			user));
	if (!parse_is_printable(account.name, RECORD_USER_MAX))
		return error_about(&context->error, "user", NULL,
		    error_set(&context->error, ERR_INVALID,
			"user `%s`: the name is not printable UTF-8", user));
	/* Before the door nobody can read shadow; it is judged behind it. */
	if (account.state != ACCOUNT_ENABLED && context->ask == NULL)
		return error_about(&context->error, "user", "account_disabled",
		    error_set(&context->error, ERR_POLICY,
			"user `%s`: cannot own a token that logs in: %s", user,
			account_reason_name(account.reason)));
	strcpy(record->user, account.name);
	record->uid = account.uid;
	record->local = account_is_local(account.name) == ERR_OK;
	return ERR_OK;
}

enum err
owner_policy(
    struct context *context, const struct record *record, struct policy *policy)
{
	const struct config *config = &context->config;
	struct group_rule rule;
	enum err rc = policy_for(config, record->user, policy, &context->error);

	if (rc == ERR_OK)
		rc = group_rule_ask(
		    &rule, config, record->user, &context->error);
	return rc == ERR_OK
	    ? group_rule_check(&rule, record->user, &context->error)
	    : rc;
}

enum err
owner_check_uid(struct context *context, const struct record *record, uid_t uid)
{
	if (uid == record->uid)
		return ERR_OK;
	return error_about(&context->error, "token", "no_user",
	    error_set(&context->error, ERR_POLICY,
		"%s: its owner %s had uid %lu, and has %lu now", record->id,
		record->user, (unsigned long)record->uid, (unsigned long)uid));
}
