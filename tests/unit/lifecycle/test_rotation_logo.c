/* rotation.h: a token's logo goes to its successor, and back. */
#include "lifecycle/rotation.h"

#include <string.h>

#include "lib/images.h"
#include "lib/rotated.h"
#include "lib/unit.h"
#include "store/logos.h"

static struct logo logo, back;

/* Gives a token a logo, as edit does; NULL: takes it away. */
static void
give(const struct scratch *scratch, const char *id, char fill)
{
	struct record record = rotated_get(scratch, id);
	struct store *store;
	enum err rc;

	if (fill != '\0')
		images_logo(&logo, 400, fill);
	logo_note(&record, fill != '\0' ? &logo : NULL);
	record.changed.at = NOW + 1;
	assert_ok(scratch_open(scratch, &store, STORE_WRITE));
	rc = logos_put(store, &record, fill != '\0' ? &logo : NULL, &why);
	if (rc == ERR_OK)
		rc = store_put(store, &record, &why);
	assert_ok(rotated_commit(store, rc));
}

/* Which logo a token has; 0: none, and none is left of it. */
static uint8_t
fill_of(const struct scratch *scratch, const char *id)
{
	struct record record = rotated_get(scratch, id);
	struct store *store;
	enum err rc;

	assert_ok(scratch_open(scratch, &store, STORE_READ));
	rc = logos_get(store, &record, &back, &why);
	store_close(store);
	assert_true(rc == ERR_OK || rc == ERR_NOT_FOUND);
	/* In the middle of its data. */
	return rc == ERR_OK ? back.bytes[200] : 0;
}

static struct record
start(void **state, char fill)
{
	struct record old = rotated_add(*state, NOW + 90 * DAY);

	give(*state, old.id, fill);
	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW));
	return old;
}

static void
test_the_successor_takes_it_over(void **state)
{
	struct record old = start(state, 'x');
	const char *made = rotated.rotation.successor.id;

	assert_int_equal(fill_of(*state, made), 'x');
	assert_int_equal(fill_of(*state, old.id), '\0');
	assert_ok(rotated_login(*state, made, NOW + 1));
	assert_int_equal(fill_of(*state, made), 'x');
}

static void
test_also_of_one_that_was_replaced(void **state)
{
	struct record old = start(state, 'x');
	struct record first = rotated.rotation.successor;

	give(*state, first.id, 'y');
	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW + HOUR));
	assert_false(rotated_exists(*state, first.id));
	assert_int_equal(fill_of(*state, rotated.rotation.successor.id), 'y');
	assert_int_equal(fill_of(*state, old.id), '\0');
	assert_ok(rotated_undo(*state));
	assert_int_equal(fill_of(*state, first.id), 'y');
	assert_int_equal(fill_of(*state, old.id), '\0');
}

static void
test_it_comes_back(void **state)
{
	struct record old = start(state, 'x');

	assert_ok(rotated_undo(*state));
	assert_int_equal(fill_of(*state, old.id), 'x');
}

/* What has been given meanwhile stays. */
static void
test_it_comes_back_where_there_is_none(void **state)
{
	struct record old = start(state, 'x');

	give(*state, old.id, 'z');
	assert_ok(rotated_undo(*state));
	assert_int_equal(fill_of(*state, old.id), 'z');
}

static void
test_a_damaged_one_stops_no_rotation(void **state)
{
	struct record old = rotated_add(*state, NOW + 90 * DAY);

	give(*state, old.id, 'x');
	old = rotated_get(*state, old.id);
	old.logo_mark ^= 1;
	rotated_put(*state, &old);
	assert_ok(rotated_start(*state, old.id, OVERLAP, NOW));
	assert_int_equal(fill_of(*state, rotated.rotation.successor.id), '\0');
	assert_int_equal(fill_of(*state, old.id), '\0');
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(                                       \
	    name, scratch_setup_store, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_the_successor_takes_it_over),
	    TEST(test_also_of_one_that_was_replaced),
	    TEST(test_it_comes_back),
	    TEST(test_it_comes_back_where_there_is_none),
	    TEST(test_a_damaged_one_stops_no_rotation),
	};

	return unit_run(tests);
}
