/* owner_tokens.h: changes to all tokens of an owner, in a store. */
#include "lifecycle/owner_tokens.h"

#include <stdio.h>
#include <string.h>

#include "base/deadline.h"
#include "lib/broken.h"
#include "lib/rotated.h"
#include "lib/scratch.h"
#include "lib/unit.h"
#include "lib/world.h"

#define ROOT "root:x:0:0:root:/root:/bin/bash\n"
#define ALICE "alice:x:1000:1000::/home/alice:/bin/bash\n"
#define ENABLED "alice:h:20000:0:99999:7:::\n"
#define EXPIRED "alice:h:20000:0:99999:7::1:\n"
#define LOCKED "alice:!h:20000:0:99999:7:::\n"

static const struct token_owner OWNER = {"alice", 1000};
static const struct record_event EVENT = {
    .at = NOW + 10, .by = "a test", .reason = "account-locked"};

static int
setup(void **state)
{
	world_set(ROOT ALICE, ENABLED);
	return scratch_setup_store(state);
}

/* Adds a token of the owner, edited by change. */
static struct record
add(const struct scratch *scratch, void (*change)(struct record *record))
{
	struct record record;

	sample_record(&record, "alice", "");
	if (change != NULL)
		change(&record);
	assert_ok(sample_add(scratch, &record));
	return record;
}

static enum err
take(const struct record *record, void *arg)
{
	assert_int_equal(record->state, RECORD_DEACTIVATED);
	++*(size_t *)arg;
	return ERR_OK;
}

/* Deactivates as after a look at the account; returns the number of tokens. */
static size_t
deactivate(const struct scratch *scratch, int64_t seen)
{
	struct store *store;
	size_t count = 0;

	assert_ok(scratch_open(scratch, &store, STORE_WRITE));
	assert_ok(owner_tokens_deactivate(
	    store, &OWNER, &EVENT, seen, take, &count, &why));
	assert_ok(store_commit(store, &why));
	store_close(store);
	return count;
}

/* What it must not change, and what it must change. */

static void
active(struct record *record)
{
	(void)record;
}

static void
approved(struct record *record)
{
	record->approved = (struct record_event){.at = NOW + 5, .by = "root"};
	record->ended = (struct record_event){.at = NOW + 4, .by = "watch"};
}

static void
successor(struct record *record)
{
	strcpy(record->predecessor, "0123456789");
}

static void
issued_after(struct record *record)
{
	record->created.at = NOW + 6;
}

static void
approved_after(struct record *record)
{
	approved(record);
	record->approved.at = NOW + 6;
}

static void
revoked(struct record *record)
{
	record->state = RECORD_REVOKED;
	record->ended = (struct record_event){.at = NOW + 1, .by = "carol"};
}

static void
deactivated(struct record *record)
{
	record->state = RECORD_DEACTIVATED;
	record->ended = (struct record_event){
	    .at = NOW + 1, .by = "watch", .reason = "account-expired"};
}

static void
expired(struct record *record)
{
	record->expires = NOW + 10;
}

static void
other_uid(struct record *record)
{
	record->uid = 1001;
}

static const struct {
	const char *what;
	void (*change)(struct record *record);
	bool is_taken;
} TOKENS[] = {
    {"active", active, true},
    {"approved before", approved, true},
    {"a rotation's successor", successor, true},
    {"issued after", issued_after, false},
    {"approved after", approved_after, false},
    {"revoked", revoked, false},
    {"deactivated", deactivated, false},
    {"expired", expired, false},
    {"another uid's", other_uid, false},
};

static void
test_which_tokens_are_taken(void **state)
{
	struct record before[COUNT_OF(TOKENS)];
	size_t taken = 0;

	for (size_t i = 0; i < COUNT_OF(TOKENS); i++) {
		before[i] = add(*state, TOKENS[i].change);
		taken += TOKENS[i].is_taken;
	}
	assert_int_equal(deactivate(*state, NOW + 5), taken);
	for (size_t i = 0; i < COUNT_OF(TOKENS); i++) {
		struct record after = rotated_get(*state, before[i].id);

		if (TOKENS[i].is_taken) {
			before[i].state = RECORD_DEACTIVATED;
			before[i].ended = EVENT;
		}
		assert_row(TOKENS[i].what, sample_equal(&before[i], &after));
	}
	/* and it does nothing twice */
	assert_int_equal(deactivate(*state, NOW + 5), 0);
}

static void
test_other_owners_are_left(void **state)
{
	struct record bobs, alices = add(*state, NULL);

	sample_record(&bobs, "bob", "");
	assert_ok(sample_add(*state, &bobs));
	assert_int_equal(deactivate(*state, NOW), 1);
	assert_int_equal(rotated_get(*state, bobs.id).state, RECORD_ACTIVE);
	assert_int_equal(
	    rotated_get(*state, alices.id).state, RECORD_DEACTIVATED);
}

/* Among 40 tokens: one is missing, one is another user's, one is invalid. */
static void
test_damaged_records_keep_no_other_active(void **state)
{
	char key[TOKEN_ID_LEN + 2] = {CRYPTO_NAME_TOKEN};
	struct record records[40];
	struct broken broken;

	for (size_t i = 0; i < COUNT_OF(records); i++)
		records[i] = add(*state, NULL);
	broken_open(&broken, *state);
	strcpy(key + 1, records[0].id);
	broken_put(&broken, key, "no record");
	strcpy(key + 1, records[20].id);
	broken_delete(&broken, key);
	strcpy(records[39].user, "bob");
	broken_put_record(&broken, &records[39]);
	broken_close(&broken);
	assert_int_equal(deactivate(*state, NOW), 37);
	assert_int_equal(
	    rotated_get(*state, records[39].id).state, RECORD_ACTIVE);
	assert_int_equal(
	    rotated_get(*state, records[38].id).state, RECORD_DEACTIVATED);
}

/* A damaged index does not tell which tokens it named. */
static void
test_a_damaged_index_is_told(void **state)
{
	struct record record = add(*state, NULL);
	struct broken broken;
	struct store *store;

	broken_open(&broken, *state);
	broken_put(&broken, "ualice", "no index");
	broken_close(&broken);
	assert_ok(scratch_open(*state, &store, STORE_WRITE));
	assert_err(ERR_DAMAGED,
	    owner_tokens_deactivate(
		store, &OWNER, &EVENT, NOW, NULL, NULL, &why));
	store_close(store);
	assert_int_equal(rotated_get(*state, record.id).state, RECORD_ACTIVE);
}

static enum err
refuse(const struct record *record, void *arg)
{
	(void)record;
	(void)arg;
	return ERR_NOMEM;
}

static void
test_a_visitor_ends_it(void **state)
{
	struct store *store;

	(void)add(*state, NULL);
	(void)add(*state, NULL);
	assert_ok(scratch_open(*state, &store, STORE_WRITE));
	assert_err(ERR_NOMEM,
	    owner_tokens_deactivate(
		store, &OWNER, &EVENT, NOW, refuse, NULL, &why));
	store_close(store);
	assert_int_equal(deactivate(*state, NOW), 2);
}

static void
test_local_is_set_of_all_tokens(void **state)
{
	struct record records[] = {add(*state, NULL), add(*state, revoked),
	    add(*state, expired), add(*state, other_uid)};
	struct store *store;

	for (int local = 0; local <= 1; local++) {
		assert_ok(scratch_open(*state, &store, STORE_WRITE));
		assert_ok(owner_tokens_set_local(store, &OWNER, local, &why));
		assert_ok(store_commit(store, &why));
		store_close(store);
		for (size_t i = 0; i < COUNT_OF(records); i++) {
			struct record after = rotated_get(
			    *state, records[i].id);

			/* the last is another owner's */
			records[i].local = i == 3 || local;
			assert_true(sample_equal(&records[i], &after));
		}
	}
}

/* At a login. */

static size_t count;
static char reason[RECORD_REASON_MAX + 1];

static enum err
deactivate_disabled(const struct scratch *scratch)
{
	count = 99;
	reason[0] = '\0';
	return owner_tokens_deactivate_disabled(&scratch->config, &OWNER,
	    NOW + 10, deadline_in(0), &count, reason, &why);
}

static void
test_a_disabled_account(void **state)
{
	struct record first = add(*state, NULL), second = add(*state, NULL),
		      after;

	world_set(ROOT ALICE, EXPIRED);
	assert_ok(deactivate_disabled(*state));
	assert_int_equal(count, 2);
	assert_string_equal(reason, "account-expired");
	after = rotated_get(*state, second.id);
	assert_int_equal(after.state, RECORD_DEACTIVATED);
	assert_string_equal(after.ended.reason, "account-expired");
	assert_string_equal(after.ended.by, "pam_apitoken");
	assert_int_equal(after.ended.at, NOW + 10);
	assert_int_equal(
	    rotated_get(*state, first.id).state, RECORD_DEACTIVATED);
	assert_ok(deactivate_disabled(*state));
	assert_int_equal(count, 0);
}

/* What a login must not act on. */
static const struct {
	const char *what, *passwd, *shadow;
} SPARED[] = {
    {"enabled", ROOT ALICE, ENABLED},
    {"absent", ROOT, ""},
    {"absent, half of it", ROOT, EXPIRED},
    {"no passwd", "", EXPIRED},
    {"no shadow line", ROOT ALICE, ""},
    {"shadow line cut", ROOT ALICE, "alice:h:20000:0:99999:7::1"},
    {"shadow line doubled", ROOT ALICE, EXPIRED LOCKED},
    {"passwd line cut", ROOT "alice:x:1000:1000", LOCKED},
    {"another uid", ROOT "alice:x:1001:1000:::\n", LOCKED},
    {"another case", ROOT "ALICE:x:1000:1000:::\n", "ALICE:!h:::::::\n"},
};

static void
test_no_proof_no_deactivation(void **state)
{
	struct record record = add(*state, NULL);

	for (size_t i = 0; i < COUNT_OF(SPARED); i++) {
		world_set(SPARED[i].passwd, SPARED[i].shadow);
		assert_row(
		    SPARED[i].what, deactivate_disabled(*state) == ERR_OK);
		assert_row(SPARED[i].what, count == 0);
	}
	world_set(ROOT, "");
	world.directory = "ALICE:!h:1000:1000:::\n";
	assert_ok(deactivate_disabled(*state));
	assert_int_equal(count, 0);
	world_set(ROOT ALICE, LOCKED);
	world.passwd.read_error = 5;
	assert_err(ERR_SYSTEM, deactivate_disabled(*state));
	assert_int_equal(count, 0);
	assert_int_equal(rotated_get(*state, record.id).state, RECORD_ACTIVE);
}

/* Only a directory knows them, and says that they are disabled. */
static void
test_a_disabled_account_of_a_directory(void **state)
{
	(void)add(*state, NULL);
	world_set(ROOT, "");
	world.directory = ALICE;
	world.directory_shadow = EXPIRED;
	assert_ok(deactivate_disabled(*state));
	assert_int_equal(count, 1);
}

static void
test_the_config_decides(void **state)
{
	struct scratch *scratch = *state;

	(void)add(*state, NULL);
	world_set(ROOT ALICE, LOCKED);
	scratch->config.account.ignore_locked = true;
	assert_ok(deactivate_disabled(*state));
	assert_int_equal(count, 0);
	scratch->config.account.ignore_locked = false;
	assert_ok(deactivate_disabled(*state));
	assert_int_equal(count, 1);
}

#define OWNED_TEST(test)                                                       \
	cmocka_unit_test_setup_teardown(test, setup, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    OWNED_TEST(test_which_tokens_are_taken),
	    OWNED_TEST(test_other_owners_are_left),
	    OWNED_TEST(test_damaged_records_keep_no_other_active),
	    OWNED_TEST(test_a_damaged_index_is_told),
	    OWNED_TEST(test_a_visitor_ends_it),
	    OWNED_TEST(test_local_is_set_of_all_tokens),
	    OWNED_TEST(test_a_disabled_account),
	    OWNED_TEST(test_no_proof_no_deactivation),
	    OWNED_TEST(test_a_disabled_account_of_a_directory),
	    OWNED_TEST(test_the_config_decides),
	};

	return unit_run(tests);
}
