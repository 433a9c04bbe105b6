#include "cli/verdict_text.h"

#include <stdio.h>

#include "cli/text.h"
#include "cli/token_fault.h"

const char *
verdict_text_word(enum outcome outcome)
{
	static const char *const WORDS[] = {
	    [OUTCOME_SKIPPED] = "skipped",
	    [OUTCOME_PASSED] = "passed",
	    [OUTCOME_FAILED] = "failed",
	};

	return WORDS[outcome];
}

const char *
verdict_text_outcome(enum outcome outcome)
{
	static const char *const OUTCOMES[] = {
	    [OUTCOME_SKIPPED] = "-",
	    [OUTCOME_PASSED] = "passed",
	    [OUTCOME_FAILED] = "FAILED",
	};

	return OUTCOMES[outcome];
}

static const char *
address_text(const struct record *record, bool is_given)
{
	if (record->from_count == 0)
		return "from anywhere";
	return is_given ? "from its networks only"
			: "from its networks only, and no address is given";
}

static void
group_text(char *text, size_t size, const struct group_rule *rule)
{
	if (rule->membership == MEMBERSHIP_NOT_REQUIRED)
		(void)snprintf(text, size, "none is required");
	else
		(void)snprintf(text, size, "%s %s",
		    rule->membership == MEMBERSHIP_IN ? "in" : "not in",
		    rule->group);
}

/* Of what one word tells. */
static const char *
word_for(enum login_test test, const struct verdict *verdict,
    const struct record *record)
{
	if (test == LOGIN_TEST_ACCOUNT)
		return account_reason_name(verdict->account_reason);
	if (test == LOGIN_TEST_ADDRESS)
		return address_text(record, verdict->has_address);
	if (fleet_answer_name(verdict->fleet.answer) != NULL)
		return fleet_answer_name(verdict->fleet.answer);
	return record->is_replaced ? record->ended.reason
				   : record_state_name(record->state);
}

static void
describe(char *text, size_t size, enum login_test test,
    const struct verdict *verdict, const struct record *record,
    const struct attempt *attempt)
{
	char when[PARSE_TIME_LEN + 1];

	text[0] = '\0';
	switch (test) {
	case LOGIN_TEST_FORM:
		token_fault_text(text, size, attempt->text);
		break;
	case LOGIN_TEST_DIGEST:
	case LOGIN_TEST_CLOCK:
		break;
	case LOGIN_TEST_KNOWN:
		(void)snprintf(text, size, "id %s", attempt->id);
		break;
	case LOGIN_TEST_OWNER:
		(void)snprintf(text, size, "issued to %s, uid %lu",
		    record->user, (unsigned long)record->uid);
		break;
	case LOGIN_TEST_ACCOUNT:
	case LOGIN_TEST_ADDRESS:
	case LOGIN_TEST_STATE:
		(void)snprintf(
		    text, size, "%s", word_for(test, verdict, record));
		break;
	case LOGIN_TEST_GROUP:
		group_text(text, size, &verdict->rule);
		break;
	case LOGIN_TEST_EXPIRY:
	case LOGIN_TEST_START:
		text_time(test == LOGIN_TEST_EXPIRY ? record->expires
						    : record->starts,
		    when);
		(void)snprintf(text, size, "%s", when);
		break;
	case LOGIN_TEST_SERVICE:
		(void)snprintf(text, size, "issued for %s", record->services);
		break;
	case LOGIN_TEST_SCOPES:
		(void)snprintf(text, size, "has %s, needs %s", record->scopes,
		    attempt->need);
		break;
	}
}

void
verdict_text_detail(char text[VERDICT_TEXT_DETAIL_SIZE], enum login_test test,
    const struct verdict *verdict, const struct record *record,
    const struct attempt *attempt)
{
	text[0] = '\0';
	if (verdict->outcome[test] != OUTCOME_SKIPPED)
		describe(text, VERDICT_TEXT_DETAIL_SIZE, test, verdict, record,
		    attempt);
}
