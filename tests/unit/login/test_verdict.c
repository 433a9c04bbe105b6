#include "login/verdict.h"

#include <stdlib.h>
#include <string.h>

#include "lib/scratch.h"
#include "lib/unit.h"

/* A login that passes every check, until a test breaks one. */
struct login {
	struct record record;
	struct attempt attempt;
	const struct service_group *groups;
	struct account account;
	struct group_rule rule;
	struct verdict verdict;
};

static int
setup(void **state)
{
	struct login *login = calloc(1, sizeof(*login));

	*state = login;
	if (login == NULL)
		return -1;
	sample_record(&login->record, "alice", "laptop");
	strcpy(login->record.scopes, "read,write");
	login->record.from_count = 2;
	if (!network_parse("192.0.2.0/24", &login->record.from[0]) ||
	    !network_parse("2001:db8::/32", &login->record.from[1]))
		return -1;
	login->attempt = (struct attempt){
	    .service = "sshd",
	    .need = "read,write",
	    .from = "192.0.2.7",
	    .now = NOW,
	};
	login->account = (struct account){
	    .state = ACCOUNT_ENABLED,
	    .reason = ACCOUNT_OK,
	    .found = true,
	    .name = "alice",
	    .uid = 1000,
	};
	login->rule = (struct group_rule){MEMBERSHIP_IN, "staff"};
	return 0;
}

static int
teardown(void **state)
{
	free(*state);
	return 0;
}

static void
make(struct login *login)
{
	memset(&login->verdict, 0x55, sizeof(login->verdict));
	login->verdict.accepted = true;
	verdict_make(&login->verdict, &login->record, &login->attempt,
	    login->groups, &login->account, &login->rule);
}

/* Only this check fails, and the refusal has this reason. */
static void
expect_refused(struct login *login, enum login_test failed, const char *reason)
{
	make(login);
	assert_false(login->verdict.accepted);
	for (unsigned i = 0; i < LOGIN_TEST_COUNT; i++)
		assert_row(verdict_test_name((enum login_test)i),
		    login->verdict.outcome[i] ==
			(i == failed ? OUTCOME_FAILED : OUTCOME_PASSED));
	assert_int_equal(verdict_failed_test(&login->verdict), failed);
	assert_string_equal(verdict_reason(&login->verdict), reason);
}

static void
expect_accepted(struct login *login)
{
	make(login);
	assert_true(login->verdict.accepted);
	for (unsigned i = 0; i < LOGIN_TEST_COUNT; i++)
		assert_int_equal(login->verdict.outcome[i], OUTCOME_PASSED);
	assert_int_equal(
	    verdict_failed_test(&login->verdict), LOGIN_TEST_COUNT);
	assert_string_equal(verdict_reason(&login->verdict), "accepted");
}

static void
test_accepted_when_all_pass(void **state)
{
	expect_accepted(*state);
}

static void
test_owner(void **state)
{
	struct login *login = *state;

	login->account.uid = 1001;
	expect_refused(login, LOGIN_TEST_OWNER, "not-the-owner");
	login->account.uid = 1000;
	strcpy(login->account.name, "alic");
	expect_refused(login, LOGIN_TEST_OWNER, "not-the-owner");
	strcpy(login->account.name, "Alice");
	expect_refused(login, LOGIN_TEST_OWNER, "not-the-owner");
	strcpy(login->account.name, "alice2");
	expect_refused(login, LOGIN_TEST_OWNER, "not-the-owner");
}

static void
test_account(void **state)
{
	struct login *login = *state;

	login->account.state = ACCOUNT_DISABLED;
	login->account.reason = ACCOUNT_EXPIRED;
	expect_refused(login, LOGIN_TEST_ACCOUNT, "account-expired");
	assert_int_equal(login->verdict.account, ACCOUNT_DISABLED);
	login->account.state = ACCOUNT_UNKNOWN;
	login->account.reason = ACCOUNT_NO_SHADOW;
	expect_refused(login, LOGIN_TEST_ACCOUNT, "account-shadow-unreadable");
	assert_int_equal(login->verdict.account, ACCOUNT_UNKNOWN);
	login->account = (struct account){
	    .state = ACCOUNT_UNKNOWN, .reason = ACCOUNT_NOT_FOUND};
	expect_refused(login, LOGIN_TEST_ACCOUNT, "account-not-found");
	/* an impossible state */
	login->account.state = ACCOUNT_ENABLED;
	expect_refused(login, LOGIN_TEST_ACCOUNT, "account-not-found");
}

static void
test_group(void **state)
{
	struct login *login = *state;

	login->rule.membership = MEMBERSHIP_OUT;
	expect_refused(login, LOGIN_TEST_GROUP, "not-in-group");
	assert_string_equal(login->verdict.rule.group, "staff");
	login->rule = (struct group_rule){MEMBERSHIP_NOT_REQUIRED, ""};
	expect_accepted(login);
}

/* Nobody asks for the groups of a disabled account; and no answer is no yes. */
static void
test_group_that_was_not_asked_for(void **state)
{
	struct login *login = *state;

	login->rule.membership = MEMBERSHIP_NOT_ASKED;
	make(login);
	assert_false(login->verdict.accepted);
	assert_int_equal(
	    login->verdict.outcome[LOGIN_TEST_GROUP], OUTCOME_SKIPPED);
	login->account.state = ACCOUNT_DISABLED;
	login->account.reason = ACCOUNT_LOCKED;
	make(login);
	assert_string_equal(verdict_reason(&login->verdict), "account-locked");
}

static void
test_state(void **state)
{
	struct login *login = *state;

	login->record.state = RECORD_REVOKED;
	expect_refused(login, LOGIN_TEST_STATE, "revoked");
	login->record.is_replaced = true;
	expect_refused(login, LOGIN_TEST_STATE, "replaced");
	login->record.is_replaced = false;
	login->record.state = RECORD_DEACTIVATED;
	expect_refused(login, LOGIN_TEST_STATE, "deactivated");
	login->record.state = (enum record_state)0;
	expect_refused(login, LOGIN_TEST_STATE, "unknown");
}

static void
test_expiry(void **state)
{
	struct login *login = *state;

	login->record.expires = NOW + 1;
	expect_accepted(login);
	login->record.expires = NOW;
	expect_refused(login, LOGIN_TEST_EXPIRY, "expired");
	login->record.expires = 0;
	expect_refused(login, LOGIN_TEST_EXPIRY, "expired");
	login->record.expires = TIME_NEVER;
	expect_accepted(login);
}

static void
test_start(void **state)
{
	struct login *login = *state;

	login->record.starts = NOW;
	expect_accepted(login);
	login->record.starts = NOW + 1;
	expect_refused(login, LOGIN_TEST_START, "not-yet");
	/* the next day */
	login->record.starts = NOW + DAY;
	expect_refused(login, LOGIN_TEST_START, "not-yet");
	login->attempt.now = NOW + DAY;
	expect_accepted(login);
	/* expired is final, and the better answer */
	login->record.expires = NOW;
	login->record.starts = NOW + 2 * DAY;
	make(login);
	assert_string_equal(verdict_reason(&login->verdict), "expired");
}

static void
test_clock(void **state)
{
	struct login *login = *state;

	login->record.created.at = NOW + DAY;
	expect_accepted(login);
	login->record.created.at = NOW + DAY + 1;
	expect_refused(login, LOGIN_TEST_CLOCK, "issued-in-the-future");
}

static void
test_service(void **state)
{
	struct login *login = *state;

	login->attempt.service = "vsftpd";
	expect_accepted(login);
	login->attempt.service = "ssh";
	expect_refused(login, LOGIN_TEST_SERVICE, "wrong-service");
	login->attempt.service = "sshd,vsftpd";
	expect_refused(login, LOGIN_TEST_SERVICE, "wrong-service");
	login->attempt.service = "";
	expect_refused(login, LOGIN_TEST_SERVICE, "wrong-service");
	login->attempt.service = "any";
	expect_refused(login, LOGIN_TEST_SERVICE, "wrong-service");
	strcpy(login->record.services, "any");
	login->attempt.service = "login";
	expect_accepted(login);
	login->record.services[0] = '\0';
	expect_refused(login, LOGIN_TEST_SERVICE, "wrong-service");
}

/* The record names the group; the current config says who is in it. */
static void
test_service_groups(void **state)
{
	static const char *const SERVICES[] = {
	    "sshd", "vsftpd", "gone", "any", ""};
	struct login *login = *state;
	struct service_group *groups = NULL;

	strcpy(login->record.services, "@shells");
	expect_refused(login, LOGIN_TEST_SERVICE, "wrong-service");
	assert_ok(services_add(&groups, "shells", "login,sshd"));
	login->groups = groups;
	expect_accepted(login);
	login->attempt.service = "vsftpd";
	expect_refused(login, LOGIN_TEST_SERVICE, "wrong-service");
	login->attempt.service = "shells";
	expect_refused(login, LOGIN_TEST_SERVICE, "wrong-service");
	services_free(&groups);
	assert_ok(services_add(&groups, "shells", "vsftpd"));
	login->groups = groups;
	login->attempt.service = "vsftpd";
	expect_accepted(login);
	login->attempt.service = "sshd";
	expect_refused(login, LOGIN_TEST_SERVICE, "wrong-service");
	strcpy(login->record.services, "@shells,sshd");
	expect_accepted(login);
	/* a group that is no longer in the config accepts nobody */
	strcpy(login->record.services, "@gone");
	for (size_t i = 0; i < COUNT_OF(SERVICES); i++) {
		login->attempt.service = SERVICES[i];
		expect_refused(login, LOGIN_TEST_SERVICE, "wrong-service");
	}
	services_free(&groups);
}

static void
test_scopes(void **state)
{
	struct login *login = *state;

	strcpy(login->record.scopes, "read");
	expect_refused(login, LOGIN_TEST_SCOPES, "too-few-scopes");
	strcpy(login->record.scopes, "write");
	expect_refused(login, LOGIN_TEST_SCOPES, "too-few-scopes");
	strcpy(login->record.scopes, "");
	expect_refused(login, LOGIN_TEST_SCOPES, "too-few-scopes");
	strcpy(login->record.scopes, "other,write,read");
	expect_accepted(login);
	login->attempt.need = "";
	strcpy(login->record.scopes, "");
	expect_accepted(login);
	login->attempt.need = "any"; /* a word like any other */
	strcpy(login->record.scopes, "read,write");
	expect_refused(login, LOGIN_TEST_SCOPES, "too-few-scopes");
}

static void
test_address(void **state)
{
	static const char *const NONE[] = {NULL, "", "host.example",
	    "192.0.2.7.example.org", "192.0.2.0/24", "192.0.2.7 ", "UNKNOWN"};
	static const char *const WRONG[] = {
	    "192.0.3.1", "2001:db9::1", "::ffff:192.0.3.1", "fe80::1%eth0"};
	struct login *login = *state;

	for (size_t i = 0; i < COUNT_OF(NONE); i++) {
		login->attempt.from = NONE[i];
		expect_refused(login, LOGIN_TEST_ADDRESS, "no-address");
	}
	for (size_t i = 0; i < COUNT_OF(WRONG); i++) {
		login->attempt.from = WRONG[i];
		expect_refused(login, LOGIN_TEST_ADDRESS, "wrong-address");
	}
	login->attempt.from = "2001:db8::1"; /* in the second network */
	expect_accepted(login);
	login->attempt.from = "::ffff:192.0.2.7";
	expect_accepted(login);
	login->record.from_count = 0;
	for (size_t i = 0; i < COUNT_OF(NONE); i++) {
		login->attempt.from = NONE[i];
		expect_accepted(login);
	}
	for (size_t i = 0; i < COUNT_OF(WRONG); i++) {
		login->attempt.from = WRONG[i];
		expect_accepted(login);
	}
}

static void
break_check(struct login *login, enum login_test test)
{
	switch (test) {
	case LOGIN_TEST_OWNER:
		login->account.uid++;
		break;
	case LOGIN_TEST_ACCOUNT:
		login->account.state = ACCOUNT_DISABLED;
		login->account.reason = ACCOUNT_LOCKED;
		break;
	case LOGIN_TEST_STATE:
		login->record.state = RECORD_REVOKED;
		break;
	case LOGIN_TEST_EXPIRY:
		login->record.expires = NOW;
		break;
	case LOGIN_TEST_START:
		login->record.starts = NOW + 1;
		break;
	case LOGIN_TEST_GROUP:
		login->rule.membership = MEMBERSHIP_OUT;
		break;
	case LOGIN_TEST_CLOCK:
		login->record.created.at = NOW + 2 * DAY;
		break;
	case LOGIN_TEST_SERVICE:
		login->attempt.service = "login";
		break;
	case LOGIN_TEST_SCOPES:
		login->attempt.need = "admin";
		break;
	case LOGIN_TEST_ADDRESS:
		login->attempt.from = "198.51.100.1";
		break;
	default:
		fail_msg("no such test: %d", (int)test);
	}
}

#define JUDGED (LOGIN_TEST_COUNT - LOGIN_TEST_OWNER)

/* All combinations of the checks that verdict_make looks at. */
static void
test_accepted_only_if_nothing_fails(void **state)
{
	for (unsigned broken = 0; broken < 1U << JUDGED; broken++) {
		struct login login = *(struct login *)*state;
		unsigned first = LOGIN_TEST_COUNT;

		for (unsigned i = JUDGED; i-- > 0;) {
			if ((broken & 1U << i) == 0)
				continue;
			first = LOGIN_TEST_OWNER + i;
			break_check(&login, (enum login_test)first);
		}
		make(&login);
		assert_int_equal(login.verdict.accepted, broken == 0);
		assert_int_equal(verdict_failed_test(&login.verdict), first);
		for (unsigned i = 0; i < JUDGED; i++)
			assert_int_equal(
			    login.verdict.outcome[LOGIN_TEST_OWNER + i],
			    (broken & 1U << i) != 0 ? OUTCOME_FAILED
						    : OUTCOME_PASSED);
	}
}

static void
test_fail_skips_what_comes_after(void **state)
{
	static const char *const REASONS[] = {
	    "malformed", "unknown-token", "wrong-secret"};

	(void)state;
	for (unsigned failed = 0; failed < COUNT_OF(REASONS); failed++) {
		struct verdict verdict;

		memset(&verdict, 0x55, sizeof(verdict));
		verdict.accepted = true;
		verdict_fail(&verdict, (enum login_test)failed);
		assert_false(verdict.accepted);
		for (unsigned i = 0; i < LOGIN_TEST_COUNT; i++)
			assert_int_equal(verdict.outcome[i],
			    i < failed        ? OUTCOME_PASSED
				: i == failed ? OUTCOME_FAILED
					      : OUTCOME_SKIPPED);
		assert_int_equal(verdict_failed_test(&verdict), failed);
		assert_string_equal(verdict_reason(&verdict), REASONS[failed]);
	}
}

static void
test_nothing_judged_is_refused(void **state)
{
	const struct verdict verdict = {0};

	(void)state;
	assert_false(verdict.accepted);
	assert_int_equal(verdict_failed_test(&verdict), LOGIN_TEST_FORM);
	assert_string_not_equal(verdict_reason(&verdict), "accepted");
}

static void
test_each_check_has_a_name_of_its_own(void **state)
{
	static const char *const NAMES[LOGIN_TEST_COUNT] = {"form", "known",
	    "digest", "owner", "account", "group", "state", "expiry", "start",
	    "clock", "service", "scopes", "address"};

	(void)state;
	for (unsigned i = 0; i < LOGIN_TEST_COUNT; i++)
		assert_string_equal(
		    verdict_test_name((enum login_test)i), NAMES[i]);
}

#define LOGIN_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    LOGIN_TEST(test_accepted_when_all_pass),
	    LOGIN_TEST(test_owner),
	    LOGIN_TEST(test_account),
	    LOGIN_TEST(test_group),
	    LOGIN_TEST(test_group_that_was_not_asked_for),
	    LOGIN_TEST(test_state),
	    LOGIN_TEST(test_expiry),
	    LOGIN_TEST(test_start),
	    LOGIN_TEST(test_clock),
	    LOGIN_TEST(test_service),
	    LOGIN_TEST(test_service_groups),
	    LOGIN_TEST(test_scopes),
	    LOGIN_TEST(test_address),
	    LOGIN_TEST(test_accepted_only_if_nothing_fails),
	    cmocka_unit_test(test_fail_skips_what_comes_after),
	    cmocka_unit_test(test_nothing_judged_is_refused),
	    cmocka_unit_test(test_each_check_has_a_name_of_its_own),
	};

	return unit_run(tests);
}
