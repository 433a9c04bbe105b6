/* What is told of an issuer brings fleet.tdb to what all of it would, or not at
 * all. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/deadline.h"
#include "fleet/fleet_apply.h"
#include "fleet/fleet_news.h"
#include "lib/fleet.h"
#include "lib/scratch.h"
#include "lib/unit.h"

#define ID "0123456789"
#define OTHER "abcdefghjk"
#define IDS 40 /* of random steps */

static struct issuer hub;
static struct fleet_news news;
static struct fleet_known known;
static struct fleet_list changes;

static int
setup(void **state)
{
	if (scratch_setup_store(state) != 0)
		return -1;
	fleet_host_start(*state);
	issuer_start(&hub, "hub");
	return 0;
}

static int
teardown(void **state)
{
	issuer_free(&hub);
	fleet_list_free(&changes);
	fleet_news_free(&news);
	fleet_known_free(&known);
	return scratch_teardown(state);
}

/* The issuer says of an id that it is a token of this text, and tells it. */
static void
say(const char *id, const char *text)
{
	struct fleet_record record;
	uint8_t bytes[FLEET_RECORD_MAX];
	size_t len;

	fleet_sample(&record, text);
	issuer_put(&hub, id, &record);
	assert_ok(fleet_record_encode(&record, bytes, &len));
	fleet_news_record(&news, "hub", id, bytes, len);
}

static void
drop(const char *id)
{
	issuer_drop(&hub, id);
	fleet_news_record(&news, "hub", id, NULL, 0);
}

/* It signs all, and tells the head. */
static void
sign(void)
{
	char text[FLEET_HEAD_MAX + 1];

	(void)issuer_sign(&hub);
	fleet_news_head(
	    &news, "hub", text, fleet_head_sign(&hub.head, hub.secret, text));
}

/* Applies what was told, and forgets it. */
static enum err
apply(const struct scratch *scratch, struct fleet_applied *applied)
{
	const struct fleet_news_issuer *told = fleet_news_find(&news, "hub");
	enum err rc;

	assert_non_null(told);
	fleet_list_free(&changes);
	assert_ok(fleet_news_changes(&changes, told, &why));
	rc = fleet_apply_changes(applied, &known, &scratch->config, &changes,
	    &hub.trust, NOW, deadline_in(MINUTE), &why);
	fleet_list_free(&changes);
	fleet_news_free(&news);
	return rc;
}

static void
expect_applied(const struct scratch *scratch, size_t written, size_t removed)
{
	struct fleet_applied applied;

	assert_ok(apply(scratch, &applied));
	assert_true(applied.is_new);
	assert_int_equal(applied.written, written);
	assert_int_equal(applied.removed, removed);
	assert_true(fleet_head_equals(&applied.head, &hub.head));
}

/* All of it is there, and nothing else, as a whole list finds. */
static void
expect_whole(const struct scratch *scratch)
{
	struct fleet_applied applied = fleet_host_apply(scratch, &hub);

	assert_false(applied.is_new);
	assert_int_equal(applied.written, 0);
	assert_int_equal(applied.removed, 0);
}

static void
expect_refused(const struct scratch *scratch)
{
	struct fleet_applied applied;

	assert_int_equal(apply(scratch, &applied), ERR_REFUSED);
	assert_false(applied.is_new);
}

static void
test_what_has_changed(void **state)
{
	say(ID, "one");
	say(OTHER, "two");
	sign();
	expect_applied(*state, 2, 0);
	expect_whole(*state);
	say(OTHER, "three");
	sign();
	expect_applied(*state, 1, 0);
	expect_whole(*state);
	drop(ID);
	sign();
	expect_applied(*state, 0, 1);
	expect_whole(*state);
}

/* The last counts; several heads may have come since. */
static void
test_several_at_once(void **state)
{
	say(ID, "one");
	sign();
	expect_applied(*state, 1, 0);
	say(ID, "two");
	sign();
	say(ID, "three");
	say(OTHER, "four");
	sign();
	drop(OTHER);
	sign();
	expect_applied(*state, 1, 0);
	expect_whole(*state);
}

static void
test_told_twice(void **state)
{
	struct fleet_applied applied;

	say(ID, "one");
	sign();
	expect_applied(*state, 1, 0);
	say(ID, "one");
	drop(ID);
	say(ID, "one");
	sign();
	hub.head.seq--;
	sign();
	assert_ok(apply(*state, &applied));
	assert_int_equal(applied.written, 0);
	expect_whole(*state);
}

static void
test_one_is_missing(void **state)
{
	say(ID, "one");
	sign();
	expect_applied(*state, 1, 0);
	say(OTHER, "two");
	fleet_news_free(&news);
	say(ID, "three");
	sign();
	expect_refused(*state);
	/* What was known is as it was: with the missing one it is taken. */
	say(ID, "three");
	say(OTHER, "two");
	sign();
	expect_applied(*state, 2, 0);
	expect_whole(*state);
	/* A change of a record that was there: as many as before */
	say(ID, "four");
	fleet_news_free(&news);
	say(OTHER, "five");
	sign();
	expect_refused(*state);
}

static void
test_one_too_many(void **state)
{
	struct fleet_record record;
	uint8_t bytes[FLEET_RECORD_MAX];
	size_t len;

	say(ID, "one");
	sign();
	fleet_sample(&record, "false");
	assert_ok(fleet_record_encode(&record, bytes, &len));
	fleet_news_record(&news, "hub", OTHER, bytes, len);
	expect_refused(*state);
	say(ID, "one");
	sign();
	fleet_news_record(&news, "hub", ID, NULL, 0);
	expect_refused(*state);
}

static void
test_nobody_goes_back(void **state)
{
	say(ID, "one");
	sign();
	expect_applied(*state, 1, 0);
	say(ID, "two");
	sign();
	expect_applied(*state, 1, 0);
	say(ID, "one");
	hub.head.seq = 0;
	sign();
	expect_refused(*state);
}

static void
test_another_has_applied_meanwhile(void **state)
{
	say(ID, "one");
	sign();
	expect_applied(*state, 1, 0);
	say(OTHER, "two");
	sign();
	(void)fleet_host_apply(*state, &hub);
	fleet_news_free(&news);
	/* What was known is not that of the head any more. */
	say(ID, "three");
	sign();
	expect_applied(*state, 1, 0);
	expect_whole(*state);
}

static void
test_of_nobody(void **state)
{
	(void)state;
	assert_null(fleet_news_find(&news, "hub"));
	fleet_news_record(&news, "hub", ID, NULL, 0);
	assert_null(fleet_news_find(&news, "hub"));
	fleet_news_head(&news, "hub", "rubbish", 7);
	assert_null(fleet_news_find(&news, "hub"));
}

/* More than can be kept: all of it is to be listed. */
static void
test_too_many(void **state)
{
	struct fleet_applied applied;

	say(ID, "one");
	sign();
	for (unsigned i = 0; i < FLEET_NEWS_MAX; i++) {
		char id[TOKEN_ID_LEN + 1];

		(void)snprintf(id, sizeof(id), "%010u", i);
		fleet_news_record(&news, "hub", id, NULL, 0);
	}
	assert_null(fleet_news_find(&news, "hub"));
	sign();
	assert_int_equal(apply(*state, &applied), ERR_REFUSED);
}

static void
random_step(
    struct unit_random *random, char (*ids)[TOKEN_ID_LEN + 1], bool *is_there)
{
	size_t i = unit_random_below(random, IDS);
	char text[32];

	if (is_there[i] && unit_random_below(random, 3) == 0) {
		drop(ids[i]);
		is_there[i] = false;
		return;
	}
	(void)snprintf(
	    text, sizeof(text), "%u", unit_random_below(random, 1000000));
	say(ids[i], text);
	is_there[i] = true;
}

static void
test_random_steps(void **state)
{
	char ids[IDS][TOKEN_ID_LEN + 1];
	bool is_there[IDS] = {false};
	struct fleet_applied applied;
	struct unit_random random;

	unit_random_start(&random);
	for (unsigned i = 0; i < IDS; i++)
		(void)snprintf(ids[i], sizeof(ids[i]), "%010u", i * 7);
	for (unsigned round = 0; round < 200; round++) {
		for (uint32_t steps = unit_random_below(&random, 6) + 1;
		     steps > 0; steps--)
			random_step(&random, ids, is_there);
		sign();
		/* Another process, or this one was started anew. */
		if (unit_random_below(&random, 8) == 0)
			fleet_known_free(&known);
		assert_ok(apply(*state, &applied));
		assert_true(fleet_head_equals(&applied.head, &hub.head));
		expect_whole(*state);
	}
}

#define CHANGES_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CHANGES_TEST(test_what_has_changed),
	    CHANGES_TEST(test_several_at_once),
	    CHANGES_TEST(test_told_twice),
	    CHANGES_TEST(test_one_is_missing),
	    CHANGES_TEST(test_one_too_many),
	    CHANGES_TEST(test_nobody_goes_back),
	    CHANGES_TEST(test_another_has_applied_meanwhile),
	    CHANGES_TEST(test_of_nobody),
	    CHANGES_TEST(test_too_many),
	    CHANGES_TEST(test_random_steps),
	};

	return unit_run(tests);
}
