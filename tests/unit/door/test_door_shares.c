#include "door/door_shares.h"

#include "lib/unit.h"

static struct door_place places[DOOR_WORKERS_MAX];
static size_t count;

static int
empty(void **state)
{
	(void)state;
	count = 0;
	return 0;
}

/* Takes a place; false if there is none. */
static _Bool
take(enum door_share share, uid_t uid)
{
	const struct door_place place = {share, uid};

	if (!door_shares_allow(places, count, &place))
		return 0;
	places[count++] = place;
	return 1;
}

/* Takes as many as there are, and returns how many. */
static size_t
take_all(enum door_share share, uid_t uid)
{
	size_t taken = 0;

	while (take(share, uid))
		taken++;
	return taken;
}

static void
test_one_caller_has_a_few(void **state)
{
	(void)state;
	assert_int_equal(take_all(DOOR_SHARE_LOCAL, 1000), DOOR_EACH_LOCAL);
	assert_int_equal(take_all(DOOR_SHARE_LOCAL, 1001), DOOR_EACH_LOCAL);
	assert_int_equal(take_all(DOOR_SHARE_ROOT, 0), DOOR_EACH_ROOT);
	assert_int_equal(take_all(DOOR_SHARE_LISTED, 33), DOOR_EACH_LISTED);
}

/* As accounts of a directory: one leaves others theirs, and all leave others.
 */
static void
test_others_have_a_few(void **state)
{
	(void)state;
	assert_int_equal(take_all(DOOR_SHARE_OTHERS, 100000), DOOR_EACH_OTHERS);
	assert_int_equal(take_all(DOOR_SHARE_OTHERS, 100001), DOOR_EACH_OTHERS);
	for (uid_t uid = 200000; uid < 200000 + DOOR_ALL_OTHERS; uid++)
		(void)take(DOOR_SHARE_OTHERS, uid);
	assert_int_equal(count, DOOR_ALL_OTHERS);
	assert_true(take(DOOR_SHARE_LOCAL, 1000));
}

static void
test_users_leave_root_and_listed_theirs(void **state)
{
	(void)state;
	for (uid_t uid = 1000; uid < 2000; uid++)
		(void)take_all(DOOR_SHARE_LOCAL, uid);
	for (uid_t uid = 100000; uid < 101000; uid++)
		(void)take_all(DOOR_SHARE_OTHERS, uid);
	assert_int_equal(count, DOOR_ALL_LOCAL + DOOR_ALL_OTHERS);
	for (uid_t uid = 1; uid <= DOOR_LISTED_MAX; uid++)
		assert_int_equal(
		    take_all(DOOR_SHARE_LISTED, uid), DOOR_EACH_LISTED);
	assert_int_equal(take_all(DOOR_SHARE_ROOT, 0), DOOR_EACH_ROOT);
	assert_int_equal(count, DOOR_WORKERS_MAX);
}

static void
test_a_place_comes_back(void **state)
{
	(void)state;
	(void)take_all(DOOR_SHARE_LOCAL, 1000);
	count--;
	assert_true(take(DOOR_SHARE_LOCAL, 1000));
	assert_false(take(DOOR_SHARE_LOCAL, 1000));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(test_one_caller_has_a_few, empty),
	    cmocka_unit_test_setup(test_others_have_a_few, empty),
	    cmocka_unit_test_setup(
		test_users_leave_root_and_listed_theirs, empty),
	    cmocka_unit_test_setup(test_a_place_comes_back, empty),
	};

	return unit_run(tests);
}
