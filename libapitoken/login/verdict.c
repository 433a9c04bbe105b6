#include "login/verdict.h"

#include <string.h>

#include "base/list.h"
#include "base/network.h"

/* A clock behind by more than this is wrong, not merely off. */
#define CLOCK_SLACK (24 * 60 * 60)

void
verdict_fail(struct verdict *verdict, enum login_test failed)
{
	*verdict = (struct verdict){.accepted = false};
	for (unsigned i = 0; i < failed; i++)
		verdict->outcome[i] = OUTCOME_PASSED;
	verdict->outcome[failed] = OUTCOME_FAILED;
}

void
verdict_end(struct verdict *verdict)
{
	verdict_fail(verdict, LOGIN_TEST_STATE);
	verdict->state = RECORD_REVOKED;
}

static bool
is_owner(const struct record *record, const struct account *account)
{
	/* The account test refuses an owner that is not found. */
	if (!account->found)
		return true;
	return strcmp(record->user, account->name) == 0 &&
	    record->uid == account->uid;
}

static bool
has_address(const struct attempt *attempt)
{
	struct network address;

	return attempt->from != NULL &&
	    network_parse_address(attempt->from, &address);
}

static bool
is_from(const struct record *record, const char *from)
{
	struct network address;

	if (record->from_count == 0)
		return true;
	if (from == NULL || !network_parse_address(from, &address))
		return false;
	for (size_t i = 0; i < record->from_count; i++) {
		if (network_contains(&record->from[i], &address))
			return true;
	}
	return false;
}

static bool
is_in_group(const struct group_rule *rule)
{
	return rule->membership == MEMBERSHIP_NOT_REQUIRED ||
	    rule->membership == MEMBERSHIP_IN;
}

static bool
passes(enum login_test test, const struct record *record,
    const struct attempt *attempt, const struct service_group *groups,
    const struct account *account, const struct group_rule *rule)
{
	switch (test) {
	case LOGIN_TEST_FORM:
	case LOGIN_TEST_KNOWN:
	case LOGIN_TEST_DIGEST:
		return true; /* made by the caller, and passed */
	case LOGIN_TEST_OWNER:
		return is_owner(record, account);
	case LOGIN_TEST_ACCOUNT:
		return account->found && account->state == ACCOUNT_ENABLED;
	case LOGIN_TEST_GROUP:
		return is_in_group(rule);
	case LOGIN_TEST_STATE:
		return record->state == RECORD_ACTIVE;
	case LOGIN_TEST_EXPIRY:
		return attempt->now < record->expires;
	case LOGIN_TEST_START:
		return record_has_started(record, attempt->now);
	case LOGIN_TEST_CLOCK:
		return record->created.at <= attempt->now + CLOCK_SLACK;
	case LOGIN_TEST_SERVICE:
		return strcmp(attempt->service, CONFIG_OWN_SERVICE) != 0 &&
		    services_include(
			groups, record->services, attempt->service);
	case LOGIN_TEST_SCOPES:
		return list_has_all(record->scopes, attempt->need);
	case LOGIN_TEST_ADDRESS:
		return is_from(record, attempt->from);
	}
	return false;
}

void
verdict_make(struct verdict *verdict, const struct record *record,
    const struct attempt *attempt, const struct service_group *groups,
    const struct account *account, const struct group_rule *rule)
{
	bool all = true;

	*verdict = (struct verdict){
	    .state = record->state,
	    .is_replaced = record->is_replaced,
	    .account = account->state,
	    .account_reason = account->reason,
	    .account_is_from_files = account->is_from_files,
	    .rule = *rule,
	    .has_address = has_address(attempt),
	};
	for (unsigned i = 0; i < LOGIN_TEST_COUNT; i++) {
		bool passed = passes(
		    (enum login_test)i, record, attempt, groups, account, rule);

		verdict->outcome[i] = passed ? OUTCOME_PASSED : OUTCOME_FAILED;
		all = all && passed;
	}
	if (rule->membership == MEMBERSHIP_NOT_ASKED)
		verdict->outcome[LOGIN_TEST_GROUP] = OUTCOME_SKIPPED;
	verdict->accepted = all;
}

void
verdict_fleet(struct verdict *verdict, const struct fleet_lookup *fleet)
{
	verdict->fleet = *fleet;
	if (fleet->answer == FLEET_NOT_ASKED || fleet->answer == FLEET_SEEN)
		return;
	verdict->accepted = false;
	/* Of what failed before, the rest was skipped. */
	if (verdict->outcome[LOGIN_TEST_STATE] != OUTCOME_SKIPPED)
		verdict->outcome[LOGIN_TEST_STATE] = OUTCOME_FAILED;
}

enum login_test
verdict_failed_test(const struct verdict *verdict)
{
	unsigned i = 0;

	while (i < LOGIN_TEST_COUNT && verdict->outcome[i] == OUTCOME_PASSED)
		i++;
	return (enum login_test)i;
}

/* An unknown address is not the mistake of the remote end. */
static const char *
address_reason(const struct verdict *verdict)
{
	if (!verdict->has_address)
		return "no-address";
	return "wrong-address";
}

/* That it was replaced tells more than that it was revoked. */
static const char *
state_reason(const struct verdict *verdict)
{
	if (verdict->is_replaced)
		return "replaced";
	return record_state_name(verdict->state);
}

const char *
verdict_reason(const struct verdict *verdict)
{
	enum login_test failed = verdict_failed_test(verdict);
	const char *word = fleet_answer_name(verdict->fleet.answer);

	if (verdict->accepted)
		return "accepted";
	/* What a fleet's token lacks is told by these two. */
	if (word != NULL &&
	    (failed == LOGIN_TEST_KNOWN || failed == LOGIN_TEST_STATE))
		return word;
	switch (failed) {
	case LOGIN_TEST_FORM:
		return "malformed";
	case LOGIN_TEST_KNOWN:
		return "unknown-token";
	case LOGIN_TEST_DIGEST:
		return "wrong-secret";
	case LOGIN_TEST_OWNER:
		return "not-the-owner";
	case LOGIN_TEST_ACCOUNT:
		return account_reason_name(verdict->account_reason);
	case LOGIN_TEST_GROUP:
		return "not-in-group";
	case LOGIN_TEST_STATE:
		return state_reason(verdict);
	case LOGIN_TEST_EXPIRY:
		return "expired";
	case LOGIN_TEST_START:
		return "not-yet";
	case LOGIN_TEST_CLOCK:
		return "issued-in-the-future";
	case LOGIN_TEST_SERVICE:
		return "wrong-service";
	case LOGIN_TEST_SCOPES:
		return "too-few-scopes";
	case LOGIN_TEST_ADDRESS:
		return address_reason(verdict);
	}
	return "unknown";
}

const char *
verdict_test_name(enum login_test test)
{
	static const char *const NAMES[LOGIN_TEST_COUNT] = {
	    [LOGIN_TEST_FORM] = "form",
	    [LOGIN_TEST_KNOWN] = "known",
	    [LOGIN_TEST_DIGEST] = "digest",
	    [LOGIN_TEST_OWNER] = "owner",
	    [LOGIN_TEST_ACCOUNT] = "account",
	    [LOGIN_TEST_GROUP] = "group",
	    [LOGIN_TEST_STATE] = "state",
	    [LOGIN_TEST_EXPIRY] = "expiry",
	    [LOGIN_TEST_START] = "start",
	    [LOGIN_TEST_CLOCK] = "clock",
	    [LOGIN_TEST_SERVICE] = "service",
	    [LOGIN_TEST_SCOPES] = "scopes",
	    [LOGIN_TEST_ADDRESS] = "address",
	};

	return NAMES[test];
}
