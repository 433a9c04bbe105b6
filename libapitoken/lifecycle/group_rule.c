#include "lifecycle/group_rule.h"

#include "account/account.h"

static enum err
cannot_tell(const char *group, enum err rc, struct error *why)
{
	if (rc == ERR_NOT_FOUND)
		return error_set(why, rc,
		    "group `%s`, required by the policy: there is none, or the "
		    "name services do not answer",
		    group);
	return error_set(why, rc,
	    "group `%s`, required by the policy: cannot be looked up", group);
}

enum err
group_rule_ask_member(struct group_rule *rule, const struct config *config,
    const char *user, policy_member *member, void *arg, struct error *why)
{
	bool is_member = false;
	enum err rc;

	*rule = (struct group_rule){.membership = MEMBERSHIP_NOT_ASKED};
	rc = policy_required_group(config, user, member, arg, rule->group, why);
	if (rc != ERR_OK)
		return rc;
	if (rule->group[0] == '\0') {
		rule->membership = MEMBERSHIP_NOT_REQUIRED;
		return ERR_OK;
	}
	rc = member(user, rule->group, &is_member, arg);
	if (rc != ERR_OK)
		return cannot_tell(rule->group, rc, why);
	rule->membership = is_member ? MEMBERSHIP_IN : MEMBERSHIP_OUT;
	return ERR_OK;
}

enum err
group_rule_ask(struct group_rule *rule, const struct config *config,
    const char *user, struct error *why)
{
	return group_rule_ask_member(
	    rule, config, user, policy_ask_system, NULL, why);
}

enum err
group_rule_look(const char *group, struct error *why)
{
	bool is_member;
	enum err rc = account_in_group("root", group, &is_member);

	return rc == ERR_OK ? rc : cannot_tell(group, rc, why);
}

enum err
group_rule_check(
    const struct group_rule *rule, const char *user, struct error *why)
{
	if (rule->membership == MEMBERSHIP_NOT_REQUIRED ||
	    rule->membership == MEMBERSHIP_IN)
		return ERR_OK;
	return error_about(why, "user", NULL,
	    error_set(why, ERR_POLICY,
		"user `%s`: not in the group `%s`, which the policy requires: "
		"no token of his would log in",
		user, rule->group));
}
