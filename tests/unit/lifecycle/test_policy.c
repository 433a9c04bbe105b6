#include "lifecycle/policy.h"

#include <string.h>

#include "lib/scratch.h"
#include "lib/unit.h"

static const struct policy OPEN = {
    .max_tokens = 3,
    .keep_dead = 2,
    .default_expiry = 90 * DAY,
    .max_expiry = TIME_NEVER,
    .services = "any",
};

static void
test_expiry_by_default(void **state)
{
	struct policy policy = OPEN;
	int64_t expires = 0;

	(void)state;
	assert_ok(policy_set_expiry(&policy, NULL, NOW, 0, &expires, &why));
	assert_true(expires == NOW + 90 * DAY);
	policy.default_expiry = TIME_NEVER;
	assert_ok(policy_set_expiry(&policy, NULL, NOW, 0, &expires, &why));
	assert_true(expires == TIME_NEVER);
	policy.max_expiry = DAY; /* less than the default */
	assert_ok(policy_set_expiry(&policy, NULL, NOW, 0, &expires, &why));
	assert_true(expires == NOW + DAY);
	policy.default_expiry = 2 * DAY;
	assert_ok(policy_set_expiry(&policy, NULL, NOW, 0, &expires, &why));
	assert_true(expires == NOW + DAY);
}

/* It counts from the start; the longest life counts from now. */
static void
test_expiry_with_a_start(void **state)
{
	struct policy policy = OPEN;
	int64_t expires = 0, start = NOW + 30 * DAY;

	(void)state;
	assert_ok(policy_set_expiry(&policy, NULL, NOW, start, &expires, &why));
	assert_true(expires == start + 90 * DAY);
	assert_ok(
	    policy_set_expiry(&policy, NULL, NOW, NOW - DAY, &expires, &why));
	assert_true(expires == NOW + 90 * DAY);
	policy.max_expiry = 100 * DAY;
	assert_ok(policy_set_expiry(&policy, NULL, NOW, start, &expires, &why));
	assert_true(expires == NOW + 100 * DAY);
	assert_ok(
	    policy_set_expiry(&policy, "90d", NOW, start, &expires, &why));
	assert_true(expires == NOW + 90 * DAY);
}

static void
test_start_before_expiry(void **state)
{
	struct record record;

	(void)state;
	sample_record(&record, "alice", "laptop");
	assert_ok(policy_check_start(&record, &why));
	record.starts = record.expires - 1;
	assert_ok(policy_check_start(&record, &why));
	record.starts = record.expires;
	assert_err(ERR_INVALID, policy_check_start(&record, &why));
	assert_says("start `2027-04-15T08:00:00Z`: not before the expiry, "
		    "2027-04-15T08:00:00Z");
	record.expires = TIME_NEVER;
	assert_ok(policy_check_start(&record, &why));
}

static void
test_expiry_as_it_is_given(void **state)
{
	int64_t expires = 0;

	(void)state;
	assert_ok(policy_set_expiry(&OPEN, "1d", NOW, 0, &expires, &why));
	assert_true(expires == NOW + DAY);
	assert_ok(policy_set_expiry(&OPEN, "never", NOW, 0, &expires, &why));
	assert_true(expires == TIME_NEVER);
	assert_ok(
	    policy_set_expiry(&OPEN, "2027-01-31", NOW, 0, &expires, &why));
	assert_true(expires == 1801353600);
}

static void
test_expiry_refused(void **state)
{
	static const char *const PAST[] = {
	    "0s", "2027-01-01", "1970-01-01", "2027-01-15T08:00:00Z"};
	int64_t expires;

	(void)state;
	assert_err(ERR_INVALID,
	    policy_set_expiry(&OPEN, "soon", NOW, 0, &expires, &why));
	assert_says("`soon`");
	assert_err(
	    ERR_INVALID, policy_set_expiry(&OPEN, "", NOW, 0, &expires, &why));
	for (size_t i = 0; i < COUNT_OF(PAST); i++) {
		assert_err(ERR_INVALID,
		    policy_set_expiry(&OPEN, PAST[i], NOW, 0, &expires, &why));
		assert_says("not in the future");
	}
}

static void
test_expiry_beyond_the_policy(void **state)
{
	struct policy policy = OPEN;
	int64_t expires;

	(void)state;
	policy.max_expiry = 30 * DAY;
	assert_ok(policy_set_expiry(&policy, "30d", NOW, 0, &expires, &why));
	assert_err(ERR_POLICY,
	    policy_set_expiry(&policy, "2592001s", NOW, 0, &expires, &why));
	assert_says("2027-02-14T08:00:00Z");
	assert_err(ERR_POLICY,
	    policy_set_expiry(&policy, "never", NOW, 0, &expires, &why));
	assert_err(ERR_POLICY,
	    policy_set_expiry(&policy, "2027-03-01", NOW, 0, &expires, &why));
}

static void
expect_limits(const struct policy *policy, const char *services,
    int64_t expires, enum err expected)
{
	struct record record;

	sample_record(&record, "alice", "laptop");
	strcpy(record.services, services);
	record.expires = expires;
	assert_err(
	    expected, policy_check_limits(policy, NULL, &record, NOW, &why));
}

static void
test_limits(void **state)
{
	struct policy policy = OPEN;

	(void)state;
	expect_limits(&policy, "sshd", TIME_NEVER, ERR_OK);
	expect_limits(&policy, "any", TIME_NEVER, ERR_OK);
	policy.max_expiry = DAY;
	expect_limits(&policy, "sshd", NOW + DAY, ERR_OK);
	expect_limits(&policy, "sshd", NOW + DAY + 1, ERR_POLICY);
	expect_limits(&policy, "sshd", TIME_NEVER, ERR_POLICY);
	strcpy(policy.services, "sshd,vsftpd");
	expect_limits(&policy, "sshd", NOW + DAY, ERR_OK);
	expect_limits(&policy, "vsftpd,sshd", NOW + DAY, ERR_OK);
	expect_limits(&policy, "sshd,login", NOW + DAY, ERR_POLICY);
	assert_says("`login`");
	assert_says("sshd,vsftpd");
	expect_limits(&policy, "any", NOW + DAY, ERR_POLICY);
	expect_limits(&policy, "sshd,any", NOW + DAY, ERR_POLICY);
	strcpy(policy.services, "sshd,any");
	expect_limits(&policy, "login", NOW + DAY, ERR_OK);
}

static void
test_short_tokens(void **state)
{
	struct policy policy = OPEN;
	struct record record;

	(void)state;
	sample_record(&record, "alice", "printer");
	record.is_short = true;
	assert_ok(policy_check_limits(&policy, NULL, &record, NOW, &why));
	policy.refuse_short = true;
	assert_err(
	    ERR_POLICY, policy_check_limits(&policy, NULL, &record, NOW, &why));
	assert_says("short_tokens = refused");
	record.is_short = false;
	assert_ok(policy_check_limits(&policy, NULL, &record, NOW, &why));
}

static void
test_limits_by_groups(void **state)
{
	struct policy policy = OPEN;
	struct service_group *groups = NULL;
	struct record record;

	(void)state;
	assert_ok(services_add(&groups, "mail", "imap,pop3"));
	sample_record(&record, "alice", "laptop");
	strcpy(policy.services, "sshd,@mail");
	strcpy(record.services, "imap,sshd");
	assert_ok(policy_check_limits(&policy, groups, &record, NOW, &why));
	assert_err(
	    ERR_POLICY, policy_check_limits(&policy, NULL, &record, NOW, &why));
	assert_says("`imap`: the policy allows sshd,@mail");
	strcpy(record.services, "@mail,smtp");
	assert_err(ERR_POLICY,
	    policy_check_limits(&policy, groups, &record, NOW, &why));
	assert_says("`smtp`");
	strcpy(policy.services, "imap");
	assert_err(ERR_POLICY,
	    policy_check_limits(&policy, groups, &record, NOW, &why));
	assert_says("`@mail`");
	services_free(&groups);
}

/* Adds a token of alice, dead or alive. */
static struct record
add(const struct scratch *scratch, const char *name, enum record_state kept,
    int64_t expires)
{
	struct record record;

	sample_record(&record, "alice", name);
	record.state = kept;
	record.expires = expires;
	assert_ok(sample_add(scratch, &record));
	return record;
}

static void
expect_room(const struct scratch *scratch, const struct record *record,
    const struct policy *policy, enum err expected)
{
	struct store *store;

	assert_ok(scratch_open(scratch, &store, STORE_WRITE));
	assert_err(
	    expected, policy_check_room(policy, store, record, NOW, &why));
	store_close(store);
}

static void
test_room_up_to_the_quota(void **state)
{
	struct record fresh;
	struct policy policy = OPEN;

	sample_record(&fresh, "alice", "fresh");
	expect_room(*state, &fresh, &policy, ERR_OK);
	(void)add(*state, "one", RECORD_ACTIVE, TIME_NEVER);
	(void)add(*state, "two", RECORD_ACTIVE, NOW + 1);
	expect_room(*state, &fresh, &policy, ERR_OK);
	(void)add(*state, "three", RECORD_ACTIVE, TIME_NEVER);
	expect_room(*state, &fresh, &policy, ERR_POLICY);
	assert_says("alice has 3 other usable tokens");
	policy.max_tokens = 4;
	expect_room(*state, &fresh, &policy, ERR_OK);
	policy.max_tokens = 0;
	expect_room(*state, &fresh, &policy, ERR_POLICY);
	sample_record(&fresh, "bob", "fresh"); /* has a quota of his own */
	expect_room(*state, &fresh, &OPEN, ERR_OK);
}

static void
test_the_dead_take_no_room_and_no_name(void **state)
{
	struct record fresh;

	sample_record(&fresh, "alice", "laptop");
	(void)add(*state, "laptop", RECORD_REVOKED, TIME_NEVER);
	(void)add(*state, "laptop", RECORD_DEACTIVATED, TIME_NEVER);
	(void)add(*state, "laptop", RECORD_ACTIVE, NOW);
	(void)add(*state, "laptop", RECORD_ACTIVE, 0);
	expect_room(*state, &fresh, &OPEN, ERR_OK);
}

static void
test_what_has_not_started_has_its_name_and_place(void **state)
{
	struct policy policy = OPEN;
	struct record waiting, record;
	struct store *store;

	sample_record(&waiting, "alice", "laptop");
	waiting.starts = NOW + DAY;
	assert_ok(sample_add(*state, &waiting));
	assert_ok(scratch_open(*state, &store, STORE_READ));
	sample_record(&record, "alice", "laptop");
	assert_err(
	    ERR_EXISTS, policy_check_room(&policy, store, &record, NOW, &why));
	policy.max_tokens = 1;
	strcpy(record.name, "phone");
	assert_err(
	    ERR_POLICY, policy_check_room(&policy, store, &record, NOW, &why));
	store_close(store);
}

static void
test_names_are_unique_among_the_usable(void **state)
{
	struct record fresh, other;
	struct policy policy = OPEN;

	other = add(*state, "laptop", RECORD_ACTIVE, TIME_NEVER);
	sample_record(&fresh, "alice", "laptop");
	expect_room(*state, &fresh, &policy, ERR_EXISTS);
	assert_says(other.id);
	/* reported first: a new name is easier to get than a free place */
	policy.max_tokens = 1;
	expect_room(*state, &fresh, &policy, ERR_EXISTS);
	strcpy(fresh.name, "Laptop");
	expect_room(*state, &fresh, &OPEN, ERR_OK);
	sample_record(&fresh, "bob", "laptop");
	expect_room(*state, &fresh, &OPEN, ERR_OK);
}

static void
test_a_token_is_not_in_its_own_way(void **state)
{
	struct policy policy = OPEN;
	struct record own = add(*state, "laptop", RECORD_ACTIVE, TIME_NEVER);

	policy.max_tokens = 1;
	expect_room(*state, &own, &policy, ERR_OK);
}

/* It remains valid beside its successor, which has its place and its name. */
static void
test_a_predecessor_gives_up_quota_and_name(void **state)
{
	struct policy policy = OPEN;
	struct record old, fresh;
	struct store *store;

	old = add(*state, "laptop", RECORD_ACTIVE, TIME_NEVER);
	sample_record(&fresh, "alice", "laptop");
	policy.max_tokens = 1;
	expect_room(*state, &fresh, &policy, ERR_EXISTS);
	strcpy(old.successor, fresh.id);
	assert_ok(scratch_open(*state, &store, STORE_WRITE));
	assert_ok(store_put(store, &old, &why));
	assert_ok(store_commit(store, &why));
	store_close(store);
	/* Not to a successor that does not exist. */
	expect_room(*state, &fresh, &policy, ERR_EXISTS);
	strcpy(fresh.predecessor, old.id);
	assert_ok(sample_add(*state, &fresh));
	expect_room(*state, &fresh, &policy, ERR_OK);
	policy.max_tokens = 0;
	expect_room(*state, &fresh, &policy, ERR_POLICY);
	policy.max_tokens = 1;
	/* but it cannot get them back while the successor has them */
	expect_room(*state, &old, &policy, ERR_EXISTS);
	strcpy(old.name, "desktop");
	expect_room(*state, &old, &policy, ERR_POLICY);
}

/* An index with an id whose record is gone: reported, not skipped. */
static void
test_a_lost_record_is_told(void **state)
{
	struct record fresh, lost = add(*state, "x", RECORD_ACTIVE, TIME_NEVER);
	struct store *store;

	sample_record(&fresh, "alice", "fresh");
	strcpy(lost.user, "bob");
	assert_ok(scratch_open(*state, &store, STORE_WRITE));
	/* Removed as if it were bob's: alice's index keeps the id. */
	assert_ok(store_remove(store, &lost, &why));
	assert_err(
	    ERR_NOT_FOUND, policy_check_room(&OPEN, store, &fresh, NOW, &why));
	assert_err(
	    ERR_NOT_FOUND, policy_prune(&OPEN, store, "alice", NOW, &why));
	store_close(store);
}

/* Prunes alice and expects these of her tokens to remain. */
static void
expect_pruned(const struct scratch *scratch, const struct policy *policy,
    const struct record *records, size_t count, const char *left)
{
	struct index index;
	struct store *store;
	size_t at = 0;

	assert_ok(scratch_open(scratch, &store, STORE_WRITE));
	assert_ok(policy_prune(policy, store, "alice", NOW, &why));
	assert_ok(store_get_index(store, "alice", &index, &why));
	for (size_t i = 0; i < count; i++) {
		bool kept = strchr(left, records[i].name[0]) != NULL;
		struct record record;

		assert_err(kept ? ERR_OK : ERR_NOT_FOUND,
		    store_get(store, records[i].id, &record, &why));
		if (kept)
			assert_string_equal(index.ids[at++], records[i].id);
	}
	assert_int_equal(at, index.count);
	index_free(&index);
	store_close(store); /* and nothing of it is kept */
}

static void
test_prune_takes_the_oldest_dead(void **state)
{
	struct policy policy = OPEN;
	struct record records[] = {
	    add(*state, "a", RECORD_REVOKED, TIME_NEVER),
	    add(*state, "b", RECORD_ACTIVE, TIME_NEVER),
	    add(*state, "c", RECORD_ACTIVE, NOW), /* expired */
	    add(*state, "d", RECORD_DEACTIVATED, TIME_NEVER),
	    add(*state, "e", RECORD_ACTIVE, NOW + 1),
	    add(*state, "f", RECORD_REVOKED, NOW),
	};

	policy.keep_dead = 4;
	expect_pruned(*state, &policy, records, 6, "abcdef");
	policy.keep_dead = 3;
	expect_pruned(*state, &policy, records, 6, "bcdef");
	policy.keep_dead = 2;
	expect_pruned(*state, &policy, records, 6, "bdef");
	policy.keep_dead = 1;
	expect_pruned(*state, &policy, records, 6, "bef");
	policy.keep_dead = 0;
	expect_pruned(*state, &policy, records, 6, "be");
}

static void
test_prune_of_none(void **state)
{
	struct policy policy = OPEN;
	struct record record = add(*state, "a", RECORD_REVOKED, TIME_NEVER);
	struct store *store;

	policy.keep_dead = 0;
	assert_ok(scratch_open(*state, &store, STORE_WRITE));
	assert_ok(policy_prune(&policy, store, "bob", NOW, &why));
	store_close(store);
	expect_pruned(*state, &policy, &record, 1, "");
}

#define STORE_TEST(test)                                                       \
	cmocka_unit_test_setup_teardown(                                       \
	    test, scratch_setup_store, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_expiry_by_default),
	    cmocka_unit_test(test_expiry_with_a_start),
	    cmocka_unit_test(test_start_before_expiry),
	    cmocka_unit_test(test_expiry_as_it_is_given),
	    cmocka_unit_test(test_expiry_refused),
	    cmocka_unit_test(test_expiry_beyond_the_policy),
	    cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_limits_by_groups),
	    cmocka_unit_test(test_short_tokens),
	    STORE_TEST(test_room_up_to_the_quota),
	    STORE_TEST(test_the_dead_take_no_room_and_no_name),
	    STORE_TEST(test_what_has_not_started_has_its_name_and_place),
	    STORE_TEST(test_names_are_unique_among_the_usable),
	    STORE_TEST(test_a_token_is_not_in_its_own_way),
	    STORE_TEST(test_a_predecessor_gives_up_quota_and_name),
	    STORE_TEST(test_a_lost_record_is_told),
	    STORE_TEST(test_prune_takes_the_oldest_dead),
	    STORE_TEST(test_prune_of_none),
	};

	return unit_run(tests);
}
