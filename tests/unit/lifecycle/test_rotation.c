/* rotation.h: how a rotation starts. */
#include "lifecycle/rotation.h"

#include <string.h>

#include "lib/rotated.h"
#include "lib/unit.h"

static void
test_the_successor_has_the_same_limits(void **state)
{
	struct record old = rotated_add(*state, NOW + 90 * DAY), new,
		      same = old;
	char id[TOKEN_ID_LEN + 1];
	struct store *store;

	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW + DAY));
	assert_true(token_parse(rotated.text, id));
	new = rotated_get(*state, id);
	assert_true(sample_equal(&new, &rotated.rotation.successor));
	assert_true(sample_equal(&old, &rotated.rotation.predecessor));
	assert_false(rotated.rotation.has_replaced);
	rotated_expect_pair(*state, old.id, new.id);
	/* everything else is either its own or the old one's */
	strcpy(same.id, new.id);
	memcpy(same.digest, new.digest, sizeof(same.digest));
	same.created = (struct record_event){.at = NOW + DAY, .by = "carol"};
	same.changed = same.approved = same.ended = (struct record_event){0};
	same.expires = NOW + 91 * DAY;
	strcpy(same.predecessor, old.id);
	assert_true(sample_equal(&new, &same));
	assert_ok(scratch_open(*state, &store, STORE_READ));
	assert_true(store_matches(store, rotated.text, &new));
	store_close(store);
	assert_int_equal(rotated_count(*state), 2);
}

static void
test_the_predecessor_goes_on_for_the_overlap(void **state)
{
	struct record old = rotated_add(*state, NOW + 90 * DAY), same = old;

	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW + DAY));
	strcpy(same.successor, rotated.rotation.successor.id);
	same.uncut = same.expires;
	same.expires = NOW + DAY + OVERLAP;
	old = rotated_get(*state, old.id);
	assert_true(sample_equal(&old, &same));
	assert_true(record_is_usable(&old, NOW + DAY));
}

static void
test_an_overlap_beyond_its_end(void **state)
{
	struct record old = rotated_add(*state, NOW + HOUR);

	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW + HOUR / 2));
	assert_true(rotated_get(*state, old.id).expires == NOW + HOUR);
	/* it lives as long as the old one was meant to */
	assert_true(
	    rotated.rotation.successor.expires == NOW + HOUR / 2 + HOUR);
}

/* Its successors live as long as it was given then, not since its creation. */
static void
test_an_edited_expiry(void **state)
{
	struct record old = rotated_add(*state, NOW + 90 * DAY);

	old.expires = NOW + 60 * DAY + 30 * DAY;
	rotation_set_life(&old, NOW + 60 * DAY);
	rotated_put(*state, &old);
	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW + 80 * DAY));
	assert_true(rotated.rotation.successor.expires == NOW + 110 * DAY);
	/* The overlap has cut the old one. */
	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW + 81 * DAY));
	assert_true(rotated.rotation.successor.expires == NOW + 111 * DAY);
	old = rotated_get(*state, rotated.rotation.successor.id);
	old.expires = TIME_NEVER;
	rotation_set_life(&old, NOW + 81 * DAY);
	rotated_put(*state, &old);
	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW + 81 * DAY));
	assert_true(rotated.rotation.successor.expires == TIME_NEVER);
}

/* What has not started keeps its start, and lives as long from there. */
static void
test_a_start(void **state)
{
	struct record old = rotated_add(*state, NOW + 90 * DAY), *new;

	new = &rotated.rotation.successor;
	old.starts = NOW + 60 * DAY;
	rotated_put(*state, &old);
	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW + 10 * DAY));
	assert_true(new->starts == old.starts);
	assert_true(new->expires == NOW + 90 * DAY);
	/* Of the wait before the start its successors get nothing. */
	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW + 70 * DAY));
	assert_true(new->expires == NOW + 100 * DAY);
}

static void
test_an_edited_start(void **state)
{
	struct record old = rotated_add(*state, NOW + 90 * DAY);

	old.expires = NOW + 50 * DAY;
	old.starts = NOW + 45 * DAY;
	rotation_set_life(&old, NOW + 40 * DAY);
	rotated_put(*state, &old);
	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW + 47 * DAY));
	assert_true(rotated.rotation.successor.expires == NOW + 52 * DAY);
	rotation_set_life(&old, NOW + 46 * DAY);
	rotated_put(*state, &old);
	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW + 47 * DAY));
	assert_true(rotated.rotation.successor.expires == NOW + 51 * DAY);
}

static void
test_tokens_that_never_expire(void **state)
{
	struct record old = rotated_add(*state, TIME_NEVER);

	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW));
	assert_true(rotated.rotation.successor.expires == TIME_NEVER);
	assert_true(rotated_get(*state, old.id).expires == NOW + OVERLAP);
	/* Rotating again never gives the old one more time. */
	assert_ok(rotated_start(*state, old.id, TIME_NEVER, NOW));
	assert_true(rotated_get(*state, old.id).expires == NOW + OVERLAP);
}

static void
test_no_overlap_at_all(void **state)
{
	struct record old = rotated_add(*state, NOW + 90 * DAY);

	assert_ok(rotated_start(*state, old.id, 0, NOW));
	old = rotated_get(*state, old.id);
	assert_false(record_is_usable(&old, NOW));
	assert_true(record_is_usable(&rotated.rotation.successor, NOW));
}

/* Either by the old one's name or by the unused successor's own. */
static void
test_again_replaces_the_unused_successor(void **state)
{
	struct record old = rotated_add(*state, NOW + 90 * DAY);
	struct record first, second;

	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW));
	first = rotated.rotation.successor;
	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW + HOUR));
	second = rotated.rotation.successor;
	assert_true(rotated.rotation.has_replaced);
	assert_true(sample_equal(&rotated.rotation.replaced, &first));
	assert_string_not_equal(first.id, second.id);
	assert_false(rotated_exists(*state, first.id));
	rotated_expect_pair(*state, old.id, second.id);
	assert_ok(rotated_start(*state, second.id, OVERLAP, NOW + 2 * HOUR));
	assert_false(rotated_exists(*state, second.id));
	rotated_expect_pair(*state, old.id, rotated.rotation.successor.id);
	assert_int_equal(rotated_count(*state), 2);
	assert_true(rotated_get(*state, old.id).expires == NOW + OVERLAP);
	assert_true(
	    rotated.rotation.successor.expires == NOW + 2 * HOUR + 90 * DAY);
}

/* Edits of the successor are kept. */
static void
test_again_keeps_what_was_edited(void **state)
{
	struct record old = rotated_add(*state, NOW + 90 * DAY), first;

	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW));
	first = rotated.rotation.successor;
	strcpy(first.scopes, "read");
	rotated_put(*state, &first);
	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW));
	assert_string_equal(rotated.rotation.successor.scopes, "read");
}

/* A second overlap does not bring back what the first one has ended. */
static void
test_again_after_the_overlap(void **state)
{
	struct record old = rotated_add(*state, NOW + 90 * DAY);

	assert_ok(rotated_start(*state, old.id, HOUR, NOW));
	assert_ok(rotated_start(*state, old.id, HOUR, NOW + 2 * HOUR));
	assert_true(rotated.rotation.has_replaced);
	assert_true(rotated_get(*state, old.id).expires == NOW + HOUR);
	assert_true(
	    record_is_usable(&rotated.rotation.successor, NOW + 2 * HOUR));
	assert_int_equal(rotated_count(*state), 2);
}

static void
test_the_dead_are_not_rotated(void **state)
{
	struct record revoked = rotated_add(*state, NOW + DAY);

	revoked.state = RECORD_REVOKED;
	rotated_put(*state, &revoked);
	assert_err(ERR_POLICY, rotated_start(*state, revoked.id, OVERLAP, NOW));
	assert_says(revoked.id);
	revoked.state = RECORD_DEACTIVATED;
	rotated_put(*state, &revoked);
	assert_err(ERR_POLICY, rotated_start(*state, revoked.id, OVERLAP, NOW));
	assert_err(
	    ERR_NOT_FOUND, rotated_start(*state, "0000000000", OVERLAP, NOW));
	assert_int_equal(rotated_count(*state), 1);
}

/* Whatever ended it besides time, it is not renewed. */
static void
test_only_what_merely_expired_is_renewed(void **state)
{
	static const struct {
		enum record_state state;
		enum record_lifetime lifetime;
		enum err rc;
	} ENDS[] = {
	    {RECORD_ACTIVE, RECORD_LASTING, ERR_OK},
	    {RECORD_REVOKED, RECORD_LASTING, ERR_POLICY},
	    {RECORD_DEACTIVATED, RECORD_LASTING, ERR_POLICY},
	    {RECORD_ACTIVE, RECORD_ONCE, ERR_POLICY},
	    {RECORD_ACTIVE, RECORD_UNTIL_LOGOUT, ERR_POLICY},
	};

	for (size_t i = 0; i < COUNT_OF(ENDS); i++) {
		struct record old = rotated_add(*state, NOW);

		old.state = ENDS[i].state;
		old.lifetime = ENDS[i].lifetime;
		rotated_put(*state, &old);
		assert_err(
		    ENDS[i].rc, rotated_start(*state, old.id, OVERLAP, NOW));
	}
}

static void
test_a_renewed_one_lives_as_the_policy_says(void **state)
{
	struct record old = rotated_add(*state, NOW), same, new;

	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW + DAY));
	new = rotated.rotation.successor;
	assert_true(new.expires == NOW + DAY + ROTATED_RENEWED);
	assert_string_equal(new.services, old.services);
	rotated_expect_pair(*state, old.id, new.id);
	/* the old one has no more time than it had */
	same = old;
	strcpy(same.successor, new.id);
	old = rotated_get(*state, old.id);
	assert_true(sample_equal(&old, &same));
	/* nor has it when the rotation is undone */
	assert_ok(rotated_undo(*state));
	same.successor[0] = '\0';
	old = rotated_get(*state, old.id);
	assert_true(sample_equal(&old, &same));
	assert_int_equal(rotated_count(*state), 1);
}

static void
test_both_of_an_expired_rotation_are_renewed(void **state)
{
	struct record old = rotated_add(*state, NOW + DAY), new;
	int64_t later = NOW + 10 * DAY;

	assert_ok(rotated_start(*state, old.id, 0, NOW));
	new = rotated.rotation.successor;
	assert_ok(rotated_start(*state, new.id, OVERLAP, later));
	assert_true(rotated.rotation.has_replaced);
	assert_true(
	    rotated.rotation.successor.expires == later + ROTATED_RENEWED);
	assert_false(rotated_exists(*state, new.id));
	rotated_expect_pair(*state, old.id, rotated.rotation.successor.id);
	/* and not, if one of them was taken from the user */
	new = rotated.rotation.successor;
	new.state = RECORD_REVOKED;
	rotated_put(*state, &new);
	assert_err(
	    ERR_POLICY, rotated_start(*state, old.id, OVERLAP, later + DAY));
}

/* Both are dead: neither comes back by a rotation. */
static void
test_nor_are_two_dead_ends(void **state)
{
	struct record old = rotated_add(*state, NOW + 90 * DAY), new;

	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW));
	new = rotated.rotation.successor;
	new.state = RECORD_REVOKED;
	rotated_put(*state, &new);
	assert_ok(rotated_start(
	    *state, old.id, OVERLAP, NOW)); /* the old one is valid */
	new = rotated.rotation.successor;
	new.state = RECORD_REVOKED;
	rotated_put(*state, &new);
	old = rotated_get(*state, old.id);
	old.state = RECORD_REVOKED;
	rotated_put(*state, &old);
	assert_err(ERR_POLICY, rotated_start(*state, old.id, OVERLAP, NOW));
	assert_err(ERR_POLICY, rotated_start(*state, new.id, OVERLAP, NOW));
	assert_true(rotated_exists(*state, new.id));
}

#define STORE_TEST(test)                                                       \
	cmocka_unit_test_setup_teardown(                                       \
	    test, scratch_setup_store, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(test_the_successor_has_the_same_limits),
	    STORE_TEST(test_the_predecessor_goes_on_for_the_overlap),
	    STORE_TEST(test_an_overlap_beyond_its_end),
	    STORE_TEST(test_an_edited_expiry),
	    STORE_TEST(test_a_start),
	    STORE_TEST(test_an_edited_start),
	    STORE_TEST(test_tokens_that_never_expire),
	    STORE_TEST(test_no_overlap_at_all),
	    STORE_TEST(test_again_replaces_the_unused_successor),
	    STORE_TEST(test_again_keeps_what_was_edited),
	    STORE_TEST(test_again_after_the_overlap),
	    STORE_TEST(test_the_dead_are_not_rotated),
	    STORE_TEST(test_only_what_merely_expired_is_renewed),
	    STORE_TEST(test_a_renewed_one_lives_as_the_policy_says),
	    STORE_TEST(test_both_of_an_expired_rotation_are_renewed),
	    STORE_TEST(test_nor_are_two_dead_ends),
	};

	return unit_run(tests);
}
