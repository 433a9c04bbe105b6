/*
 * require_group of the policy: the group that an owner of tokens has to be in.
 * It is asked for at each login, and nothing is stored: who leaves the group
 * loses the use of tokens at once, and has it back on return.
 */
#ifndef APITOKEN_GROUP_RULE_H
#define APITOKEN_GROUP_RULE_H

#include "base/error.h"
#include "config/config.h"
#include "lifecycle/policy.h"

enum membership {
	MEMBERSHIP_NOT_ASKED = 0,
	MEMBERSHIP_NOT_REQUIRED,
	MEMBERSHIP_IN,
	MEMBERSHIP_OUT,
};

struct group_rule {
	enum membership membership;
	char group[CONFIG_GROUP_MAX + 1]; /* "": none is required */
};

/*
 * Which group the policy requires of the user, and whether he is in it. Asks
 * the name services, but only if a policy requires a group: hold no lock.
 * ERR_NOT_FOUND, ERR_SYSTEM, ERR_NOMEM: it cannot be told; why names the group.
 */
enum err group_rule_ask(struct group_rule *rule, const struct config *config,
    const char *user, struct error *why);

/* The same, for a caller who knows the groups of many users. */
enum err group_rule_ask_member(struct group_rule *rule,
    const struct config *config, const char *user, policy_member *member,
    void *arg, struct error *why);

/*
 * Whether a group that a policy requires can be looked up, whoever is in it.
 * Errors as group_rule_ask.
 */
enum err group_rule_look(const char *group, struct error *why);

/* Before a token is issued to the user: ERR_POLICY if he is not in it. */
enum err group_rule_check(
    const struct group_rule *rule, const char *user, struct error *why);

#endif
