#include "login/evaluate.h"

#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/deadline.h"
#include "lib/scratch.h"
#include "lib/unit.h"
#include "lifecycle/single_use.h"

/* The answer of the look-up, and the state of the store meanwhile. */
static struct {
	struct account account;
	const struct scratch *scratch;
	int calls;
	enum err store; /* from an attempt to open it for writing */
} lookup;

/* The same for groups: one, which the policy requires in some tests. */
static struct {
	enum err rc;
	bool is_member;
	int calls;
	char user[32], group[32];
} group_lookup;

void __wrap_account_lookup(
    struct account *, const char *, const struct account_policy *, int64_t);

/* By the linker's --wrap: name services may wait, so no lock may be held. */
void
__wrap_account_lookup(struct account *account, const char *user,
    const struct account_policy *policy, int64_t now)
{
	struct store *store = NULL;

	(void)user;
	(void)policy;
	(void)now;
	lookup.calls++;
	lookup.store = store_open(
	    &store, &lookup.scratch->config, STORE_WRITE, 0, &why);
	store_close(store);
	*account = lookup.account;
}

enum err __wrap_account_in_group(const char *, const char *, bool *);

enum err
__wrap_account_in_group(const char *user, const char *group, bool *is_member)
{
	struct store *store = NULL;

	group_lookup.calls++;
	strcpy(group_lookup.user, user);
	strcpy(group_lookup.group, group);
	lookup.store = store_open(
	    &store, &lookup.scratch->config, STORE_WRITE, 0, &why);
	store_close(store);
	*is_member = group_lookup.is_member;
	return group_lookup.rc;
}

/* A token of alice in the store, and her login with it. */
static struct record token;
static char text[TOKEN_LEN + 1];
static struct attempt attempt;

static int
setup(void **state)
{
	struct store *store;

	if (scratch_setup_store(state) != 0)
		return -1;
	memset(&lookup, 0, sizeof(lookup));
	memset(&group_lookup, 0, sizeof(group_lookup));
	lookup.scratch = *state;
	lookup.account = (struct account){.state = ACCOUNT_ENABLED,
	    .found = true,
	    .name = "alice",
	    .uid = 1000};
	sample_record(&token, "alice", "laptop");
	assert_ok(token_make(text, token.id));
	if (scratch_open(*state, &store, STORE_READ) != ERR_OK)
		return -1;
	store_digest(store, text, token.digest);
	store_close(store);
	attempt = (struct attempt){.id = token.id,
	    .text = text,
	    .user = "alice",
	    .service = "sshd",
	    .need = "read",
	    .now = NOW,
	    .deadline = deadline_in(5)};
	return sample_add(*state, &token) == ERR_OK ? 0 : -1;
}

/* Evaluates; returns the check that failed, or LOGIN_TEST_COUNT. */
static enum login_test
evaluate_it(const struct scratch *scratch, struct record *record)
{
	struct verdict verdict;

	memset(&verdict, 0x55, sizeof(verdict));
	verdict.accepted = true;
	memset(record, 0x55, sizeof(*record));
	assert_ok(evaluate_attempt(
	    &verdict, record, &scratch->config, &attempt, &why));
	assert_int_equal(verdict.accepted,
	    verdict_failed_test(&verdict) == LOGIN_TEST_COUNT);
	return verdict_failed_test(&verdict);
}

static void
test_accepted(void **state)
{
	struct record record;

	assert_int_equal(evaluate_it(*state, &record), LOGIN_TEST_COUNT);
	assert_true(sample_equal(&record, &token));
	assert_int_equal(lookup.calls, 1);
}

static void
test_store_is_closed_when_the_account_is_asked(void **state)
{
	struct record record;

	assert_int_equal(evaluate_it(*state, &record), LOGIN_TEST_COUNT);
	assert_err(ERR_OK, lookup.store);
}

/* Refused before the account matters: name services are not asked. */
static void
expect_early(const struct scratch *scratch, enum login_test failed)
{
	struct record record;

	assert_int_equal(evaluate_it(scratch, &record), failed);
	assert_int_equal(lookup.calls, 0);
	if (failed == LOGIN_TEST_DIGEST)
		assert_true(sample_equal(&record, &token));
	else
		assert_int_equal(record.state, 0);
}

static void
test_malformed_is_refused_without_a_store(void **state)
{
	text[TOKEN_LEN - 1] ^= 1;
	assert_int_equal(unlink(scratch_database(*state)), 0);
	expect_early(*state, LOGIN_TEST_FORM);
	attempt.text = "";
	expect_early(*state, LOGIN_TEST_FORM);
}

static void
test_unknown_id(void **state)
{
	char id[TOKEN_ID_LEN + 1];

	assert_ok(token_make(text, id));
	attempt.id = id;
	expect_early(*state, LOGIN_TEST_KNOWN);
}

static void
test_wrong_secret(void **state)
{
	char id[TOKEN_ID_LEN + 1];

	assert_ok(token_make(text, id)); /* well formed, but not attempt.id */
	expect_early(*state, LOGIN_TEST_DIGEST);
}

static void
test_asked_again_without_its_text(void **state)
{
	struct record record;

	attempt.text = NULL;
	assert_int_equal(evaluate_it(*state, &record), LOGIN_TEST_COUNT);
	lookup.account.state = ACCOUNT_DISABLED;
	assert_int_equal(evaluate_it(*state, &record), LOGIN_TEST_ACCOUNT);
	attempt.id = "0000000000";
	assert_int_equal(evaluate_it(*state, &record), LOGIN_TEST_KNOWN);
}

/* A used-up token for one login: the ticket is the login's. */
static void
test_used_up_but_for_the_login_that_did_it(void **state)
{
	const struct scratch *scratch = *state;
	char ticket[RECORD_TICKET_LEN + 1];
	struct store *store;
	struct record record;

	token.lifetime = RECORD_ONCE;
	assert_ok(scratch_open(scratch, &store, STORE_WRITE));
	assert_ok(store_put(store, &token, &why));
	assert_ok(store_commit(store, &why));
	store_close(store);
	assert_ok(single_use_spend(
	    &scratch->config, token.id, NOW, deadline_in(5), ticket, &why));
	assert_int_equal(evaluate_it(scratch, &record), LOGIN_TEST_STATE);
	attempt.text = NULL;
	assert_int_equal(evaluate_it(scratch, &record), LOGIN_TEST_STATE);
	attempt.ticket = ticket;
	assert_int_equal(evaluate_it(scratch, &record), LOGIN_TEST_COUNT);
	ticket[0] ^= 1;
	assert_int_equal(evaluate_it(scratch, &record), LOGIN_TEST_STATE);
}

static void
test_the_verdict_is_that_of_record_account_and_attempt(void **state)
{
	struct record record;

	attempt.service = "login";
	assert_int_equal(evaluate_it(*state, &record), LOGIN_TEST_SERVICE);
	attempt.service = "sshd";
	attempt.need = "read,write";
	assert_int_equal(evaluate_it(*state, &record), LOGIN_TEST_SCOPES);
	strcpy(lookup.account.name, "bob");
	assert_int_equal(evaluate_it(*state, &record), LOGIN_TEST_OWNER);
	assert_true(sample_equal(&record, &token));
}

/* Who is in no required group is asked for none. */
static void
test_no_group_is_asked_for_without_a_rule(void **state)
{
	struct record record;

	assert_int_equal(evaluate_it(*state, &record), LOGIN_TEST_COUNT);
	assert_int_equal(group_lookup.calls, 0);
}

static void
test_the_group_that_the_policy_requires(void **state)
{
	struct scratch *scratch = *state;
	struct record record;

	strcpy(scratch->config.policy.require_group, "staff");
	assert_int_equal(evaluate_it(scratch, &record), LOGIN_TEST_GROUP);
	assert_string_equal(group_lookup.user, "alice");
	assert_string_equal(group_lookup.group, "staff");
	assert_err(ERR_OK, lookup.store); /* it was closed */
	assert_true(sample_equal(&record, &token));
	group_lookup.is_member = true;
	assert_int_equal(evaluate_it(scratch, &record), LOGIN_TEST_COUNT);
	attempt.text = NULL; /* as acct_mgmt does */
	assert_int_equal(evaluate_it(scratch, &record), LOGIN_TEST_COUNT);
	group_lookup.is_member = false;
	assert_int_equal(evaluate_it(scratch, &record), LOGIN_TEST_GROUP);
	assert_int_equal(group_lookup.calls, 4);
}

/* The account is the reason then, and its directory may be down. */
static void
test_no_group_of_an_account_that_is_not_enabled(void **state)
{
	struct scratch *scratch = *state;
	struct record record;

	strcpy(scratch->config.policy.require_group, "staff");
	lookup.account.state = ACCOUNT_DISABLED;
	lookup.account.reason = ACCOUNT_LOCKED;
	assert_int_equal(evaluate_it(scratch, &record), LOGIN_TEST_ACCOUNT);
	lookup.account.state = ACCOUNT_UNKNOWN;
	assert_int_equal(evaluate_it(scratch, &record), LOGIN_TEST_ACCOUNT);
	assert_int_equal(group_lookup.calls, 0);
}

static void
test_trouble_with_the_group(void **state)
{
	static const enum err TROUBLES[] = {
	    ERR_NOT_FOUND, ERR_SYSTEM, ERR_NOMEM};
	struct scratch *scratch = *state;
	struct verdict verdict;
	struct record record;

	strcpy(scratch->config.policy.require_group, "staff");
	group_lookup.is_member = true;
	for (size_t i = 0; i < COUNT_OF(TROUBLES); i++) {
		group_lookup.rc = TROUBLES[i];
		verdict.accepted = true;
		assert_err(TROUBLES[i],
		    evaluate_attempt(
			&verdict, &record, &scratch->config, &attempt, &why));
		assert_says("group `staff`, required by the policy: ");
		assert_false(verdict.accepted);
		assert_int_equal(record.state, 0);
	}
}

/* Trouble accepts nothing, and is reported. */
static void
expect_trouble(const struct scratch *scratch, enum err expected)
{
	struct verdict verdict;
	struct record record;

	memset(&verdict, 0x55, sizeof(verdict));
	verdict.accepted = true;
	memset(&record, 0x55, sizeof(record));
	assert_err(expected,
	    evaluate_attempt(
		&verdict, &record, &scratch->config, &attempt, &why));
	assert_string_not_equal(why.text, "");
	assert_false(verdict.accepted);
	assert_int_not_equal(verdict_failed_test(&verdict), LOGIN_TEST_COUNT);
	assert_int_equal(record.state, 0);
	assert_int_equal(lookup.calls, 0);
}

static void
test_trouble_with_the_store(void **state)
{
	static const uint8_t KEY[CRYPTO_KEY_LEN] = {7};
	struct scratch *scratch = *state;
	struct store *held;

	assert_ok(scratch_open(scratch, &held, STORE_WRITE));
	scratch->config.lock_timeout = 0;
	expect_trouble(scratch, ERR_BUSY);
	store_close(held);
	assert_int_equal(chmod(scratch_database(scratch), 0644), 0);
	expect_trouble(scratch, ERR_UNSAFE);
	assert_int_equal(chmod(scratch_database(scratch), 0600), 0);
	scratch_write(scratch_key(scratch), KEY, sizeof(KEY), 0600);
	expect_trouble(scratch, ERR_KEY);
	assert_int_equal(unlink(scratch_key(scratch)), 0);
	expect_trouble(scratch, ERR_MISSING);
}

static void
test_trouble_with_the_host(void **state)
{
	attempt.user = NULL;
	expect_trouble(*state, ERR_INTERNAL);
	attempt.user = "alice";
	attempt.service = NULL;
	expect_trouble(*state, ERR_INTERNAL);
}

#define EVALUATE_TEST(test)                                                    \
	cmocka_unit_test_setup_teardown(test, setup, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    EVALUATE_TEST(test_accepted),
	    EVALUATE_TEST(test_store_is_closed_when_the_account_is_asked),
	    EVALUATE_TEST(test_malformed_is_refused_without_a_store),
	    EVALUATE_TEST(test_unknown_id),
	    EVALUATE_TEST(test_wrong_secret),
	    EVALUATE_TEST(test_asked_again_without_its_text),
	    EVALUATE_TEST(test_used_up_but_for_the_login_that_did_it),
	    EVALUATE_TEST(
		test_the_verdict_is_that_of_record_account_and_attempt),
	    EVALUATE_TEST(test_no_group_is_asked_for_without_a_rule),
	    EVALUATE_TEST(test_the_group_that_the_policy_requires),
	    EVALUATE_TEST(test_no_group_of_an_account_that_is_not_enabled),
	    EVALUATE_TEST(test_trouble_with_the_group),
	    EVALUATE_TEST(test_trouble_with_the_store),
	    EVALUATE_TEST(test_trouble_with_the_host),
	};

	return unit_run(tests);
}
