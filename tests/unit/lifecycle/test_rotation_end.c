/* rotation.h: how a rotation ends. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/rotated.h"
#include "lib/unit.h"
#include "lifecycle/policy.h"

static void
test_the_first_login_ends_the_predecessor(void **state)
{
	struct record old = rotated_add(*state, NOW + 90 * DAY), new;

	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW));
	new = rotated.rotation.successor;
	assert_ok(rotated_login(*state, new.id, NOW + HOUR));
	old = rotated_get(*state, old.id);
	assert_int_equal(old.state, RECORD_REVOKED);
	assert_true(old.ended.at == NOW + HOUR);
	assert_true(old.is_replaced);
	assert_string_equal(old.ended.by, "rotation");
	assert_non_null(strstr(old.ended.reason, new.id));
	assert_string_equal(old.successor, "");
	/* from now on the successor is a token like any other */
	strcpy(new.predecessor, "");
	old = rotated_get(*state, new.id);
	assert_true(sample_equal(&old, &new));
	assert_ok(rotated_start(*state, new.id, OVERLAP, NOW + DAY));
	rotated_expect_pair(*state, new.id, rotated.rotation.successor.id);
	assert_false(rotated.rotation.has_replaced);
}

static void
test_a_later_login_changes_nothing(void **state)
{
	struct record old = rotated_add(*state, NOW + 90 * DAY), new, same;

	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW));
	new = rotated.rotation.successor;
	assert_ok(rotated_login(*state, new.id, NOW + HOUR));
	old = rotated_get(*state, old.id);
	assert_ok(rotated_login(*state, new.id, NOW + DAY));
	same = rotated_get(*state, old.id);
	assert_true(sample_equal(&old, &same));
	/* nor does the use of a token that never was rotated */
	assert_ok(rotated_login(*state, old.id, NOW + DAY));
	assert_err(ERR_NOT_FOUND, rotated_login(*state, "0000000000", NOW));
}

/* Its account was disabled and enabled, and only the successor approved. */
static void
test_a_predecessor_that_was_deactivated(void **state)
{
	struct record old = rotated_add(*state, NOW + 90 * DAY);

	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW));
	old = rotated_get(*state, old.id);
	old.state = RECORD_DEACTIVATED;
	old.ended = (struct record_event){
	    .at = NOW + 1, .by = "watch", .reason = "account-locked"};
	rotated_put(*state, &old);
	assert_ok(
	    rotated_login(*state, rotated.rotation.successor.id, NOW + HOUR));
	old = rotated_get(*state, old.id);
	assert_int_equal(old.state, RECORD_REVOKED);
	assert_true(old.is_replaced);
	assert_string_equal(old.ended.by, "rotation");
	assert_int_equal(
	    strncmp(old.ended.reason, "replaced by ", strlen("replaced by ")),
	    0);
	assert_true(old.expires == NOW + OVERLAP);
}

/* Nor does an expired one revive by what happens to another. */
static void
test_a_predecessor_that_has_expired(void **state)
{
	struct record old = rotated_add(*state, NOW + 90 * DAY);

	assert_ok(rotated_start(*state, old.id, 0, NOW));
	assert_ok(
	    rotated_login(*state, rotated.rotation.successor.id, NOW + HOUR));
	old = rotated_get(*state, old.id);
	assert_int_equal(old.state, RECORD_REVOKED);
	assert_true(old.is_replaced);
	assert_true(old.expires == NOW);
}

/*
 * A predecessor that was revoked by hand stays so; but it is nobody's
 * predecessor any more, or it could come back beyond the quota.
 */
static void
test_a_predecessor_that_was_revoked_before(void **state)
{
	struct record old = rotated_add(*state, NOW + 90 * DAY), now;

	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW));
	old = rotated_get(*state, old.id);
	old.state = RECORD_REVOKED;
	old.ended = (struct record_event){
	    .at = NOW + 1, .by = "erin", .reason = "leaked"};
	rotated_put(*state, &old);
	assert_ok(
	    rotated_login(*state, rotated.rotation.successor.id, NOW + HOUR));
	strcpy(old.successor, "");
	now = rotated_get(*state, old.id);
	assert_true(sample_equal(&now, &old));
	assert_string_equal(
	    rotated_get(*state, rotated.rotation.successor.id).predecessor, "");
}

static void
test_a_predecessor_that_is_gone(void **state)
{
	struct record old = rotated_add(*state, NOW + 90 * DAY), first;
	struct store *store;

	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW));
	first = rotated.rotation.successor;
	old = rotated_get(*state, old.id);
	assert_ok(scratch_open(*state, &store, STORE_WRITE));
	assert_ok(rotated_commit(store, store_remove(store, &old, &why)));
	/* after its rotation, it is independent */
	assert_ok(rotated_start(*state, first.id, OVERLAP, NOW));
	assert_string_equal(rotated.rotation.predecessor.id, first.id);
	assert_ok(rotated_login(*state, rotated.rotation.successor.id, NOW));
	assert_int_equal(rotated_get(*state, first.id).state, RECORD_REVOKED);
	assert_ok(rotated_login(*state, first.id, NOW));
	assert_string_equal(rotated_get(*state, first.id).predecessor, "");
}

/* Tries the lock once, without waiting. */
static void
test_a_busy_store_is_left_alone(void **state)
{
	struct record old = rotated_add(*state, NOW + 90 * DAY), same;
	struct flock all = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
	int fd;

	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW));
	old = rotated_get(*state, old.id);
	fd = open(scratch_lock(*state), O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_OFD_SETLK, &all), 0);
	assert_err(ERR_BUSY,
	    rotated_login(*state, rotated.rotation.successor.id, NOW + 1));
	assert_int_equal(close(fd), 0);
	same = rotated_get(*state, old.id);
	assert_true(sample_equal(&old, &same));
	rotated_expect_pair(*state, old.id, rotated.rotation.successor.id);
	assert_ok(
	    rotated_login(*state, rotated.rotation.successor.id, NOW + 2));
	assert_true(rotated_get(*state, old.id).ended.at == NOW + 2);
}

/* Removes a token, as delete does. */
static void
forget(const struct scratch *scratch, const char *id)
{
	struct record record = rotated_get(scratch, id);
	struct store *store;

	assert_ok(scratch_open(scratch, &store, STORE_WRITE));
	assert_ok(rotation_forget(store, &record, &why));
	assert_ok(rotated_commit(store, store_remove(store, &record, &why)));
}

static void
test_either_end_may_be_forgotten(void **state)
{
	struct record old = rotated_add(*state, NOW + 90 * DAY);

	forget(*state, old.id); /* no counterpart */
	old = rotated_add(*state, NOW + 90 * DAY);
	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW));
	forget(*state, rotated.rotation.successor.id);
	assert_string_equal(rotated_get(*state, old.id).successor, "");
	/* It has no more time than the overlap has left. */
	assert_true(rotated_get(*state, old.id).expires == NOW + OVERLAP);
	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW));
	/* but for its successors its intended life counts */
	assert_true(rotated.rotation.successor.expires == NOW + 90 * DAY);
	forget(*state, old.id);
	assert_string_equal(
	    rotated_get(*state, rotated.rotation.successor.id).predecessor, "");
	/* and one whose counterpart was pruned */
	old = rotated.rotation.successor;
	strcpy(old.predecessor, "0000000000");
	rotated_put(*state, &old);
	forget(*state, old.id);
	assert_int_equal(rotated_count(*state), 0);
}

static void
prune(const struct scratch *scratch)
{
	const struct policy policy = {.keep_dead = 0};
	struct store *store;

	assert_ok(scratch_open(scratch, &store, STORE_WRITE));
	assert_ok(rotated_commit(
	    store, policy_prune(&policy, store, "alice", NOW + HOUR, &why)));
}

/* The rotation may be undone: then the predecessor must exist. */
static void
test_a_predecessor_is_not_pruned(void **state)
{
	struct record old = rotated_add(*state, NOW + 90 * DAY), fresh;

	assert_ok(rotated_start(*state, old.id, 0, NOW));
	prune(*state);
	assert_true(rotated_exists(*state, old.id));
	/* but it is if its counterpart cannot log in either */
	fresh = rotated.rotation.successor;
	fresh.state = RECORD_REVOKED;
	rotated_put(*state, &fresh);
	prune(*state);
	assert_false(rotated_exists(*state, old.id));
	assert_false(rotated_exists(*state, fresh.id));
}

#define STORE_TEST(test)                                                       \
	cmocka_unit_test_setup_teardown(                                       \
	    test, scratch_setup_store, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(test_the_first_login_ends_the_predecessor),
	    STORE_TEST(test_a_later_login_changes_nothing),
	    STORE_TEST(test_a_predecessor_that_was_deactivated),
	    STORE_TEST(test_a_predecessor_that_has_expired),
	    STORE_TEST(test_a_predecessor_that_was_revoked_before),
	    STORE_TEST(test_a_predecessor_that_is_gone),
	    STORE_TEST(test_a_busy_store_is_left_alone),
	    STORE_TEST(test_either_end_may_be_forgotten),
	    STORE_TEST(test_a_predecessor_is_not_pruned),
	};

	return unit_run(tests);
}
