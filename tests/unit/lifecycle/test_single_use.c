/* single_use.h: of all logins with such a token, one is accepted. */
#include "lifecycle/single_use.h"

#include <string.h>

#include "base/deadline.h"
#include "lib/rotated.h"
#include "lib/scratch.h"
#include "lib/unit.h"
#include "lifecycle/revocation.h"
#include "store/store.h"

static struct record token;

static int
setup(void **state)
{
	if (scratch_setup_store(state) != 0)
		return -1;
	sample_record(&token, "alice", "once");
	token.lifetime = RECORD_ONCE;
	return sample_add(*state, &token) == ERR_OK ? 0 : -1;
}

static enum err
spend(const struct scratch *scratch, char ticket[RECORD_TICKET_LEN + 1])
{
	return single_use_spend(
	    &scratch->config, token.id, NOW, deadline_in(5), ticket, NULL);
}

static void
test_spent_once(void **state)
{
	char first[RECORD_TICKET_LEN + 1] = "", second[RECORD_TICKET_LEN + 1];
	struct record record;

	assert_false(single_use_is_spent(&token));
	assert_ok(spend(*state, first));
	assert_err(ERR_REFUSED, spend(*state, second));
	record = rotated_get(*state, token.id);
	assert_int_equal(record.state, RECORD_REVOKED);
	assert_int_equal(record.ended.at, NOW);
	assert_string_equal(record.ended.reason, "used once");
	assert_true(single_use_is_spent(&record));
	assert_true(single_use_has_ticket(&record, first));
}

static void
test_only_its_own_ticket(void **state)
{
	char ticket[RECORD_TICKET_LEN + 1];
	struct record record;

	assert_ok(spend(*state, ticket));
	record = rotated_get(*state, token.id);
	assert_false(single_use_has_ticket(&record, NULL));
	assert_false(single_use_has_ticket(&record, ""));
	for (size_t i = 0; i < RECORD_TICKET_LEN; i++) {
		ticket[i] ^= 1;
		assert_false(single_use_has_ticket(&record, ticket));
		ticket[i] ^= 1;
	}
	ticket[RECORD_TICKET_LEN - 1] = '\0';
	assert_false(single_use_has_ticket(&record, ticket));
	record.ticket[0] = '\0';
	assert_false(single_use_has_ticket(&record, ""));
}

static void
test_only_what_can_log_in(void **state)
{
	struct record before = rotated_get(*state, token.id), record = before;
	char ticket[RECORD_TICKET_LEN + 1];

	record.state = RECORD_DEACTIVATED;
	rotated_put(*state, &record);
	assert_err(ERR_REFUSED, spend(*state, ticket));
	record = before;
	record.expires = NOW;
	rotated_put(*state, &record);
	assert_err(ERR_REFUSED, spend(*state, ticket));
	record = before;
	record.lifetime = RECORD_LASTING;
	rotated_put(*state, &record);
	assert_err(ERR_REFUSED, spend(*state, ticket));
	record = rotated_get(*state, token.id);
	assert_int_equal(record.state, RECORD_ACTIVE);
	assert_string_equal(record.ticket, "");
}

static void
test_no_commit_no_ticket(void **state)
{
	const struct scratch *scratch = *state;
	char ticket[RECORD_TICKET_LEN + 1] = "";
	struct store *store;

	assert_ok(store_open(
	    &store, &scratch->config, STORE_READ, deadline_in(5), NULL));
	assert_err(ERR_BUSY,
	    single_use_spend(
		&scratch->config, token.id, NOW, deadline_in(0), ticket, NULL));
	store_close(store);
	assert_int_equal(rotated_get(scratch, token.id).state, RECORD_ACTIVE);
}

/* The two tokens of a rotation have one login in all. */
static void
test_spending_a_successor_ends_its_predecessor(void **state)
{
	char ticket[RECORD_TICKET_LEN + 1];
	struct record old = token;

	assert_ok(rotated_start(*state, token.id, OVERLAP, NOW));
	token = rotated.rotation.successor;
	assert_ok(spend(*state, ticket));
	old = rotated_get(*state, old.id);
	assert_int_equal(old.state, RECORD_REVOKED);
	assert_string_equal(old.ended.by, "rotation");
	assert_string_equal(rotated_get(*state, token.id).predecessor, "");
}

/* A login that continues with a spent token is refused. */
static void
test_a_revocation_takes_the_ticket(void **state)
{
	const struct record_event how = {.at = NOW + 1, .by = "erin"};
	char ticket[RECORD_TICKET_LEN + 1];
	struct record record;
	struct store *store;

	assert_ok(spend(*state, ticket));
	assert_ok(scratch_open(*state, &store, STORE_WRITE));
	assert_ok(rotated_commit(store,
	    revocation_run(store, token.id, &how, NULL, NULL, NULL, &why)));
	record = rotated_get(*state, token.id);
	assert_false(single_use_has_ticket(&record, ticket));
	assert_string_equal(record.ended.reason, "used once");
}

#define ONCE_TEST(test)                                                        \
	cmocka_unit_test_setup_teardown(test, setup, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    ONCE_TEST(test_spent_once),
	    ONCE_TEST(test_only_its_own_ticket),
	    ONCE_TEST(test_only_what_can_log_in),
	    ONCE_TEST(test_no_commit_no_ticket),
	    ONCE_TEST(test_spending_a_successor_ends_its_predecessor),
	    ONCE_TEST(test_a_revocation_takes_the_ticket),
	};

	return unit_run(tests);
}
