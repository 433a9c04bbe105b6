/* unnoted.h: uses that could not be noted are not lost. */
#include "lifecycle/unnoted.h"

#include <string.h>
#include <unistd.h>

#include "base/deadline.h"
#include "lib/scratch.h"
#include "lib/unit.h"
#include "session/rundir.h"
#include "store/last_use.h"

#define ID "0123456789"
#define OTHER "abcdefghjk"
#define LEFT "2000000000-1.abcdefgh"

static const char *
run(const struct scratch *scratch)
{
	return scratch_path(scratch, "run");
}

static int64_t
known(const struct scratch *scratch, const char *id)
{
	return last_use_look(&scratch->config, id, deadline_in(20000)).at;
}

static bool
is_left(const struct scratch *scratch, const char *name)
{
	char part[64] = "run/" RUNDIR_UNNOTED "/";

	return access(scratch_path(scratch, strcat(part, name)), F_OK) == 0;
}

static void
test_nothing_was_left(void **state)
{
	const struct scratch *scratch = *state;

	assert_ok(unnoted_settle(&scratch->config, run(scratch), &why));
	assert_int_not_equal(access(run(scratch), F_OK), 0);
}

static void
test_what_was_left_is_noted(void **state)
{
	const struct scratch *scratch = *state;

	unnoted_leave(run(scratch), ID, NOW);
	unnoted_leave(run(scratch), ID, NOW + 10 * DAY);
	unnoted_leave(run(scratch), OTHER, NOW + 5 * DAY);
	assert_ok(unnoted_settle(&scratch->config, run(scratch), &why));
	assert_true(known(scratch, ID) == NOW + 10 * DAY);
	assert_true(known(scratch, OTHER) == NOW + 5 * DAY);
	assert_false(is_left(scratch, ID));
	assert_false(is_left(scratch, OTHER));
}

static void
test_a_later_note_stays(void **state)
{
	const struct scratch *scratch = *state;

	unnoted_leave(run(scratch), ID, NOW);
	assert_ok(
	    last_use_note(&scratch->config, ID, NOW + DAY, NULL, "sshd", &why));
	assert_ok(unnoted_settle(&scratch->config, run(scratch), &why));
	assert_true(known(scratch, ID) == NOW + DAY);
	assert_false(is_left(scratch, ID));
}

static void
test_what_cannot_be_noted_stays(void **state)
{
	const struct scratch *scratch = *state;
	struct config elsewhere = scratch->config;

	strcpy(elsewhere.directory, "/nonexistent");
	unnoted_leave(run(scratch), ID, NOW);
	assert_int_not_equal(
	    unnoted_settle(&elsewhere, run(scratch), &why), ERR_OK);
	assert_true(is_left(scratch, ID));
	assert_ok(unnoted_settle(&scratch->config, run(scratch), &why));
	assert_true(known(scratch, ID) == NOW);
}

static void
test_files_of_others(void **state)
{
	const struct scratch *scratch = *state;
	int dir;

	unnoted_leave(run(scratch), ID, -5);
	assert_ok(
	    rundir_open(&dir, run(scratch), RUNDIR_UNNOTED, RUNDIR_MAKE, &why));
	assert_ok(
	    rundir_write(dir, "README", (const uint8_t *)"text", 4, &why));
	assert_ok(rundir_write(dir, OTHER, (const uint8_t *)"text", 4, &why));
	/* What a login that was killed has left. */
	assert_ok(rundir_write(dir, LEFT, (const uint8_t *)"text", 4, &why));
	assert_int_equal(close(dir), 0);
	assert_ok(unnoted_settle(&scratch->config, run(scratch), &why));
	assert_true(known(scratch, ID) == 0);
	assert_true(known(scratch, OTHER) == 0);
	assert_true(is_left(scratch, "README"));
	assert_false(is_left(scratch, OTHER));
	assert_false(is_left(scratch, LEFT));
}

#define UNNOTED_TEST(test)                                                     \
	cmocka_unit_test_setup_teardown(                                       \
	    test, scratch_setup_store, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    UNNOTED_TEST(test_nothing_was_left),
	    UNNOTED_TEST(test_what_was_left_is_noted),
	    UNNOTED_TEST(test_a_later_note_stays),
	    UNNOTED_TEST(test_what_cannot_be_noted_stays),
	    UNNOTED_TEST(test_files_of_others),
	};

	return unit_run(tests);
}
