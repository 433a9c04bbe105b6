/* Heartbeats, and whether what is known is fresh. */
#include "fleet/fleet_fresh.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/scratch.h"
#include "lib/unit.h"

#define BOOT "01234567-89ab-cdef-0123-456789abcdef"
#define SECOND INT64_C(1000000000)
#define UPTIME (INT64_C(1000) * SECOND)

/* As texts: a struct has gaps. */
static void
expect_equal(
    const struct fleet_heartbeat *one, const struct fleet_heartbeat *two)
{
	char text[FLEET_HEARTBEAT_MAX + 1], other[FLEET_HEARTBEAT_MAX + 1];

	(void)fleet_heartbeat_format(one, text);
	(void)fleet_heartbeat_format(two, other);
	assert_string_equal(text, other);
}

static void
sample_heartbeat(struct fleet_heartbeat *heartbeat)
{
	*heartbeat = (struct fleet_heartbeat){.count = 2};
	strcpy(heartbeat->boot, BOOT);
	heartbeat->beats[0] = (struct fleet_beat){"hub", 1, 7, UPTIME};
	heartbeat->beats[1] = (struct fleet_beat){"web1", 2, 0, 0};
}

#define TEXT                                                                   \
	"apitoken-fleet-heartbeat 1\nboot=" BOOT "\n"                          \
	"issuer=hub 1 7 1000000000000\nissuer=web1 2 0 0\n"

static void
test_text(void **state)
{
	struct fleet_heartbeat heartbeat, back;
	char text[FLEET_HEARTBEAT_MAX + 1];
	size_t len;

	(void)state;
	sample_heartbeat(&heartbeat);
	len = fleet_heartbeat_format(&heartbeat, text);
	assert_int_equal(len, strlen(TEXT));
	assert_string_equal(text, TEXT);
	assert_ok(fleet_heartbeat_parse(&back, text, len));
	expect_equal(&back, &heartbeat);
}

static void
test_bad_texts(void **state)
{
	static const char *const ROWS[] = {"", "apitoken-fleet-heartbeat 2\n",
	    "apitoken-fleet-heartbeat 1\n",
	    "apitoken-fleet-heartbeat 1\nboot=" BOOT,
	    "apitoken-fleet-heartbeat 1\nboot=x\n", TEXT "issuer=hub 1 8 1\n",
	    TEXT "issuer=other 1 8\n", TEXT "issuer=other 1 8 1 1\n",
	    TEXT "issuer=Other 1 8 1\n", TEXT "issuer=other 1 08 1\n",
	    TEXT "issuer=other 1 8 -1\n",
	    TEXT "issuer=other 1 8 9223372036854775808\n", TEXT "\n",
	    TEXT "more=1\n"};
	struct fleet_heartbeat heartbeat;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		assert_err(ERR_INVALID,
		    fleet_heartbeat_parse(
			&heartbeat, ROWS[i], strlen(ROWS[i])));
		assert_int_equal(heartbeat.count, 0);
	}
}

/* The longest fits. */
static void
test_the_most(void **state)
{
	struct fleet_heartbeat heartbeat, back;
	char text[FLEET_HEARTBEAT_MAX + 1];
	size_t len;

	(void)state;
	sample_heartbeat(&heartbeat);
	heartbeat.count = FLEET_ISSUERS_MAX;
	for (size_t i = 0; i < heartbeat.count; i++) {
		struct fleet_beat *beat = &heartbeat.beats[i];

		memset(beat->issuer, 'a', PARSE_HOST_MAX);
		beat->issuer[0] = (char)('a' + i % 26);
		beat->issuer[1] = (char)('a' + i / 26);
		beat->issuer[PARSE_HOST_MAX] = '\0';
		beat->epoch = beat->seq = INT64_MAX;
		beat->seen = INT64_MAX;
	}
	len = fleet_heartbeat_format(&heartbeat, text);
	assert_in_range(len, 1, FLEET_HEARTBEAT_MAX);
	assert_ok(fleet_heartbeat_parse(&back, text, len));
	assert_int_equal(back.count, FLEET_ISSUERS_MAX);
}

static void
test_file(void **state)
{
	const struct scratch *scratch = *state;
	const char *run = scratch_path(scratch, "run");
	const char *path = scratch_path(scratch, "run/fleet/heartbeat");
	const char *left = scratch_path(
	    scratch, "run/fleet/2000000000-1.abcdefgh");
	struct fleet_heartbeat heartbeat, back;

	sample_heartbeat(&heartbeat);
	/* None is one that says nothing. */
	assert_ok(fleet_heartbeat_read(run, &back, &why));
	assert_int_equal(back.count, 0);
	assert_ok(fleet_heartbeat_write(run, &heartbeat, &why));
	assert_ok(fleet_heartbeat_read(run, &back, &why));
	expect_equal(&back, &heartbeat);
	heartbeat.beats[0].seq++;
	/* What a writer that was killed has left. */
	scratch_write(left, "x", 1, 0600);
	assert_ok(fleet_heartbeat_write(run, &heartbeat, &why));
	assert_int_equal(access(left, F_OK), -1);
	assert_ok(fleet_heartbeat_read(run, &back, &why));
	assert_int_equal(back.beats[0].seq, 8);
	/* So is one that is not understood. */
	scratch_write(path, "x", 1, 0600);
	assert_ok(fleet_heartbeat_read(run, &back, &why));
	assert_int_equal(back.count, 0);
	/* Others could make it say anything. */
	scratch_write(path, TEXT, strlen(TEXT), 0666);
	assert_err(ERR_UNSAFE, fleet_heartbeat_read(run, &back, &why));
	assert_int_equal(back.count, 0);
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(chmod(run, 0777), 0);
	assert_err(ERR_UNSAFE, fleet_heartbeat_read(run, &back, &why));
	assert_int_equal(chmod(run, 0700), 0);
	assert_ok(fleet_heartbeat_read(run, &back, &why));
	assert_int_equal(back.count, 2);
}

/* A heartbeat, an applied head and a moment; each row changes one thing. */
static struct fleet_heartbeat heartbeat;
static struct fleet_head head;
static struct fleet_moment moment;

static void
start(void)
{
	sample_heartbeat(&heartbeat);
	head = (struct fleet_head){
	    .epoch = 1, .seq = 7, .time = NOW, .valid_until = NOW + 3600};
	strcpy(moment.boot, BOOT);
	moment.boottime = UPTIME + SECOND;
	moment.now = NOW + 1;
}

#define judge(head) fleet_fresh_judge(&heartbeat, "hub", (head), &moment, 30)

static void
test_fresh(void **state)
{
	(void)state;
	start();
	assert_int_equal(judge(&head), FLEET_FRESH);
	moment.boottime = UPTIME;
	assert_int_equal(judge(&head), FLEET_FRESH);
	moment.boottime = UPTIME + 30 * SECOND;
	assert_int_equal(judge(&head), FLEET_FRESH);
	/* Applied, and the heartbeat is about to say so */
	head.seq++;
	assert_int_equal(judge(&head), FLEET_FRESH);
	head.valid_until = TIME_NEVER;
	assert_int_equal(judge(&head), FLEET_FRESH);
}

static void
test_old(void **state)
{
	(void)state;
	start();
	moment.boottime = UPTIME + 30 * SECOND + 1;
	assert_int_equal(judge(&head), FLEET_STALE);
}

static void
test_of_the_future(void **state)
{
	(void)state;
	start();
	moment.boottime = UPTIME - 1;
	assert_int_equal(judge(&head), FLEET_STALE);
}

static void
test_of_another_boot(void **state)
{
	(void)state;
	start();
	moment.boot[0] = 'f';
	assert_int_equal(judge(&head), FLEET_STALE);
}

static void
test_nothing_said(void **state)
{
	(void)state;
	start();
	strcpy(heartbeat.beats[0].issuer, "other");
	assert_int_equal(judge(&head), FLEET_STALE);
	assert_int_equal(judge(NULL), FLEET_STALE);
}

static void
test_behind(void **state)
{
	(void)state;
	start();
	head.seq--;
	assert_int_equal(judge(&head), FLEET_BEHIND);
	head.seq = 100;
	head.epoch = 0;
	assert_int_equal(judge(&head), FLEET_BEHIND);
	assert_int_equal(judge(NULL), FLEET_BEHIND);
}

static void
test_clocks(void **state)
{
	(void)state;
	start();
	moment.now = NOW + 3600;
	assert_int_equal(judge(&head), FLEET_FRESH);
	moment.now++;
	assert_int_equal(judge(&head), FLEET_STALE);
	/* Set back, for the head to last */
	moment.now = NOW - DAY;
	assert_int_equal(judge(&head), FLEET_FRESH);
	moment.now--;
	assert_int_equal(judge(&head), FLEET_STALE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_text),
	    cmocka_unit_test(test_bad_texts),
	    cmocka_unit_test(test_the_most),
	    cmocka_unit_test_setup_teardown(
		test_file, scratch_setup, scratch_teardown),
	    cmocka_unit_test(test_fresh),
	    cmocka_unit_test(test_old),
	    cmocka_unit_test(test_of_the_future),
	    cmocka_unit_test(test_of_another_boot),
	    cmocka_unit_test(test_nothing_said),
	    cmocka_unit_test(test_behind),
	    cmocka_unit_test(test_clocks),
	};

	return unit_run(tests);
}
