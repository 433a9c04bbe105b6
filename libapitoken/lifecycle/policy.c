#include "lifecycle/policy.h"

#include <stdbool.h>
#include <string.h>

#include "base/list.h"
#include "config/config_keys.h"
#include "lifecycle/rotation.h"

/*
 * Applies the exceptions that are the user's and give one of these keys (a bit
 * for each).
 */
static enum err
apply_exceptions(const struct config *config, const char *user, uint64_t keys,
    policy_member *member, void *arg, struct policy *policy, struct error *why)
{
	const struct policy_exception *one, *own = NULL;

	for (one = config->exceptions; one != NULL; one = one->next) {
		bool is_member = false;
		enum err rc = ERR_OK;

		if ((one->given & keys) == 0)
			continue;
		if (one->who[0] == '@')
			rc = member(user, one->who + 1, &is_member, arg);
		else if (strcmp(one->who, user) == 0)
			own = one;
		if (rc != ERR_OK)
			return error_set(why, rc,
			    "group `%s` of the policy: cannot be looked up",
			    one->who + 1);
		if (is_member)
			config_apply(one, policy);
	}
	if (own != NULL)
		config_apply(own, policy);
	return ERR_OK;
}

enum err
policy_for_member(const struct config *config, const char *user,
    policy_member *member, void *arg, struct policy *policy, struct error *why)
{
	*policy = config->policy;
	policy->self = config->is_for_self ? &config->self : NULL;
	return apply_exceptions(
	    config, user, UINT64_MAX, member, arg, policy, why);
}

bool
policy_requires_groups(const struct config *config)
{
	const struct policy_exception *one = config->exceptions;

	while (one != NULL && one->policy.require_group[0] == '\0')
		one = one->next;
	return config->policy.require_group[0] != '\0' || one != NULL;
}

enum err
policy_required_group(const struct config *config, const char *user,
    policy_member *member, void *arg, char group[CONFIG_GROUP_MAX + 1],
    struct error *why)
{
	size_t key = config_keys_find("policy", "require_group");
	struct policy policy = config->policy;
	enum err rc = ERR_OK;

	if (policy_requires_groups(config))
		rc = apply_exceptions(config, user, UINT64_C(1) << key, member,
		    arg, &policy, why);
	strcpy(group, policy.require_group);
	return rc;
}

enum err
policy_ask_system(
    const char *user, const char *group, bool *is_member, void *arg)
{
	(void)arg;
	return account_in_group(user, group, is_member);
}

enum err
policy_for(const struct config *config, const char *user, struct policy *policy,
    struct error *why)
{
	return policy_for_member(
	    config, user, policy_ask_system, NULL, policy, why);
}

static bool
is_self_shorter(const struct policy *policy)
{
	return policy->self != NULL &&
	    policy->self->max_expiry < policy->max_expiry;
}

int64_t
policy_longest(const struct policy *policy)
{
	return is_self_shorter(policy) ? policy->self->max_expiry
				       : policy->max_expiry;
}

static enum err
check_expiry(const struct policy *policy, int64_t expires, int64_t now,
    struct error *why)
{
	int64_t latest = time_add(now, policy_longest(policy));
	char text[PARSE_TIME_LEN + 1], wanted[PARSE_TIME_LEN + 1] = "never";

	if (expires <= latest)
		return ERR_OK;
	parse_format_time(latest, text);
	if (expires != TIME_NEVER)
		parse_format_time(expires, wanted);
	return error_about(why, "expires", NULL,
	    error_set(why, ERR_POLICY,
		"expiry `%s`: %s max_expiry allows %s at the latest", wanted,
		is_self_shorter(policy) ? "[self_service]" : "the policy's",
		text));
}

int64_t
policy_default_expiry(const struct policy *policy, int64_t now, int64_t starts)
{
	int64_t latest = time_add(now, policy_longest(policy));
	int64_t expires = time_add(
	    starts > now ? starts : now, policy->default_expiry);

	return expires < latest ? expires : latest;
}

enum err
policy_set_expiry(const struct policy *policy, const char *text, int64_t now,
    int64_t starts, int64_t *expires, struct error *why)
{
	if (text == NULL) {
		*expires = policy_default_expiry(policy, now, starts);
		return ERR_OK;
	}
	if (!parse_expiry(text, now, expires))
		return error_about(why, "expires", NULL,
		    error_set(why, ERR_INVALID,
			"expiry `%s`: give a duration (90d), a date "
			"(2027-01-31), a time (2027-01-31T12:00:00Z) or never",
			text));
	if (*expires <= now)
		return error_about(why, "expires", NULL,
		    error_set(why, ERR_INVALID,
			"expiry `%s`: not in the future", text));
	return check_expiry(policy, *expires, now, why);
}

enum err
policy_check_start(const struct record *record, struct error *why)
{
	char starts[PARSE_TIME_LEN + 1], expires[PARSE_TIME_LEN + 1];

	if (record->starts < record->expires)
		return ERR_OK;
	parse_format_time(record->starts, starts);
	parse_format_time(record->expires, expires);
	return error_about(why, "starts", NULL,
	    error_set(why, ERR_INVALID,
		"start `%s`: not before the expiry, %s; give an earlier start "
		"or a later expiry",
		starts, expires));
}

/* What holds for whoever acts for himself. */
static enum err
check_self(const struct self_service *self, const struct service_group *groups,
    const struct record *record, struct error *why)
{
	const char *rest = record->scopes;
	char bad[LIST_WORD_MAX + 1];

	if (!services_allowed(groups, self->services, record->services, bad))
		return error_about(why, "service", NULL,
		    error_set(why, ERR_POLICY,
			"service `%s`: [self_service] allows %s", bad,
			self->services));
	if (strcmp(self->scopes, "any") == 0)
		return ERR_OK;
	while (list_next(&rest, bad)) {
		if (!list_has(self->scopes, bad))
			return error_about(why, "scope", NULL,
			    error_set(why, ERR_POLICY,
				"scope `%s`: [self_service] allows %s", bad,
				self->scopes));
	}
	return ERR_OK;
}

enum err
policy_check_limits(const struct policy *policy,
    const struct service_group *groups, const struct record *record,
    int64_t now, struct error *why)
{
	char bad[LIST_WORD_MAX + 1];
	enum err rc = check_expiry(policy, record->expires, now, why);

	if (rc == ERR_OK && list_has(record->services, CONFIG_OWN_SERVICE))
		rc = error_about(why, "service", NULL,
		    error_set(why, ERR_POLICY,
			"service `" CONFIG_OWN_SERVICE
			"`: takes no tokens, since "
			"a token makes no tokens"));
	if (rc == ERR_OK &&
	    !services_allowed(groups, policy->services, record->services, bad))
		rc = error_about(why, "service", NULL,
		    error_set(why, ERR_POLICY,
			"service `%s`: the policy allows %s", bad,
			policy->services));
	if (rc == ERR_OK && policy->refuse_short && record->is_short)
		rc = error_about(why, "short", NULL,
		    error_set(why, ERR_POLICY,
			"short token: the policy's short_tokens = refused "
			"allows long ones only; issue one of those"));
	return rc == ERR_OK && policy->self != NULL
	    ? check_self(policy->self, groups, record, why)
	    : rc;
}

enum err
policy_check_room(const struct policy *policy, struct store *store,
    const struct record *record, int64_t now, struct error *why)
{
	struct index index = {0};
	struct record other;
	uint64_t usable = policy->elsewhere;
	bool gave_way;
	enum err rc;

	rc = store_get_index(store, record->user, &index, why);
	for (size_t i = 0; rc == ERR_OK && i < index.count; i++) {
		rc = store_get(store, index.ids[i], &other, why);
		if (rc != ERR_OK || strcmp(other.id, record->id) == 0 ||
		    !record_is_usable(&other, now))
			continue;
		/* A rotation's predecessor has given up its place. */
		rc = rotation_has_given_way(&gave_way, store, &other, now, why);
		if (rc != ERR_OK || gave_way)
			continue;
		usable++;
		if (strcmp(other.name, record->name) == 0)
			rc = error_about(why, "name", NULL,
			    error_set(why, ERR_EXISTS,
				"%s has a usable token named `%s` already: %s",
				record->user, record->name, other.id));
	}
	if (rc == ERR_OK && usable >= policy->max_tokens)
		rc = error_about(why, "user", "quota",
		    error_set(why, ERR_POLICY,
			"%s has %llu other usable tokens, and the policy's "
			"max_tokens allows no more; revoke one first",
			record->user, (unsigned long long)usable));
	index_free(&index);
	return rc;
}

enum err
policy_prune(const struct policy *policy, struct store *store, const char *user,
    int64_t now, struct error *why)
{
	struct index index = {0};
	struct record record;
	uint64_t dead = 0;
	bool gave_way;
	enum err rc;

	rc = store_get_index(store, user, &index, why);
	/* From the newest to the oldest, which come first. */
	for (size_t i = index.count; rc == ERR_OK && i-- > 0;) {
		rc = store_get(store, index.ids[i], &record, why);
		if (rc != ERR_OK || record_is_usable(&record, now))
			continue;
		rc = rotation_has_given_way(
		    &gave_way, store, &record, now, why);
		if (rc != ERR_OK || gave_way)
			continue;
		if (++dead <= policy->keep_dead)
			continue;
		rc = rotation_forget(store, &record, why);
		if (rc == ERR_OK)
			rc = store_remove(store, &record, why);
	}
	index_free(&index);
	return rc;
}
