/*
 * The verdict on a token: a fixed list of login tests, each with its outcome.
 * Pure: record, attempt, account and time come in as arguments.
 */
#ifndef APITOKEN_VERDICT_H
#define APITOKEN_VERDICT_H

#include <stdbool.h>

#include "account/account.h"
#include "config/services.h"
#include "fleet/fleet_lookup.h"
#include "lifecycle/group_rule.h"
#include "login/attempt.h"
#include "token/record.h"

/* In order; the first that fails is the reason. */
enum login_test {
	LOGIN_TEST_FORM,    /* the text is a token */
	LOGIN_TEST_KNOWN,   /* its id is in the database */
	LOGIN_TEST_DIGEST,  /* its secret is the right one */
	LOGIN_TEST_OWNER,   /* it belongs to this name and uid */
	LOGIN_TEST_ACCOUNT, /* the account is enabled */
	LOGIN_TEST_GROUP,   /* and in the group that the policy requires */
	LOGIN_TEST_STATE,   /* it is active */
	LOGIN_TEST_EXPIRY,  /* it has not expired */
	LOGIN_TEST_START,   /* it has started */
	LOGIN_TEST_CLOCK,   /* it was not issued in the future */
	LOGIN_TEST_SERVICE, /* it was issued for this service */
	LOGIN_TEST_SCOPES,  /* it has the scopes that are needed */
	LOGIN_TEST_ADDRESS, /* it may be used from this address */
};
#define LOGIN_TEST_COUNT (LOGIN_TEST_ADDRESS + 1)

enum outcome {
	OUTCOME_SKIPPED = 0, /* an earlier failure left nothing to look at */
	OUTCOME_PASSED,
	OUTCOME_FAILED,
};

/* What a service needs by default. */
#define VERDICT_DEFAULT_NEED "read,write"

struct verdict {
	bool accepted; /* every test has passed */
	enum outcome outcome[LOGIN_TEST_COUNT];
	/* What the tests of these names saw, if they were made. */
	enum record_state state;
	bool is_replaced; /* revoked for its successor, which was used */
	enum account_state account;
	enum account_reason account_reason;
	bool account_is_from_files; /* as in account.h */
	struct group_rule rule;
	bool has_address; /* the login's address is known, and numeric */
	/* Of a fleet's token; see verdict_fleet. */
	struct fleet_lookup fleet;
};

/*
 * The verdict on a token that failed before its record was known: the tests
 * before failed have passed, failed has not, the rest are skipped.
 */
void verdict_fail(struct verdict *verdict, enum login_test failed);

/* Refuses a token that has ended by itself, as if it were revoked. */
void verdict_end(struct verdict *verdict);

/*
 * The verdict on a token whose form, id and digest have passed. groups are the
 * config's. If the account is not enabled, nobody need have asked for the rule:
 * that test is skipped then. The attempt's user, id, text and ticket are not
 * looked at.
 */
void verdict_make(struct verdict *verdict, const struct record *record,
    const struct attempt *attempt, const struct service_group *groups,
    const struct account *account, const struct group_rule *rule);

/*
 * Adds to a verdict what is known of the token as one of a fleet: it fails
 * `state` unless it was seen, and `known` if its id is not known.
 */
void verdict_fleet(struct verdict *verdict, const struct fleet_lookup *fleet);

/* The first test that failed; LOGIN_TEST_COUNT if accepted. */
enum login_test verdict_failed_test(const struct verdict *verdict);

/* A word for why it was refused, for logs: expired, wrong-service ... */
const char *verdict_reason(const struct verdict *verdict);

/* A word for a test, as verify shows it: form, known, digest ... */
const char *verdict_test_name(enum login_test test);

#endif
