/* An agent, its trust and its database, and an engine that tells or does not.
 */
#include "fleet/agent_apply.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/deadline.h"
#include "fleet/fleet_apply.h"
#include "fleet/fleet_renew.h"
#include "lib/fleet.h"
#include "lib/scratch.h"
#include "lib/unit.h"

#define ID "0123456789"
#define OTHER "abcdefghjk"

static struct issuer hub;
static unsigned lists;
static struct context context;
static struct agent *agent;

/* As the engine would list it now. */
static enum err
list(void *state, const char *issuer, struct fleet_engine_list *found,
    int64_t deadline, struct error *reason)
{
	size_t len;
	uint8_t *bytes = issuer_snapshot(&hub, &len);

	(void)state;
	(void)deadline;
	assert_string_equal(issuer, "hub");
	lists++;
	*found = (struct fleet_engine_list){.bytes = bytes};
	return fleet_snapshot_read(&found->list, bytes, len, reason);
}

static void
end(void *state)
{
	(void)state;
}

static const struct fleet_engine ENGINE = {
    .name = "test", .has_news = true, .close = end, .list = list};

/* The issuer says of an id that it is a token of this text; is it told? */
static void
say(const char *id, const char *text, bool is_told)
{
	struct fleet_record record;
	uint8_t bytes[FLEET_RECORD_MAX];
	size_t len;

	fleet_sample(&record, text);
	issuer_put(&hub, id, &record);
	assert_ok(fleet_record_encode(&record, bytes, &len));
	if (is_told)
		fleet_news_record(&agent->news, "hub", id, bytes, len);
}

static void
sign(bool is_told)
{
	char text[FLEET_HEAD_MAX + 1];
	size_t len;

	hub.head.time = hub.head.valid_until = time(NULL);
	(void)issuer_sign(&hub);
	len = fleet_head_sign(&hub.head, hub.secret, text);
	if (is_told)
		fleet_news_head(&agent->news, "hub", text, len);
}

static int
setup(void **state)
{
	struct scratch *scratch;

	if (scratch_setup_store(state) != 0)
		return -1;
	scratch = *state;
	fleet_host_start(scratch);
	issuer_start(&hub, "hub");
	fleet_host_trust(scratch, &hub);
	context = (struct context){.config = scratch->config};
	agent = calloc(1, sizeof(*agent));
	assert_non_null(agent);
	agent->context = &context;
	agent->engine.calls = &ENGINE;
	assert_ok(fleet_trusts_read(
	    &agent->trusts, scratch->config.fleet.issuers, &why));
	lists = 0;
	say(ID, "one", false);
	sign(false);
	return 0;
}

static int
teardown(void **state)
{
	agent_end(agent);
	free(agent);
	issuer_free(&hub);
	return scratch_teardown(state);
}

/* As a pass does, when the heads have told. False: it waits for what is told.
 */
static bool
catch_up(void)
{
	struct fleet_head applied;
	enum err rc = fleet_applied_head(
	    &applied, &context.config, "hub", deadline_in(MINUTE), &why);

	if (rc != ERR_OK || !fleet_head_equals(&applied, &hub.head)) {
		if (agent_awaits_news(agent, "hub"))
			return false;
		assert_ok(agent_list(agent, &agent->trusts.each[0], &hub.head,
		    &applied, 0, &why));
		assert_true(fleet_head_equals(&applied, &hub.head));
	}
	agent_keep_known(agent, "hub");
	return true;
}

static void
expect_caught_up(unsigned listings)
{
	assert_true(catch_up());
	assert_int_equal(lists, listings);
}

static void
test_first_all_is_listed(void **state)
{
	(void)state;
	expect_caught_up(1);
	expect_caught_up(1);
}

static void
test_told_is_applied(void **state)
{
	(void)state;
	expect_caught_up(1);
	say(OTHER, "two", true);
	sign(true);
	agent->has_news = false;
	assert_true(agent_take_news(agent));
	assert_true(agent->has_news);
	expect_caught_up(1);
	/* It is forgotten, and nothing is left to be done. */
	assert_false(agent_take_news(agent));
}

static void
test_something_is_missing(void **state)
{
	(void)state;
	expect_caught_up(1);
	say(OTHER, "two", false);
	say(ID, "three", true);
	sign(true);
	assert_false(agent_take_news(agent));
}

/* What the heads tell may be on its way; for a moment. */
static void
test_not_told_yet(void **state)
{
	int64_t patience = deadline_in(MINUTE);

	(void)state;
	expect_caught_up(1);
	say(OTHER, "two", false);
	sign(false);
	assert_false(catch_up());
	assert_int_equal(lists, 1);
	while (!catch_up() && deadline_in(0) < patience)
		continue;
	expect_caught_up(2);
}

static void
test_once_nothing_is_told(void **state)
{
	(void)state;
	agent->is_once = true;
	expect_caught_up(1);
	say(OTHER, "two", false);
	sign(false);
	expect_caught_up(2);
}

static void
test_of_whom_nobody_trusts(void **state)
{
	struct fleet_head applied;

	(void)state;
	expect_caught_up(1);
	say(OTHER, "two", true);
	sign(true);
	strcpy(agent->trusts.each[0].issuer, "web");
	/* Nor is it a reason to ask the engine: they would write all day. */
	assert_true(agent_take_news(agent));
	assert_ok(fleet_applied_head(
	    &applied, &context.config, "hub", deadline_in(MINUTE), &why));
	assert_int_equal(applied.seq, 1);
}

#define AGENT_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    AGENT_TEST(test_first_all_is_listed),
	    AGENT_TEST(test_told_is_applied),
	    AGENT_TEST(test_something_is_missing),
	    AGENT_TEST(test_not_told_yet),
	    AGENT_TEST(test_once_nothing_is_told),
	    AGENT_TEST(test_of_whom_nobody_trusts),
	};

	return unit_run(tests);
}
