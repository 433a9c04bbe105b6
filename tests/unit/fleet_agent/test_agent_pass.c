/* What a pass of the agent leaves in the heartbeat, by an engine and a clock
 * that the test has. */
#include "fleet/agent_pass.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fleet/fleet_fresh.h"
#include "fleet/fleet_store.h"
#include "lib/fleet.h"
#include "lib/scratch.h"
#include "lib/unit.h"
#include "sessions/fleet_sessions.h"

#define BOOT "01234567-89ab-cdef-0123-456789abcdef"
#define SECOND INT64_C(1000000000)
#define ID "0123456789"

/* Before hub in the alphabet, and in no other order. */
static struct issuer slow, hub;
static struct context *context;
static struct agent agent;
static int64_t boottime;
static unsigned lists;
static struct fleet_heartbeat written;
static int64_t oldest; /* hub's beat, when another was written */
static int64_t answer_takes;
static bool list_is_torn; /* of hub: it does not fit its head */

enum err __wrap_fleet_moment_now(
    struct fleet_moment *, int64_t, struct error *);
enum err __wrap_fleet_heartbeat_write(
    const char *, const struct fleet_heartbeat *, struct error *);
enum err __wrap_fleet_sessions_end(struct context *);
time_t __wrap_time(time_t *);

time_t
__wrap_time(time_t *when)
{
	(void)when;
	return NOW;
}

enum err
__wrap_fleet_moment_now(
    struct fleet_moment *moment, int64_t now, struct error *error)
{
	(void)error;
	*moment = (struct fleet_moment){
	    .boot = BOOT, .boottime = boottime, .now = now};
	return ERR_OK;
}

static int64_t
age_of_hub(void)
{
	const struct fleet_beat *beat = fleet_heartbeat_find(&written, "hub");

	return beat == NULL ? INT64_MAX : boottime - beat->seen;
}

enum err
__wrap_fleet_heartbeat_write(const char *run,
    const struct fleet_heartbeat *heartbeat, struct error *error)
{
	(void)run;
	(void)error;
	if (written.count > 0 && age_of_hub() > oldest)
		oldest = age_of_hub();
	written = *heartbeat;
	return ERR_OK;
}

enum err
__wrap_fleet_sessions_end(struct context *one)
{
	(void)one;
	return ERR_OK;
}

static enum err
read_heads(void *state, struct fleet_engine_heads *heads, int64_t deadline,
    struct error *error)
{
	struct issuer *const all[] = {&slow, &hub};

	boottime += answer_takes;
	(void)state;
	(void)deadline;
	(void)error;
	*heads = (struct fleet_engine_heads){0};
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		char text[FLEET_HEAD_MAX + 1];
		size_t len = fleet_head_sign(
		    &all[i]->head, all[i]->secret, text);

		if (all[i]->head.seq > 0)
			fleet_engine_head_set(
			    fleet_engine_heads_add(heads, all[i]->trust.issuer),
			    text, len);
	}
	return ERR_OK;
}

static enum err
list_it(void *state, const char *issuer, struct fleet_engine_list *list,
    int64_t deadline, struct error *error)
{
	uint8_t *bytes;
	size_t len;

	(void)state;
	(void)deadline;
	*list = (struct fleet_engine_list){0};
	lists++;
	if (strcmp(issuer, "hub") != 0) {
		boottime += 20 * SECOND;
		return error_set(error, ERR_SYSTEM, "no answer");
	}
	bytes = issuer_snapshot(&hub, &len);
	if (list_is_torn)
		bytes[len - 1] ^= 1;
	list->bytes = bytes;
	return fleet_snapshot_read(&list->list, bytes, len, error);
}

static const struct fleet_engine ENGINE = {
    .name = "test", .read_heads = read_heads, .list = list_it};

/* It has a token with this text. */
static void
say_by_hub(const char *text)
{
	struct fleet_record record;

	fleet_sample(&record, text);
	issuer_put(&hub, ID, &record);
	(void)issuer_sign(&hub);
}

static int
setup(void **state)
{
	struct scratch *scratch;

	if (scratch_setup_store(state) != 0)
		return -1;
	scratch = *state;
	fleet_host_start(scratch);
	issuer_start(&slow, "a-slow-one");
	issuer_start(&hub, "hub");
	fleet_host_trust(scratch, &slow);
	fleet_host_trust(scratch, &hub);
	say_by_hub("text");
	boottime = 1000 * SECOND;
	written = (struct fleet_heartbeat){0};
	lists = 0;
	oldest = 0;
	answer_takes = 0;
	list_is_torn = false;
	context = calloc(1, sizeof(*context));
	assert_non_null(context);
	context->config = scratch->config;
	agent = (struct agent){.context = context, .engine = {&ENGINE, NULL}};
	return 0;
}

static int
teardown(void **state)
{
	fleet_trusts_free(&agent.trusts);
	free(context);
	issuer_free(&slow);
	issuer_free(&hub);
	return scratch_teardown(state);
}

static void
pass(void)
{
	agent_pass(&agent);
	boottime += 2 * SECOND;
}

static void
test_it_beats(void **state)
{
	(void)state;
	pass();
	assert_int_equal(age_of_hub(), 2 * SECOND);
	assert_int_equal(lists, 1);
	pass();
	assert_int_equal(age_of_hub(), 2 * SECOND);
	assert_int_equal(lists, 1);
	assert_int_equal(written.count, 1);
	hub.head.time++;
	issuer_sign_head(&hub);
	pass();
	assert_int_equal(age_of_hub(), 2 * SECOND);
	assert_int_equal(lists, 1);
	(void)issuer_sign(&hub);
	pass();
	assert_int_equal(age_of_hub(), 2 * SECOND);
}

/* What was seen is as old as the question. */
static void
test_an_answer_is_late(void **state)
{
	(void)state;
	answer_takes = 3 * SECOND;
	pass();
	pass();
	assert_int_equal(age_of_hub(), 5 * SECOND);
}

/* A list that is refused is not read with every pass, but with a new head. */
static void
test_a_refused_list_rests(void **state)
{
	fleet_host_distrust(*state, &slow);
	list_is_torn = true;
	for (unsigned i = 0; i < 30; i++)
		pass();
	assert_true(lists >= 4 && lists <= 12);
	assert_true(agent.has_failed);
	list_is_torn = false;
	lists = 0;
	pass();
	assert_int_equal(lists, 0);
	say_by_hub("other");
	pass();
	assert_int_equal(lists, 1);
	assert_false(agent.has_failed);
	assert_int_equal(age_of_hub(), 2 * SECOND);
}

/* It is not for good: the engine may be mended without a new head. */
static void
test_a_refused_list_is_read_again(void **state)
{
	unsigned passes = 0;

	fleet_host_distrust(*state, &slow);
	list_is_torn = true;
	for (unsigned i = 0; i < 400; i++)
		pass();
	list_is_torn = false;
	for (; agent.has_failed && passes < 100; passes++)
		pass();
	assert_true(passes <= 46);
	assert_int_equal(age_of_hub(), 2 * SECOND);
}

/* One whose lists take long makes no other's tokens stale. */
static void
test_a_slow_issuer(void **state)
{
	(void)state;
	pass();
	oldest = 0;
	(void)issuer_sign(&slow);
	for (unsigned i = 0; i < 5; i++) {
		say_by_hub(i % 2 == 0 ? "other" : "text");
		pass();
	}
	assert_int_equal(fleet_heartbeat_find(&written, "a-slow-one"), NULL);
	assert_true(lists > 6);
	assert_true(oldest <= 24 * SECOND);
	assert_true(agent.has_failed);
}

/* A database that was put back, and an engine as old. */
static void
test_nothing_goes_back(void **state)
{
	const struct scratch *scratch = *state;
	const struct fleet_beat *beat;

	pass();
	(void)issuer_sign(&hub);
	(void)issuer_sign(&hub);
	pass();
	assert_int_equal(
	    unlink(scratch_path(scratch, "lib/" FLEET_DATABASE)), 0);
	hub.head.seq -= 2;
	(void)issuer_sign(&hub);
	pass();
	beat = fleet_heartbeat_find(&written, "hub");
	assert_int_equal(beat->seq, 3);
	assert_int_equal(age_of_hub(), 4 * SECOND);
	assert_true(agent.has_failed);
	(void)issuer_sign(&hub);
	pass();
	assert_int_equal(age_of_hub(), 2 * SECOND);
}

/* The key that is trusted is another by now. */
static void
test_another_key(void **state)
{
	pass();
	hub.trust.key[0] ^= 1;
	fleet_host_trust(*state, &hub);
	pass();
	assert_int_equal(age_of_hub(), 4 * SECOND);
	assert_true(agent.has_failed);
}

#define PASS_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PASS_TEST(test_it_beats),
	    PASS_TEST(test_an_answer_is_late),
	    PASS_TEST(test_a_refused_list_rests),
	    PASS_TEST(test_a_refused_list_is_read_again),
	    PASS_TEST(test_a_slow_issuer),
	    PASS_TEST(test_nothing_goes_back),
	    PASS_TEST(test_another_key),
	};

	return unit_run(tests);
}
