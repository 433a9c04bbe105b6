/* usage_clock.h: what time counts. */
#include "store/usage_clock.h"

#include <string.h>

#include "lib/unit.h"

#define HOUR INT64_C(3600)
#define BOOT_A "11111111-1111-4111-8111-111111111111"
#define BOOT_B "22222222-2222-4222-8222-222222222222"

static struct usage_clock machine;

static void
beat(int64_t now, const char *boot, bool is_stop)
{
	struct usage_beat one = {.now = now, .file = 7, .is_stop = is_stop};

	strcpy(one.boot, boot);
	usage_clock_beat(&machine, &one);
	assert_true(usage_clock_is_sane(&machine));
}

/* Beats every hour from one time to another, both included. */
static void
run(int64_t from, int64_t to)
{
	for (int64_t now = from; now <= to; now += HOUR)
		beat(now, BOOT_A, false);
}

static int64_t
days(int64_t since)
{
	return usage_clock_count(&machine, since) / DAY;
}

static int
setup(void **state)
{
	(void)state;
	machine = (struct usage_clock){0};
	return 0;
}

static void
test_nothing_counts_before_the_first_beat(void **state)
{
	(void)state;
	assert_int_equal(days(0), 0);
	beat(NOW, BOOT_A, false);
	assert_int_equal(days(0), 0);
	assert_int_equal(days(NOW - 1000 * DAY), 0);
}

static void
test_time_between_beats_counts(void **state)
{
	(void)state;
	run(NOW, NOW + 100 * DAY);
	assert_int_equal(days(0), 100);
	assert_int_equal(days(NOW + 30 * DAY), 70);
	assert_int_equal(days(NOW + 200 * DAY), 0);
	assert_int_equal(usage_clock_count(&machine, INT64_MAX), 0);
}

/* It is shut down, and a watch stopped before. */
static void
test_a_machine_that_is_off_at_night(void **state)
{
	const char *boot = BOOT_A;

	(void)state;
	for (int64_t day = 0; day <= 90; day++) {
		boot = day % 2 == 0 ? BOOT_A : BOOT_B;
		beat(NOW + day * DAY, boot, false);
		beat(NOW + day * DAY, boot, true);
	}
	assert_int_equal(days(NOW), 90);
	/* and two days, but no longer */
	beat(NOW + 92 * DAY, boot, false);
	assert_int_equal(days(NOW), 92);
	beat(NOW + 94 * DAY + 1, boot, false);
	assert_int_equal(days(NOW), 0);
}

/* What logins could not note is lost with the boot. */
static void
test_a_crash_begins_anew(void **state)
{
	(void)state;
	run(NOW, NOW + 80 * DAY);
	beat(NOW + 80 * DAY + HOUR, BOOT_B, false);
	assert_int_equal(days(NOW), 0);
	beat(NOW + 81 * DAY, BOOT_B, false);
	assert_int_equal(days(NOW), 0);
}

static void
test_a_full_disk_begins_anew(void **state)
{
	(void)state;
	run(NOW, NOW + 80 * DAY);
	beat(NOW + 90 * DAY, BOOT_A, false);
	assert_int_equal(days(NOW), 0);
	run(NOW + 90 * DAY, NOW + 100 * DAY);
	assert_int_equal(days(NOW), 10);
	/* Whether it was rebooted or not. */
	beat(NOW + 110 * DAY, BOOT_B, false);
	assert_int_equal(days(NOW), 0);
}

static void
test_a_machine_that_is_off_for_weeks_goes_on(void **state)
{
	int64_t now = NOW;

	(void)state;
	for (int week = 0; week < 2 * USAGE_CLOCK_PAUSES; week++) {
		const char *boot = week % 2 == 0 ? BOOT_A : BOOT_B;

		for (int64_t day = 0; day < 7; day++)
			beat(now + day * DAY, boot, false);
		beat(now + 7 * DAY, boot, true);
		if (week < USAGE_CLOCK_PAUSES)
			assert_int_equal(days(0), 7 * (week + 1));
		now += 21 * DAY;
	}
	beat(now, BOOT_A, false);
	/* Without room for more, what is oldest is forgotten. */
	assert_int_equal(days(0), 7 * USAGE_CLOCK_PAUSES);
	/* A token from within a pause counts from its end. */
	assert_int_equal(usage_clock_count(&machine, now - 5 * DAY), 0);
	assert_int_equal(days(now - 15 * DAY), 1);
}

static void
test_stopped_and_not_booted_begins_anew(void **state)
{
	(void)state;
	run(NOW, NOW + 50 * DAY);
	beat(NOW + 50 * DAY, BOOT_A, true);
	beat(NOW + 60 * DAY, BOOT_A, false);
	assert_int_equal(days(NOW), 0);
}

static void
test_a_clock_that_jumps(void **state)
{
	(void)state;
	run(NOW, NOW + 50 * DAY);
	beat(NOW + 365 * DAY, BOOT_A, false);
	assert_int_equal(days(NOW), 0);
	run(NOW + 365 * DAY, NOW + 375 * DAY);
	/* and back */
	beat(NOW + 51 * DAY, BOOT_A, false);
	assert_int_equal(days(NOW), 0);
	run(NOW + 51 * DAY, NOW + 60 * DAY);
	assert_int_equal(days(NOW), 9);
	/* A little back costs nothing, and is not counted twice. */
	beat(NOW + 59 * DAY, BOOT_A, false);
	assert_int_equal(days(NOW), 9);
	beat(NOW + 60 * DAY, BOOT_A, false);
	assert_int_equal(days(NOW), 9);
}

static void
test_another_file_begins_anew(void **state)
{
	struct usage_beat other = {.now = NOW + 50 * DAY + HOUR, .file = 8};

	(void)state;
	run(NOW, NOW + 50 * DAY);
	strcpy(other.boot, BOOT_A);
	usage_clock_beat(&machine, &other);
	assert_int_equal(days(NOW), 0);
}

/* The same file, with what was in it earlier. */
static void
test_an_older_copy_begins_anew(void **state)
{
	struct usage_beat next = {.known = NOW + 50 * DAY};

	(void)state;
	run(NOW, NOW + 50 * DAY);
	next.file = machine.file;
	next.now = NOW + 50 * DAY + HOUR;
	strcpy(next.boot, BOOT_A);
	usage_clock_beat(&machine, &next);
	assert_int_equal(days(NOW), 50);
	run(NOW + 51 * DAY, NOW + 60 * DAY);
	next.known = NOW + 60 * DAY + 1;
	next.now = NOW + 61 * DAY;
	usage_clock_beat(&machine, &next);
	assert_int_equal(days(NOW), 0);
}

static void
test_nonsense(void **state)
{
	struct usage_clock sane;

	(void)state;
	assert_false(usage_clock_is_sane(&machine));
	beat(NOW, BOOT_A, true);
	beat(NOW + 10 * DAY, BOOT_B, false);
	assert_int_equal(machine.count, 1);
	sane = machine;
	machine.count = USAGE_CLOCK_PAUSES + 1;
	assert_false(usage_clock_is_sane(&machine));
	machine = sane;
	machine.at = machine.born;
	assert_false(usage_clock_is_sane(&machine));
	machine = sane;
	machine.pauses[0].to = machine.pauses[0].from - 1;
	assert_false(usage_clock_is_sane(&machine));
	machine = sane;
	machine.born = machine.pauses[0].from + 1;
	assert_false(usage_clock_is_sane(&machine));
	machine = sane;
	memset(machine.boot, 'x', sizeof(machine.boot));
	assert_false(usage_clock_is_sane(&machine));
}

#define CLOCK_TEST(test) cmocka_unit_test_setup(test, setup)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CLOCK_TEST(test_nothing_counts_before_the_first_beat),
	    CLOCK_TEST(test_time_between_beats_counts),
	    CLOCK_TEST(test_a_machine_that_is_off_at_night),
	    CLOCK_TEST(test_a_crash_begins_anew),
	    CLOCK_TEST(test_a_full_disk_begins_anew),
	    CLOCK_TEST(test_a_machine_that_is_off_for_weeks_goes_on),
	    CLOCK_TEST(test_stopped_and_not_booted_begins_anew),
	    CLOCK_TEST(test_a_clock_that_jumps),
	    CLOCK_TEST(test_another_file_begins_anew),
	    CLOCK_TEST(test_an_older_copy_begins_anew),
	    CLOCK_TEST(test_nonsense),
	};

	return unit_run(tests);
}
