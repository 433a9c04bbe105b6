/* rotation.h: how a rotation is undone if nobody has seen its token. */
#include "lifecycle/rotation.h"

#include <string.h>

#include "lib/rotated.h"
#include "lib/unit.h"
#include "lifecycle/revocation.h"

static void
test_undo_puts_all_back(void **state)
{
	struct record old = rotated_add(*state, NOW + 90 * DAY), now, first;

	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW));
	first = rotated.rotation.successor;
	assert_ok(rotated_undo(*state));
	assert_false(rotated_exists(*state, first.id));
	now = rotated_get(*state, old.id);
	assert_true(sample_equal(&now, &old));
	assert_int_equal(rotated_count(*state), 1);
	/* and of a second rotation: the first successor exists again */
	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW));
	first = rotated.rotation.successor;
	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW + HOUR));
	assert_ok(rotated_undo(*state));
	now = rotated_get(*state, first.id);
	assert_true(sample_equal(&now, &first));
	rotated_expect_pair(*state, old.id, first.id);
	assert_true(rotated_get(*state, old.id).expires == NOW + OVERLAP);
	assert_int_equal(rotated_count(*state), 2);
}

/* Somebody edits the predecessor while the output is stuck. */
static void
edit(
    const struct scratch *scratch, const char *id, int64_t expires, int64_t now)
{
	struct record record = rotated_get(scratch, id);

	record.expires = expires;
	rotation_set_life(&record, now);
	record.changed = (struct record_event){.at = now, .by = "dave"};
	rotated_put(scratch, &record);
}

static void
test_undo_keeps_an_edited_expiry(void **state)
{
	static const int64_t EDITED[] = {NOW + HOUR, NOW + 2 * OVERLAP};

	for (size_t i = 0; i < COUNT_OF(EDITED); i++) {
		struct record old = rotated_add(*state, NOW + 90 * DAY);

		assert_ok(rotated_start(*state, old.id, OVERLAP, NOW));
		edit(*state, old.id, EDITED[i], NOW);
		assert_ok(rotated_undo(*state));
		assert_true(rotated_get(*state, old.id).expires == EDITED[i]);
	}
}

/* What the first overlap has left comes back, not what it took. */
static void
test_undo_gives_back_what_it_took_itself(void **state)
{
	struct record old = rotated_add(*state, NOW + 90 * DAY);

	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW));
	assert_ok(rotated_start(*state, old.id, 0, NOW + HOUR));
	assert_true(rotated_get(*state, old.id).expires == NOW + HOUR);
	assert_ok(rotated_undo(*state));
	assert_true(rotated_get(*state, old.id).expires == NOW + OVERLAP);
}

static void
revoke(const struct scratch *scratch, const char *id)
{
	const struct record_event how = {
	    .at = NOW + HOUR, .by = "erin", .reason = "leaked"};
	struct store *store;

	assert_ok(scratch_open(scratch, &store, STORE_WRITE));
	assert_ok(rotated_commit(
	    store, revocation_run(store, id, &how, NULL, NULL, NULL, &why)));
}

/* It replaces the first successor, which was handed out: both are meant. */
static void
test_undo_after_a_revocation(void **state)
{
	struct record old = rotated_add(*state, NOW + 90 * DAY), first;

	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW));
	first = rotated.rotation.successor;
	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW + 1));
	revoke(*state, rotated.rotation.successor.id);
	assert_ok(rotated_undo(*state));
	first = rotated_get(*state, first.id);
	assert_int_equal(first.state, RECORD_REVOKED);
	assert_string_equal(first.ended.reason, "leaked");
	assert_int_equal(rotated_get(*state, old.id).state, RECORD_REVOKED);
	rotated_expect_pair(*state, old.id, first.id);
}

/* A first successor that was revoked before does not get its heir's state. */
static void
test_undo_does_not_revive(void **state)
{
	struct record old = rotated_add(*state, NOW + 90 * DAY), first, heir;

	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW));
	first = rotated.rotation.successor;
	revoke(*state, first.id);
	old = rotated_get(*state, old.id);
	old.state = RECORD_ACTIVE; /* approved */
	rotated_put(*state, &old);
	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW + 2 * HOUR));
	heir = rotated.rotation.successor;
	edit(*state, heir.id, NOW + DAY, NOW + 3 * HOUR);
	/* What happens to its heir's account does not affect it. */
	heir = rotated_get(*state, heir.id);
	heir.state = RECORD_DEACTIVATED;
	heir.ended = (struct record_event){
	    .at = NOW + 4 * HOUR, .by = "watch", .reason = "account-locked"};
	rotated_put(*state, &heir);
	assert_ok(rotated_undo(*state));
	first = rotated_get(*state, first.id);
	assert_int_equal(first.state, RECORD_REVOKED);
	assert_string_equal(first.ended.by, "erin");
	assert_true(first.expires == NOW + DAY);
}

/* Nor does editing its heir give time to an expired one. */
static void
test_undo_does_not_prolong_what_expired(void **state)
{
	struct record old = rotated_add(*state, NOW + 90 * DAY), first;

	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW));
	first = rotated.rotation.successor;
	edit(*state, first.id, NOW + HOUR, NOW);
	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW + 2 * HOUR));
	edit(*state, rotated.rotation.successor.id, NOW + DAY, NOW + 3 * HOUR);
	assert_ok(rotated_undo(*state));
	assert_true(rotated_get(*state, first.id).expires == NOW + HOUR);
}

/* Edits of the heir apply to the one that comes back. */
static void
test_undo_after_an_edit(void **state)
{
	struct record old = rotated_add(*state, NOW + 90 * DAY), first, heir;

	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW));
	first = rotated.rotation.successor;
	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW + 1));
	heir = rotated_get(*state, rotated.rotation.successor.id);
	strcpy(heir.scopes, "read");
	heir.changed = (struct record_event){.at = NOW + 2, .by = "dave"};
	rotated_put(*state, &heir);
	assert_ok(rotated_undo(*state));
	heir = rotated_get(*state, first.id);
	assert_string_equal(heir.scopes, "read");
	assert_true(heir.expires == first.expires);
	assert_memory_equal(heir.digest, first.digest, sizeof(heir.digest));
	edit(*state, first.id, NOW + HOUR, NOW + 2);
	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW + 3));
	edit(*state, rotated.rotation.successor.id, NOW + HOUR / 2, NOW + 4);
	assert_ok(rotated_undo(*state));
	assert_true(rotated_get(*state, first.id).expires == NOW + HOUR / 2);
}

#define STORE_TEST(test)                                                       \
	cmocka_unit_test_setup_teardown(                                       \
	    test, scratch_setup_store, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(test_undo_puts_all_back),
	    STORE_TEST(test_undo_keeps_an_edited_expiry),
	    STORE_TEST(test_undo_gives_back_what_it_took_itself),
	    STORE_TEST(test_undo_after_a_revocation),
	    STORE_TEST(test_undo_does_not_revive),
	    STORE_TEST(test_undo_does_not_prolong_what_expired),
	    STORE_TEST(test_undo_after_an_edit),
	};

	return unit_run(tests);
}
