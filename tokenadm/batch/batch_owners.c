#include "batch/batch_owners.h"

#include <stdlib.h>
#include <string.h>

#include "tokens/group_members.h"
#include "lifecycle/group_rule.h"
#include "lifecycle/policy.h"

/* A policy shared by owners. */
struct policy_copy {
	struct policy policy;
	struct policy_copy *next;
};

void
owners_start(struct owners *owners)
{
	*owners = (struct owners){0};
	account_set_start(&owners->accounts);
	owners->end = &owners->first;
}

struct owner *
owners_get(struct owners *owners, const char *name)
{
	struct account_set_entry *account = account_set_get(
	    &owners->accounts, name);
	struct owner *owner;

	if (account == NULL || account->arg != NULL)
		return account == NULL ? NULL : account->arg;
	owner = calloc(1, sizeof(*owner));
	if (owner == NULL)
		return NULL;
	owner->account = account;
	account->arg = owner;
	*owners->end = owner;
	owners->end = &owner->next;
	return owner;
}

/* Asks the name services about users whom the files do not settle. */
static void
settle(struct owners *owners, const struct context *context, size_t enough)
{
	struct account_set *accounts = &owners->accounts;
	struct account_set_entry *one = accounts->first;
	size_t problems = 0;

	for (; one != NULL; one = one->next) {
		struct owner *owner = one->arg;

		if (!one->is_settled && problems < enough)
			account_set_ask(accounts, one, &context->config.account,
			    context->now);
		if (!one->is_settled)
			owner->problem = "not looked up, after so many others";
		else if (one->state != ACCOUNT_ENABLED)
			owner->problem = account_reason_name(one->reason);
		if (owner->problem != NULL)
			problems++;
	}
}

struct member_call {
	const struct groups *groups;
	const struct account_set_entry *account;
};

static enum err
is_in_group(const char *user, const char *group, bool *is_member, void *arg)
{
	const struct member_call *call = arg;
	enum err rc = group_members_has(
	    call->groups, group, call->account, is_member);

	return rc == ERR_NOT_FOUND ? account_in_group(user, group, is_member)
				   : rc;
}

static bool
is_same(const struct policy *a, const struct policy *b)
{
	return a->max_tokens == b->max_tokens && a->keep_dead == b->keep_dead &&
	    a->default_expiry == b->default_expiry &&
	    a->max_expiry == b->max_expiry && a->max_unused == b->max_unused &&
	    a->refuse_short == b->refuse_short &&
	    strcmp(a->services, b->services) == 0 &&
	    strcmp(a->require_group, b->require_group) == 0;
}

/* A lasting copy of the policy; NULL without memory. */
static const struct policy *
keep_policy(struct owners *owners, const struct policy *policy)
{
	struct policy_copy *copy = owners->policies;

	while (copy != NULL && !is_same(&copy->policy, policy))
		copy = copy->next;
	if (copy != NULL)
		return &copy->policy;
	copy = malloc(sizeof(*copy));
	if (copy == NULL)
		return NULL;
	copy->policy = *policy;
	copy->next = owners->policies;
	owners->policies = copy;
	return &copy->policy;
}

static enum err
set_policy(struct owners *owners, struct context *context, struct owner *owner,
    struct member_call *call)
{
	struct policy policy;
	enum err rc = policy_for_member(&context->config, owner->account->name,
	    is_in_group, call, &policy, &context->error);

	if (rc != ERR_OK)
		return rc;
	owner->policy = keep_policy(owners, &policy);
	return owner->policy != NULL ? ERR_OK
				     : error_plain(&context->error, ERR_NOMEM);
}

static enum err
check_group(
    struct context *context, struct owner *owner, struct member_call *call)
{
	struct group_rule rule;
	enum err rc = group_rule_ask_member(&rule, &context->config,
	    owner->account->name, is_in_group, call, &context->error);

	if (rc == ERR_OK && rule.membership == MEMBERSHIP_OUT)
		owner->problem = "not-in-group";
	return rc;
}

static enum err
set_policies(struct owners *owners, struct context *context)
{
	const struct config *config = &context->config;
	struct owner *one = owners->first;
	struct groups groups;
	enum err rc = group_members_read(&groups, config, &context->error);

	for (; one != NULL && rc == ERR_OK; one = one->next) {
		struct member_call call = {&groups, one->account};

		one->policy = &config->policy;
		if (one->problem == NULL && config->exceptions != NULL)
			rc = set_policy(owners, context, one, &call);
		if (rc == ERR_OK && one->problem == NULL)
			rc = check_group(context, one, &call);
	}
	group_members_free(&groups);
	return rc;
}

enum err
owners_look_up(struct owners *owners, struct context *context, size_t enough)
{
	enum err rc = account_set_read_files(&owners->accounts,
	    &context->config.account, context->now, &context->error);

	if (rc != ERR_OK)
		return rc;
	settle(owners, context, enough);
	return set_policies(owners, context);
}

void
owners_free(struct owners *owners)
{
	while (owners->first != NULL) {
		struct owner *next = owners->first->next;

		free(owners->first);
		owners->first = next;
	}
	while (owners->policies != NULL) {
		struct policy_copy *next = owners->policies->next;

		free(owners->policies);
		owners->policies = next;
	}
	account_set_free(&owners->accounts);
}
