/* unused.h: when a token has not been used for too long. */
#include "lifecycle/unused.h"

#include <string.h>

#include "lib/scratch.h"
#include "lib/unit.h"

#define MOST (90 * DAY)

static const struct usage_clock CLOCK = {.born = NOW - 400 * DAY, .at = NOW};

/* A token of which these are known, in days ago; 0: never. */
struct signs {
	const char *name;
	int64_t created, approved, used;
	int64_t born; /* of usage.tdb */
	bool ends;
	int64_t starts;
};

static const struct signs SIGNS[] = {
    {"never used", 90, 0, 0, 400, true},
    {"new", 89, 0, 0, 400, false},
    {"used long ago", 300, 0, 90, 400, true},
    {"used", 300, 0, 89, 400, false},
    {"approved long ago", 300, 90, 200, 400, true},
    {"approved", 300, 89, 200, 400, false},
    {"notes are new", 300, 200, 100, 89, false},
    {"notes are old enough", 300, 200, 100, 90, true},
    {"issued tomorrow", -1, 0, 0, 400, false},
    {"used tomorrow", 300, 0, -1, 400, false},
    {"approved tomorrow", 300, -1, 0, 400, false},
    {"starts tomorrow", 300, 0, 0, 400, false, -1},
    {"has just started", 300, 0, 0, 400, false, 1},
    {"started long ago", 300, 0, 0, 400, true, 90},
};

static int64_t
ago(int64_t number)
{
	return number == 0 ? 0 : NOW - number * DAY;
}

static bool
ends(const struct scratch *scratch, const struct record *record,
    const struct unused *unused, struct record *after)
{
	const struct record_event how = {
	    .at = NOW, .by = "a test", .reason = UNUSED_REASON};
	struct store *store;
	bool changed;

	assert_ok(scratch_open(scratch, &store, STORE_WRITE));
	assert_ok(
	    unused_end(store, record->id, unused, &how, after, &changed, &why));
	assert_ok(store_commit(store, &why));
	store_close(store);
	return changed;
}

static void
test_what_counts(void **state)
{
	for (size_t i = 0; i < COUNT_OF(SIGNS); i++) {
		const struct signs *signs = &SIGNS[i];
		struct usage_clock clock = CLOCK;
		struct unused unused = {MOST, ago(signs->used), &clock};
		struct record record, after;

		clock.born = ago(signs->born);
		sample_record(&record, "alice", "t");
		record.created.at = ago(signs->created);
		record.approved.at = ago(signs->approved);
		record.starts = ago(signs->starts);
		record.expires = TIME_NEVER;
		assert_ok(sample_add(*state, &record));
		assert_row(signs->name,
		    ends(*state, &record, &unused, &after) == signs->ends);
		assert_row(signs->name,
		    after.state ==
			(signs->ends ? RECORD_DEACTIVATED : RECORD_ACTIVE));
		if (signs->ends)
			assert_string_equal(after.ended.reason, "unused");
	}
}

static void
test_what_ended_stays(void **state)
{
	const struct unused unused = {MOST, 0, &CLOCK};
	struct record record, after;

	sample_record(&record, "alice", "t");
	record.created.at = NOW - 300 * DAY;
	record.state = RECORD_REVOKED;
	record.ended = (struct record_event){.at = NOW - DAY, .reason = "lost"};
	assert_ok(sample_add(*state, &record));
	assert_false(ends(*state, &record, &unused, &after));
	assert_string_equal(after.ended.reason, "lost");
	/* What has expired is final, and stays as it is. */
	sample_record(&record, "alice", "u");
	record.created.at = NOW - 300 * DAY;
	record.expires = NOW;
	assert_ok(sample_add(*state, &record));
	assert_false(ends(*state, &record, &unused, &after));
	assert_int_equal(after.state, RECORD_ACTIVE);
	/* What is gone is no error. */
	sample_record(&record, "alice", "v");
	assert_false(ends(*state, &record, &unused, &after));
}

static void
test_the_least_of_all_policies(void **state)
{
	static const char TEXT[] = "[policy]\nmax_unused = 90d\n"
				   "[policy alice]\nmax_tokens = 1\n"
				   "[policy @staff]\nmax_unused = 30d\n"
				   "[policy bob]\nmax_unused = never\n";
	struct config config;

	(void)state;
	assert_ok(config_parse(&config, "", 0, "none", &why));
	assert_true(unused_least(&config) == TIME_NEVER);
	config_free(&config);
	assert_ok(config_parse(&config, TEXT, strlen(TEXT), "file", &why));
	assert_true(unused_least(&config) == 30 * DAY);
	config_free(&config);
}

#define UNUSED_TEST(test)                                                      \
	cmocka_unit_test_setup_teardown(                                       \
	    test, scratch_setup_store, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    UNUSED_TEST(test_what_counts),
	    UNUSED_TEST(test_what_ended_stays),
	    UNUSED_TEST(test_the_least_of_all_policies),
	};

	return unit_run(tests);
}
