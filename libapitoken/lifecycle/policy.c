#include "lifecycle/policy.h"

#include <stdbool.h>
#include <string.h>

#include "base/list.h"
#include "lifecycle/rotation.h"

enum err
policy_for_member(const struct config *config, const char *user,
    policy_member *member, void *arg, struct policy *policy, struct error *why)
{
	const struct policy_exception *one, *own = NULL;

	*policy = config->policy;
	for (one = config->exceptions; one != NULL; one = one->next) {
		bool is_member = false;
		enum err rc = ERR_OK;

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

static enum err
ask_system(const char *user, const char *group, bool *is_member, void *arg)
{
	(void)arg;
	return account_in_group(user, group, is_member);
}

enum err
policy_for(const struct config *config, const char *user, struct policy *policy,
    struct error *why)
{
	return policy_for_member(config, user, ask_system, NULL, policy, why);
}

static enum err
check_expiry(const struct policy *policy, int64_t expires, int64_t now,
    struct error *why)
{
	int64_t latest = time_add(now, policy->max_expiry);
	char text[PARSE_TIME_LEN + 1], wanted[PARSE_TIME_LEN + 1] = "never";

	if (expires <= latest)
		return ERR_OK;
	parse_format_time(latest, text);
	if (expires != TIME_NEVER)
		parse_format_time(expires, wanted);
	return error_set(why, ERR_POLICY,
	    "expiry `%s`: the policy's max_expiry allows %s at the latest",
	    wanted, text);
}

int64_t
policy_default_expiry(const struct policy *policy)
{
	return policy->default_expiry < policy->max_expiry
	    ? policy->default_expiry
	    : policy->max_expiry;
}

enum err
policy_set_expiry(const struct policy *policy, const char *text, int64_t now,
    int64_t *expires, struct error *why)
{
	if (text == NULL) {
		*expires = time_add(now, policy_default_expiry(policy));
		return ERR_OK;
	}
	if (!parse_expiry(text, now, expires))
		return error_set(why, ERR_INVALID,
		    "expiry `%s`: give a duration (90d), a date (2027-01-31), "
		    "a time (2027-01-31T12:00:00Z) or never",
		    text);
	if (*expires <= now)
		return error_set(
		    why, ERR_INVALID, "expiry `%s`: not in the future", text);
	return check_expiry(policy, *expires, now, why);
}

enum err
policy_check_limits(const struct policy *policy,
    const struct service_group *groups, const struct record *record,
    int64_t now, struct error *why)
{
	char bad[LIST_WORD_MAX + 1];
	enum err rc = check_expiry(policy, record->expires, now, why);

	if (rc == ERR_OK &&
	    !services_allowed(groups, policy->services, record->services, bad))
		rc = error_set(why, ERR_POLICY,
		    "service `%s`: the policy allows %s", bad,
		    policy->services);
	return rc;
}

enum err
policy_check_room(const struct policy *policy, struct store *store,
    const struct record *record, int64_t now, struct error *why)
{
	struct index index = {0};
	struct record other;
	uint64_t usable = 0;
	enum err rc;

	rc = store_get_index(store, record->user, &index, why);
	for (size_t i = 0; rc == ERR_OK && i < index.count; i++) {
		rc = store_get(store, index.ids[i], &other, why);
		/* A rotation's predecessor has given up its place. */
		if (rc != ERR_OK || strcmp(other.id, record->id) == 0 ||
		    !record_is_usable(&other, now) ||
		    rotation_has_given_way(store, &other, now))
			continue;
		usable++;
		if (strcmp(other.name, record->name) == 0)
			rc = error_set(why, ERR_EXISTS,
			    "%s has a usable token named `%s` already: %s",
			    record->user, record->name, other.id);
	}
	if (rc == ERR_OK && usable >= policy->max_tokens)
		rc = error_set(why, ERR_POLICY,
		    "%s has %llu other usable tokens, and the policy's "
		    "max_tokens allows no more; revoke one first",
		    record->user, (unsigned long long)usable);
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
	enum err rc;

	rc = store_get_index(store, user, &index, why);
	/* From the newest to the oldest, which come first. */
	for (size_t i = index.count; rc == ERR_OK && i-- > 0;) {
		rc = store_get(store, index.ids[i], &record, why);
		if (rc != ERR_OK || record_is_usable(&record, now) ||
		    rotation_has_given_way(store, &record, now))
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
