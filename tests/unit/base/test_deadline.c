#include "base/deadline.h"

#include <limits.h>

#include "lib/unit.h"

static void
test_what_is_left(void **state)
{
	int64_t now = deadline_in(0);

	(void)state;
	assert_in_range(deadline_left(deadline_in(60000)), 1, 60000);
	assert_in_range(deadline_poll(deadline_in(60000)), 1, 60000);
	assert_true(deadline_in(1000) - now >= INT64_C(1000000000));
	assert_true(deadline_left(deadline_in(-60000)) <= -60000);
	assert_int_equal(deadline_poll(deadline_in(-60000)), 0);
	assert_int_equal(deadline_poll(now), 0);
}

static void
test_more_than_poll_takes(void **state)
{
	(void)state;
	assert_int_equal(deadline_poll(INT64_MAX), INT_MAX);
	assert_int_equal(deadline_poll(INT64_MIN / 2), 0);
}

static void
test_timespec(void **state)
{
	struct timespec span = deadline_timespec(INT64_C(3000000007));

	(void)state;
	assert_int_equal(span.tv_sec, 3);
	assert_int_equal(span.tv_nsec, 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_what_is_left),
	    cmocka_unit_test(test_more_than_poll_takes),
	    cmocka_unit_test(test_timespec),
	};

	return unit_run(tests);
}
