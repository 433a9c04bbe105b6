/* policy.h, group_rule.h: which policy applies to whom, and its group. */
#include "lifecycle/policy.h"

#include <stdio.h>
#include <string.h>

#include "account/account.h"
#include "lib/unit.h"
#include "lifecycle/group_rule.h"

/* Replaces the name services: ` alice:staff bob:staff `. */
static const char *members = "";
static enum err failing;
static char asked[256];

enum err __wrap_account_in_group(const char *, const char *, bool *);

enum err
__wrap_account_in_group(const char *user, const char *group, bool *is_member)
{
	char pair[64];

	(void)snprintf(pair, sizeof(pair), " %s:%s ", user, group);
	strcat(asked, pair);
	*is_member = strstr(members, pair) != NULL;
	return failing;
}

static const char CONFIG[] = "[policy alice]\nmax_tokens = 1\n"
			     "[policy]\nmax_tokens = 10\nkeep_dead = 10\n"
			     "default_expiry = 10d\nmax_expiry = 10d\n"
			     "[policy @staff]\nmax_tokens = 2\nkeep_dead = 2\n"
			     "services = sshd\n"
			     "[policy @ops]\nmax_tokens = 3\nmax_expiry = 3d\n"
			     "[policy bob]\nservices = vsftpd\n";

static struct config config;

static int
setup(void **state)
{
	(void)state;
	members = "";
	failing = ERR_OK;
	asked[0] = '\0';
	return config_parse(&config, CONFIG, strlen(CONFIG), "file", &why) !=
	    ERR_OK;
}

static int
teardown(void **state)
{
	(void)state;
	config_free(&config);
	return 0;
}

/* Every value of a user's policy. */
static void
expect(const char *user, uint64_t max_tokens, uint64_t keep_dead,
    int64_t max_expiry, const char *services)
{
	struct policy policy;

	memset(&policy, 0x55, sizeof(policy));
	assert_ok(policy_for(&config, user, &policy, &why));
	assert_row(user, policy.max_tokens == max_tokens);
	assert_row(user, policy.keep_dead == keep_dead);
	assert_row(user, policy.default_expiry == 10 * DAY);
	assert_row(user, policy.max_expiry == max_expiry);
	assert_string_equal(policy.services, services);
}

static void
test_everybody_else(void **state)
{
	(void)state;
	expect("carol", 10, 10, 10 * DAY, "any");
	expect("Alice", 10, 10, 10 * DAY, "any");
	expect("alice2", 10, 10, 10 * DAY, "any");
	expect(
	    "@staff", 10, 10, 10 * DAY, "any"); /* not a user, but a section */
}

static void
test_a_user_of_its_own(void **state)
{
	(void)state;
	expect("alice", 1, 10, 10 * DAY, "any");
	expect("bob", 10, 10, 10 * DAY, "vsftpd");
}

static void
test_a_group(void **state)
{
	(void)state;
	members = " carol:staff ";
	expect("carol", 2, 2, 10 * DAY, "sshd");
	expect("dave", 10, 10, 10 * DAY, "any");
	assert_string_equal(
	    asked, " carol:staff  carol:ops  dave:staff  dave:ops ");
}

/* A later group overrides an earlier one, key by key. */
static void
test_two_groups(void **state)
{
	(void)state;
	members = " carol:staff  carol:ops ";
	expect("carol", 3, 2, 3 * DAY, "sshd");
}

/* The user's own section overrides all, wherever it is. */
static void
test_a_user_in_groups(void **state)
{
	(void)state;
	members = " alice:staff  alice:ops  bob:staff ";
	expect("alice", 1, 2, 3 * DAY, "sshd");
	expect("bob", 2, 2, 10 * DAY, "vsftpd");
}

/* If membership is uncertain: no policy rather than a laxer one. */
static void
test_a_group_that_cannot_be_looked_up(void **state)
{
	struct policy policy;

	(void)state;
	failing = ERR_SYSTEM;
	assert_err(ERR_SYSTEM, policy_for(&config, "carol", &policy, &why));
	assert_says("group `staff` of the policy: cannot be looked up");
	assert_err(ERR_SYSTEM, policy_for(&config, "alice", &policy, &why));
	failing = ERR_NOMEM;
	assert_err(ERR_NOMEM, policy_for(&config, "carol", &policy, &why));
}

static void
test_without_groups_nobody_is_asked(void **state)
{
	struct policy policy;

	(void)state;
	config_free(&config);
	failing = ERR_SYSTEM;
	assert_ok(policy_for(&config, "alice", &policy, &why));
	assert_memory_equal(&policy, &config.policy, sizeof(policy));
	assert_string_equal(asked, "");
}

static const char GROUP_CONFIG[] = "[policy]\nrequire_group = owners\n"
				   "[policy @staff]\nmax_tokens = 2\n"
				   "[policy @ops]\nrequire_group = ops\n"
				   "[policy @free]\nrequire_group =\n"
				   "[policy bob]\nrequire_group =\n"
				   "[policy carol]\nmax_tokens = 3\n";

static void
read_config(const char *text)
{
	config_free(&config);
	assert_ok(config_parse(&config, text, strlen(text), "file", &why));
}

/* The group required of a user, and who is asked for before that is known. */
static void
expect_group(const char *user, const char *group, const char *asks)
{
	char found[CONFIG_GROUP_MAX + 1] = "x";

	asked[0] = '\0';
	assert_ok(policy_required_group(
	    &config, user, policy_ask_system, NULL, found, &why));
	assert_string_equal(found, group);
	assert_string_equal(asked, asks);
}

/* Only sections that say something of it count, and only they are asked. */
static void
test_required_group(void **state)
{
	(void)state;
	read_config(GROUP_CONFIG);
	assert_true(policy_requires_groups(&config));
	expect_group("dave", "owners", " dave:ops  dave:free ");
	expect_group("carol", "owners", " carol:ops  carol:free ");
	expect_group("bob", "", " bob:ops  bob:free ");
	members = " dave:ops  erin:free  frank:ops  frank:free  erin:staff ";
	expect_group("dave", "ops", " dave:ops  dave:free ");
	expect_group("erin", "", " erin:ops  erin:free ");
	expect_group("frank", "", " frank:ops  frank:free ");
}

static void
test_nobody_is_asked_if_none_is_required(void **state)
{
	(void)state;
	failing = ERR_SYSTEM;
	assert_false(policy_requires_groups(&config));
	expect_group("carol", "", "");
	read_config("[policy @free]\nrequire_group =\n");
	assert_false(policy_requires_groups(&config));
	expect_group("carol", "", "");
	read_config("[policy @ops]\nrequire_group = ops\n");
	assert_true(policy_requires_groups(&config));
}

static void
expect_rule(const char *user, enum membership membership, const char *group)
{
	struct group_rule rule;

	memset(&rule, 0x55, sizeof(rule));
	assert_ok(group_rule_ask(&rule, &config, user, &why));
	assert_row(user, rule.membership == membership);
	assert_string_equal(rule.group, group);
}

static void
test_group_rule(void **state)
{
	struct group_rule rule;

	(void)state;
	read_config(GROUP_CONFIG);
	members = " dave:owners  erin:ops ";
	expect_rule("dave", MEMBERSHIP_IN, "owners");
	expect_rule("carol", MEMBERSHIP_OUT, "owners");
	expect_rule("bob", MEMBERSHIP_NOT_REQUIRED, "");
	expect_rule("erin", MEMBERSHIP_IN, "ops");
	assert_ok(group_rule_ask(&rule, &config, "dave", &why));
	assert_ok(group_rule_check(&rule, "dave", &why));
	assert_ok(group_rule_ask(&rule, &config, "carol", &why));
	assert_err(ERR_POLICY, group_rule_check(&rule, "carol", &why));
	assert_says("user `carol`: not in the group `owners`");
}

/* Neither the group, nor which group it is: nothing is guessed. */
static void
test_group_rule_that_cannot_be_told(void **state)
{
	static const struct group_rule NOT_ASKED = {MEMBERSHIP_NOT_ASKED, ""};
	struct group_rule rule = {MEMBERSHIP_IN, ""};

	(void)state;
	failing = ERR_NOT_FOUND;
	read_config("[policy]\nrequire_group = owners\n");
	assert_err(ERR_NOT_FOUND, group_rule_ask(&rule, &config, "dave", &why));
	assert_says("group `owners`, required by the policy: there is none");
	assert_int_equal(rule.membership, MEMBERSHIP_NOT_ASKED);
	failing = ERR_SYSTEM;
	assert_err(ERR_SYSTEM, group_rule_ask(&rule, &config, "dave", &why));
	assert_says("group `owners`, required by the policy: cannot be");
	read_config(GROUP_CONFIG);
	assert_err(ERR_SYSTEM, group_rule_ask(&rule, &config, "dave", &why));
	assert_says("group `ops` of the policy: cannot be looked up");
	assert_int_equal(rule.membership, MEMBERSHIP_NOT_ASKED);
	assert_err(ERR_POLICY, group_rule_check(&NOT_ASKED, "dave", &why));
}

#define POLICY_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    POLICY_TEST(test_everybody_else),
	    POLICY_TEST(test_a_user_of_its_own),
	    POLICY_TEST(test_a_group),
	    POLICY_TEST(test_two_groups),
	    POLICY_TEST(test_a_user_in_groups),
	    POLICY_TEST(test_a_group_that_cannot_be_looked_up),
	    POLICY_TEST(test_without_groups_nobody_is_asked),
	    POLICY_TEST(test_required_group),
	    POLICY_TEST(test_nobody_is_asked_if_none_is_required),
	    POLICY_TEST(test_group_rule),
	    POLICY_TEST(test_group_rule_that_cannot_be_told),
	};

	return unit_run(tests);
}
