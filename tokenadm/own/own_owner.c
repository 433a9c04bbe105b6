#include "own/own_owner.h"

#include <string.h>

#include "account/account.h"
#include "base/list.h"

/* A group that cannot be looked up allows nobody. */
static bool
is_allowed(const char *allow, const char *user)
{
	char word[LIST_WORD_MAX + 1];
	bool is_member = false;

	if (strcmp(allow, "yes") == 0)
		return true;
	if (strcmp(allow, "no") == 0)
		return false;
	while (list_next(&allow, word)) {
		if (word[0] != '@' && strcmp(word, user) == 0)
			return true;
		if (word[0] == '@' &&
		    account_in_group(user, word + 1, &is_member) == ERR_OK &&
		    is_member)
			return true;
	}
	return false;
}

enum err
own_owner_check(struct context *context, const char *user, uid_t uid)
{
	struct account account;

	account_lookup(&account, user, &context->config.account, context->now);
	/* Several names on one uid are several owners. */
	if (!account.found || account.uid != uid || uid == 0)
		return error_about(&context->error, "user", NULL,
		    error_set(&context->error, ERR_DENIED,
			"user `%s`: not yours", user));
	if (!is_allowed(context->config.self.allow, user))
		return error_about(&context->error, NULL, "self_service_off",
		    error_set(&context->error, ERR_DENIED,
			"users do not manage their own tokens here: "
			"[self_service] in apitoken.conf does not allow it; "
			"ask the "
			"administrator"));
	if (account.state != ACCOUNT_ENABLED)
		return error_about(&context->error, "user", "account_disabled",
		    error_set(&context->error, ERR_POLICY,
			"your account is disabled, or cannot be looked up: %s",
			account_reason_name(account.reason)));
	return ERR_OK;
}
