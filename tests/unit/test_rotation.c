#include "rotation.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "scratch.h"
#include "unit.h"

#define HOUR INT64_C(3600)
#define OVERLAP (24 * HOUR)

static char text[TOKEN_LEN + 1];
static struct rotation rotation;

static struct record
get(const struct scratch *scratch, const char *id)
{
	struct record record;
	struct store *store;

	assert_ok(scratch_open(scratch, &store, STORE_READ));
	assert_ok(store_get(store, id, &record, &why));
	store_close(store);
	return record;
}

static bool
exists(const struct scratch *scratch, const char *id)
{
	struct record record;
	struct store *store;
	enum err rc;

	assert_ok(scratch_open(scratch, &store, STORE_READ));
	rc = store_get(store, id, &record, &why);
	store_close(store);
	assert_true(rc == ERR_OK || rc == ERR_NOT_FOUND);
	return rc == ERR_OK;
}

static size_t
count(const struct scratch *scratch)
{
	struct index index;
	struct store *store;
	size_t found;

	assert_ok(scratch_open(scratch, &store, STORE_READ));
	assert_ok(store_get_index(store, "alice", &index, &why));
	found = index.count;
	index_free(&index);
	store_close(store);
	return found;
}

/* Ends a change: commits it, if it went well. */
static enum err
finish(struct store *store, enum err rc)
{
	if (rc == ERR_OK)
		rc = store_commit(store, &why);
	store_close(store);
	return rc;
}

static enum err
rotate(
    const struct scratch *scratch, const char *id, int64_t overlap, int64_t now)
{
	struct record_event event = {.at = now, .by = "carol"};
	struct store *store;

	assert_ok(scratch_open(scratch, &store, STORE_WRITE));
	return finish(store,
	    rotation_start(&rotation, store, id, overlap, &event, text, &why));
}

static enum err
undo(const struct scratch *scratch)
{
	struct store *store;

	assert_ok(scratch_open(scratch, &store, STORE_WRITE));
	return finish(store, rotation_undo(&rotation, store, &why));
}

static enum err
first_login(const struct scratch *scratch, const char *id, int64_t now)
{
	return rotation_finish(&scratch->config, id, now, &why);
}

static void
put(const struct scratch *scratch, const struct record *record)
{
	struct store *store;

	assert_ok(scratch_open(scratch, &store, STORE_WRITE));
	assert_ok(finish(store, store_put(store, record, &why)));
}

/* Adds a token of alice with every limit there is. */
static struct record
add(const struct scratch *scratch, int64_t expires)
{
	struct record record;

	sample_record(&record, "alice", "laptop");
	strcpy(record.description, "for tests");
	strcpy(record.scopes, "read,deploy");
	assert_true(network_parse("192.0.2.0/24", &record.from[0]));
	record.from_count = 1;
	record.expires = expires;
	record.changed = (struct record_event){.at = NOW, .by = "dave"};
	record.approved = (struct record_event){.at = NOW, .by = "dave"};
	record.ended = (struct record_event){
	    .at = NOW, .by = "dave", .reason = "a mistake"};
	assert_ok(sample_add(scratch, &record));
	return record;
}

/* The ends of a rotation name each other. */
static void
expect_pair(const struct scratch *scratch, const char *old, const char *new)
{
	assert_string_equal(get(scratch, old).successor, new);
	assert_string_equal(get(scratch, new).predecessor, old);
	assert_string_equal(get(scratch, new).successor, "");
}

static void
test_the_successor_has_the_same_limits(void **state)
{
	struct record old = add(*state, NOW + 90 * DAY), new, same = old;
	char id[TOKEN_ID_LEN + 1];
	struct store *store;

	assert_ok(rotate(*state, old.id, OVERLAP, NOW + DAY));
	assert_true(token_parse(text, id));
	new = get(*state, id);
	assert_true(sample_equal(&new, &rotation.successor));
	assert_true(sample_equal(&old, &rotation.predecessor));
	assert_false(rotation.has_replaced);
	expect_pair(*state, old.id, new.id);
	/* all else is either its own or the old one's */
	strcpy(same.id, new.id);
	memcpy(same.digest, new.digest, sizeof(same.digest));
	same.created = (struct record_event){.at = NOW + DAY, .by = "carol"};
	same.changed = same.approved = same.ended = (struct record_event){0};
	same.expires = NOW + 91 * DAY;
	strcpy(same.predecessor, old.id);
	assert_true(sample_equal(&new, &same));
	assert_ok(scratch_open(*state, &store, STORE_READ));
	assert_true(store_matches(store, text, &new));
	store_close(store);
	assert_int_equal(count(*state), 2);
}

static void
test_the_predecessor_goes_on_for_the_overlap(void **state)
{
	struct record old = add(*state, NOW + 90 * DAY), same = old;

	assert_ok(rotate(*state, old.id, OVERLAP, NOW + DAY));
	strcpy(same.successor, rotation.successor.id);
	same.expires = NOW + DAY + OVERLAP;
	old = get(*state, old.id);
	assert_true(sample_equal(&old, &same));
	assert_true(record_is_usable(&old, NOW + DAY));
}

static void
test_an_overlap_beyond_its_end(void **state)
{
	struct record old = add(*state, NOW + HOUR);

	assert_ok(rotate(*state, old.id, OVERLAP, NOW + HOUR / 2));
	assert_true(get(*state, old.id).expires == NOW + HOUR);
	/* a life as long as the old one's was meant to be */
	assert_true(rotation.successor.expires == NOW + HOUR / 2 + HOUR);
}

static void
test_tokens_that_never_expire(void **state)
{
	struct record old = add(*state, TIME_NEVER);

	assert_ok(rotate(*state, old.id, OVERLAP, NOW));
	assert_true(rotation.successor.expires == TIME_NEVER);
	assert_true(get(*state, old.id).expires == NOW + OVERLAP);
	assert_ok(rotate(*state, old.id, TIME_NEVER, NOW));
	assert_true(get(*state, old.id).expires == TIME_NEVER);
}

static void
test_no_overlap_at_all(void **state)
{
	struct record old = add(*state, NOW + 90 * DAY);

	assert_ok(rotate(*state, old.id, 0, NOW));
	old = get(*state, old.id);
	assert_false(record_is_usable(&old, NOW));
	assert_true(record_is_usable(&rotation.successor, NOW));
}

/* Whether by the old one's name or by the unused successor's own. */
static void
test_again_replaces_the_unused_successor(void **state)
{
	struct record old = add(*state, NOW + 90 * DAY);
	struct record first, second;

	assert_ok(rotate(*state, old.id, OVERLAP, NOW));
	first = rotation.successor;
	assert_ok(rotate(*state, old.id, OVERLAP, NOW + HOUR));
	second = rotation.successor;
	assert_true(rotation.has_replaced);
	assert_true(sample_equal(&rotation.replaced, &first));
	assert_string_not_equal(first.id, second.id);
	assert_false(exists(*state, first.id));
	expect_pair(*state, old.id, second.id);
	assert_ok(rotate(*state, second.id, OVERLAP, NOW + 2 * HOUR));
	assert_false(exists(*state, second.id));
	expect_pair(*state, old.id, rotation.successor.id);
	assert_int_equal(count(*state), 2);
	assert_true(get(*state, old.id).expires == NOW + 2 * HOUR + OVERLAP);
	assert_true(rotation.successor.expires == NOW + 2 * HOUR + 90 * DAY);
}

/* What was edited in the successor is what is wanted. */
static void
test_again_keeps_what_was_edited(void **state)
{
	struct record old = add(*state, NOW + 90 * DAY), first;

	assert_ok(rotate(*state, old.id, OVERLAP, NOW));
	first = rotation.successor;
	strcpy(first.scopes, "read");
	put(*state, &first);
	assert_ok(rotate(*state, old.id, OVERLAP, NOW));
	assert_string_equal(rotation.successor.scopes, "read");
}

/* What the first overlap has ended does not come back by the second. */
static void
test_again_after_the_overlap(void **state)
{
	struct record old = add(*state, NOW + 90 * DAY);

	assert_ok(rotate(*state, old.id, HOUR, NOW));
	assert_ok(rotate(*state, old.id, HOUR, NOW + 2 * HOUR));
	assert_true(rotation.has_replaced);
	assert_true(get(*state, old.id).expires == NOW + HOUR);
	assert_true(record_is_usable(&rotation.successor, NOW + 2 * HOUR));
	assert_int_equal(count(*state), 2);
}

static void
test_the_dead_are_not_rotated(void **state)
{
	struct record expired = add(*state, NOW);
	struct record revoked = add(*state, NOW + DAY);

	assert_err(ERR_POLICY, rotate(*state, expired.id, OVERLAP, NOW));
	assert_says(expired.id);
	revoked.state = RECORD_REVOKED;
	put(*state, &revoked);
	assert_err(ERR_POLICY, rotate(*state, revoked.id, OVERLAP, NOW));
	revoked.state = RECORD_DEACTIVATED;
	put(*state, &revoked);
	assert_err(ERR_POLICY, rotate(*state, revoked.id, OVERLAP, NOW));
	assert_err(ERR_NOT_FOUND, rotate(*state, "0000000000", OVERLAP, NOW));
	assert_int_equal(count(*state), 2);
}

/* Both ends dead: neither comes back by a rotation. */
static void
test_nor_are_two_dead_ends(void **state)
{
	struct record old = add(*state, NOW + 90 * DAY), new;

	assert_ok(rotate(*state, old.id, OVERLAP, NOW));
	new = rotation.successor;
	new.state = RECORD_REVOKED;
	put(*state, &new);
	assert_ok(rotate(*state, old.id, OVERLAP, NOW)); /* the old one lives */
	new = rotation.successor;
	new.state = RECORD_REVOKED;
	put(*state, &new);
	old = get(*state, old.id);
	old.state = RECORD_REVOKED;
	put(*state, &old);
	assert_err(ERR_POLICY, rotate(*state, old.id, OVERLAP, NOW));
	assert_err(ERR_POLICY, rotate(*state, new.id, OVERLAP, NOW));
	assert_true(exists(*state, new.id));
}

static void
test_undo_puts_all_back(void **state)
{
	struct record old = add(*state, NOW + 90 * DAY), now, first;

	assert_ok(rotate(*state, old.id, OVERLAP, NOW));
	first = rotation.successor;
	assert_ok(undo(*state));
	assert_false(exists(*state, first.id));
	now = get(*state, old.id);
	assert_true(sample_equal(&now, &old));
	assert_int_equal(count(*state), 1);
	/* and of a second rotation: the first is there again */
	assert_ok(rotate(*state, old.id, OVERLAP, NOW));
	first = rotation.successor;
	assert_ok(rotate(*state, old.id, OVERLAP, NOW + HOUR));
	assert_ok(undo(*state));
	now = get(*state, first.id);
	assert_true(sample_equal(&now, &first));
	expect_pair(*state, old.id, first.id);
	assert_true(get(*state, old.id).expires == NOW + OVERLAP);
	assert_int_equal(count(*state), 2);
}

static void
test_the_first_login_ends_the_predecessor(void **state)
{
	struct record old = add(*state, NOW + 90 * DAY), new;

	assert_ok(rotate(*state, old.id, OVERLAP, NOW));
	new = rotation.successor;
	assert_ok(first_login(*state, new.id, NOW + HOUR));
	old = get(*state, old.id);
	assert_int_equal(old.state, RECORD_REVOKED);
	assert_true(old.ended.at == NOW + HOUR);
	assert_string_equal(old.ended.by, "rotation");
	assert_non_null(strstr(old.ended.reason, new.id));
	assert_string_equal(old.successor, "");
	/* the successor is a token as any other from now on */
	strcpy(new.predecessor, "");
	old = get(*state, new.id);
	assert_true(sample_equal(&old, &new));
	assert_ok(rotate(*state, new.id, OVERLAP, NOW + DAY));
	expect_pair(*state, new.id, rotation.successor.id);
	assert_false(rotation.has_replaced);
}

static void
test_a_later_login_changes_nothing(void **state)
{
	struct record old = add(*state, NOW + 90 * DAY), new, same;

	assert_ok(rotate(*state, old.id, OVERLAP, NOW));
	new = rotation.successor;
	assert_ok(first_login(*state, new.id, NOW + HOUR));
	old = get(*state, old.id);
	assert_ok(first_login(*state, new.id, NOW + DAY));
	same = get(*state, old.id);
	assert_true(sample_equal(&old, &same));
	/* nor does that of a token that never was rotated */
	assert_ok(first_login(*state, old.id, NOW + DAY));
	assert_err(ERR_NOT_FOUND, first_login(*state, "0000000000", NOW));
}

/*
 * A predecessor that was revoked by hand keeps that; but it is nobody's
 * predecessor any more, or it could come back beyond the quota.
 */
static void
test_a_predecessor_that_was_revoked_before(void **state)
{
	struct record old = add(*state, NOW + 90 * DAY), now;

	assert_ok(rotate(*state, old.id, OVERLAP, NOW));
	old = get(*state, old.id);
	old.state = RECORD_REVOKED;
	old.ended = (struct record_event){
	    .at = NOW + 1, .by = "erin", .reason = "leaked"};
	put(*state, &old);
	assert_ok(first_login(*state, rotation.successor.id, NOW + HOUR));
	strcpy(old.successor, "");
	now = get(*state, old.id);
	assert_true(sample_equal(&now, &old));
	assert_string_equal(get(*state, rotation.successor.id).predecessor, "");
}

static void
test_a_predecessor_that_is_gone(void **state)
{
	struct record old = add(*state, NOW + 90 * DAY), first;
	struct store *store;

	assert_ok(rotate(*state, old.id, OVERLAP, NOW));
	first = rotation.successor;
	old = get(*state, old.id);
	assert_ok(scratch_open(*state, &store, STORE_WRITE));
	assert_ok(finish(store, store_remove(store, &old, &why)));
	/* rotated, it stands for itself */
	assert_ok(rotate(*state, first.id, OVERLAP, NOW));
	assert_string_equal(rotation.predecessor.id, first.id);
	assert_ok(first_login(*state, rotation.successor.id, NOW));
	assert_int_equal(get(*state, first.id).state, RECORD_REVOKED);
	assert_ok(first_login(*state, first.id, NOW));
	assert_string_equal(get(*state, first.id).predecessor, "");
}

/* Tried once: whoever else is at the store is not waited for. */
static void
test_a_busy_store_is_left_alone(void **state)
{
	struct record old = add(*state, NOW + 90 * DAY), same;
	struct flock all = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
	int fd;

	assert_ok(rotate(*state, old.id, OVERLAP, NOW));
	old = get(*state, old.id);
	fd = open(scratch_lock(*state), O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_OFD_SETLK, &all), 0);
	assert_err(
	    ERR_BUSY, first_login(*state, rotation.successor.id, NOW + 1));
	assert_int_equal(close(fd), 0);
	same = get(*state, old.id);
	assert_true(sample_equal(&old, &same));
	expect_pair(*state, old.id, rotation.successor.id);
	assert_ok(first_login(*state, rotation.successor.id, NOW + 2));
	assert_true(get(*state, old.id).ended.at == NOW + 2);
}

/* Removes a token, as delete does. */
static void
forget(const struct scratch *scratch, const char *id)
{
	struct record record = get(scratch, id);
	struct store *store;

	assert_ok(scratch_open(scratch, &store, STORE_WRITE));
	assert_ok(rotation_forget(store, &record, &why));
	assert_ok(finish(store, store_remove(store, &record, &why)));
}

static void
test_either_end_may_be_forgotten(void **state)
{
	struct record old = add(*state, NOW + 90 * DAY);

	forget(*state, old.id); /* no counterpart */
	old = add(*state, NOW + 90 * DAY);
	assert_ok(rotate(*state, old.id, OVERLAP, NOW));
	forget(*state, rotation.successor.id);
	assert_string_equal(get(*state, old.id).successor, "");
	assert_ok(rotate(*state, old.id, OVERLAP, NOW));
	forget(*state, old.id);
	assert_string_equal(get(*state, rotation.successor.id).predecessor, "");
	/* and one whose other end was pruned */
	old = rotation.successor;
	strcpy(old.predecessor, "0000000000");
	put(*state, &old);
	forget(*state, old.id);
	assert_int_equal(count(*state), 0);
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
	    STORE_TEST(test_tokens_that_never_expire),
	    STORE_TEST(test_no_overlap_at_all),
	    STORE_TEST(test_again_replaces_the_unused_successor),
	    STORE_TEST(test_again_keeps_what_was_edited),
	    STORE_TEST(test_again_after_the_overlap),
	    STORE_TEST(test_the_dead_are_not_rotated),
	    STORE_TEST(test_nor_are_two_dead_ends),
	    STORE_TEST(test_undo_puts_all_back),
	    STORE_TEST(test_the_first_login_ends_the_predecessor),
	    STORE_TEST(test_a_later_login_changes_nothing),
	    STORE_TEST(test_a_predecessor_that_was_revoked_before),
	    STORE_TEST(test_a_predecessor_that_is_gone),
	    STORE_TEST(test_a_busy_store_is_left_alone),
	    STORE_TEST(test_either_end_may_be_forgotten),
	};

	return unit_run(tests);
}
