/* What an agent says of trouble: not again and again. */
#include "fleet/agent_pass.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/unit.h"
#include "store/lock.h"

static int64_t now;

int64_t __wrap_deadline_in(int64_t milliseconds);

int64_t
__wrap_deadline_in(int64_t milliseconds)
{
	return now + milliseconds * 1000000;
}

/* What is said on standard error. */
static void
assert_said(
    struct agent *agent, const char *about, const char *text, const char *meant)
{
	char said[256] = "";
	int ends[2], error = dup(STDERR_FILENO);
	ssize_t len;

	assert_int_equal(pipe(ends), 0);
	assert_true(dup2(ends[1], STDERR_FILENO) >= 0);
	(void)close(ends[1]);
	agent_say(agent, about, text);
	assert_true(dup2(error, STDERR_FILENO) >= 0);
	(void)close(error);
	len = read(ends[0], said, sizeof(said) - 1);
	(void)close(ends[0]);
	assert_true(len >= 0);
	assert_string_equal(said, meant);
}

static void
test_say(void **state)
{
	struct agent agent = {0};

	(void)state;
	assert_said(&agent, "hub", NULL, "");
	assert_said(&agent, "hub", "no answer after 1 ms",
	    "tokenadm: fleet: no answer after 1 ms\n");
	assert_true(agent.has_failed);
	assert_said(&agent, "hub", "no answer after 1 ms", "");
	assert_said(&agent, "hub", "no answer after 2 ms", "");
	assert_said(&agent, "guard", "damaged", "tokenadm: fleet: damaged\n");
	now += INT64_C(61000000000);
	assert_said(&agent, "hub", "no answer after 1 ms", "");
	assert_said(&agent, "hub", "no answer after 3 ms",
	    "tokenadm: fleet: no answer after 3 ms\n");
	assert_said(&agent, "hub", "no answer after 4 ms", "");
	assert_said(
	    &agent, "hub", NULL, "tokenadm: fleet: hub: all is well again\n");
	assert_said(&agent, "hub", NULL, "");
	assert_said(&agent, "hub", "no answer after 4 ms",
	    "tokenadm: fleet: no answer after 4 ms\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_say)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
