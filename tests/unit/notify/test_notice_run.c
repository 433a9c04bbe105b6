/*
 * notice_run.h: a year of runs over a thousand tokens, with days left out, a
 * program that fails at random, and crashes, sends each notice once.
 */
#include "notify/notice_run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/scratch.h"
#include "lib/unit.h"

#define TOKENS 1000
#define DAYS 365
#define TIMES 2 /* before the expiry */

static const int64_t BEFORE[TIMES] = {14 * DAY, 3 * DAY};

struct token {
	struct record record;
	/* What was sent over each channel. */
	unsigned ended[NOTICE_CHANNELS], times[NOTICE_CHANNELS][TIMES];
	bool has_failed[NOTICE_CHANNELS]; /* in this run */
};

static struct token *tokens;
static unsigned seed, one_in; /* how often it fails; 0: never */
static size_t sent;

/* Instead of libc's: some thousand commits would take minutes. */
__attribute__((visibility("default"))) int
fsync(int fd)
{
	(void)fd;
	return 0;
}

__attribute__((visibility("default"))) int
fdatasync(int fd)
{
	(void)fd;
	return 0;
}

static unsigned
chance(unsigned most)
{
	return (unsigned)rand_r(&seed) % most;
}

static enum err
fake_send(enum notice_channel channel, const struct notice *notice, void *arg,
    struct error *to)
{
	struct token *token = arg;

	(void)to;
	while (strcmp(token->record.id, notice->record->id) != 0)
		token++;
	if (one_in != 0 && chance(one_in) == 0) {
		token->has_failed[channel] = true;
		return ERR_SYSTEM;
	}
	sent++;
	if (notice->kind == NOTICE_ENDED)
		token->ended[channel]++;
	for (int i = 0; i < TIMES; i++)
		if (notice->kind == NOTICE_EXPIRES &&
		    notice->before == BEFORE[i])
			token->times[channel][i]++;
	return ERR_OK;
}

static struct notice_run
make_run(int64_t now)
{
	return (struct notice_run){
	    .uses = {true, true},
	    .send = fake_send,
	    .arg = tokens,
	    .now = now,
	};
}

static void
run_day(const struct scratch *scratch, int64_t now)
{
	struct notice_run run = make_run(now);

	for (size_t i = 0; i < TOKENS; i++)
		memset(tokens[i].has_failed, 0, sizeof(tokens[i].has_failed));
	assert_ok(notice_run_begin(&run, &scratch->config, &why));
	for (size_t i = 0; i < TOKENS; i++)
		assert_ok(notice_run_token(&run, &tokens[i].record, &why));
	assert_ok(notice_run_finish(&run, &why));
	notice_run_end(&run);
}

/* What a run had to send, and could, is sent; nothing is sent twice. */
static void
check_day(int64_t now, int64_t first)
{
	for (size_t i = 0; i < TOKENS; i++) {
		const struct token *token = &tokens[i];
		const struct record *record = &token->record;
		bool has_ended = record->state != RECORD_ACTIVE ||
		    record->expires <= now;
		int64_t end = record->state != RECORD_ACTIVE ? record->ended.at
							     : record->expires;

		for (int c = 0; c < NOTICE_CHANNELS; c++) {
			assert_true(token->ended[c] <=
			    (unsigned)(has_ended && end >= first));
			if (has_ended && end >= first && !token->has_failed[c])
				assert_int_equal(token->ended[c], 1);
			for (int t = 0; t < TIMES; t++)
				assert_true(token->times[c][t] <= 1);
			/* The nearest, whatever was missed. */
			if (!has_ended && record->expires - now <= BEFORE[1] &&
			    !token->has_failed[c])
				assert_int_equal(token->times[c][1], 1);
			else if (!has_ended &&
			    record->expires - now <= BEFORE[0] &&
			    !token->has_failed[c])
				assert_int_equal(token->times[c][0], 1);
		}
	}
}

/* Some tokens are revoked each day. */
static void
live_on(int64_t now)
{
	for (size_t i = 0; i < TOKENS; i++) {
		struct record *record = &tokens[i].record;

		if (record->state != RECORD_ACTIVE || record->expires <= now ||
		    chance(2000) != 0)
			continue;
		record->state = chance(2) == 0 ? RECORD_REVOKED
					       : RECORD_DEACTIVATED;
		record->ended.at = now;
	}
}

static int
setup(void **state)
{
	const char *text = getenv("APITOKEN_SEED");

	seed = text != NULL ? (unsigned)strtoul(text, NULL, 10) : 1;
	print_message("# seed %u\n", seed);
	one_in = 0;
	sent = 0;
	tokens = calloc(TOKENS, sizeof(*tokens));
	if (tokens == NULL)
		return -1;
	for (size_t i = 0; i < TOKENS; i++) {
		struct record *record = &tokens[i].record;

		sample_record(record, "alice", "t");
		(void)snprintf(record->id, sizeof(record->id), "%010zu", i);
		record->expires = NOW + ((int64_t)chance(500) - 50) * DAY +
		    (int64_t)chance(86400);
		if (chance(10) == 0)
			record->expires = TIME_NEVER;
	}
	return scratch_setup_store(state);
}

static int
teardown(void **state)
{
	free(tokens);
	return scratch_teardown(state);
}

static void
test_a_year(void **state)
{
	int64_t first = 0, last = NOW;
	unsigned ends = 0;

	one_in = 5;
	for (int64_t day = 0; day <= DAYS; day++) {
		int64_t now = NOW + day * DAY + (int64_t)chance(7200);

		live_on(now - 100);
		if (chance(4) == 0 && first != 0)
			continue; /* left out */
		if (first == 0)
			first = now;
		last = now;
		run_day(*state, now);
		check_day(now, first);
	}
	/* Nothing fails any more: whatever is left is sent. */
	one_in = 0;
	run_day(*state, last + DAY);
	check_day(last + DAY, first);
	for (size_t i = 0; i < TOKENS; i++)
		ends += tokens[i].ended[NOTICE_COMMAND];
	assert_in_range(ends, 300, TOKENS);
	sent = 0;
	run_day(*state, last + DAY + 60);
	assert_int_equal(sent, 0);
}

/* It dies after sending, before noting: that one is sent again, no other. */
static void
test_a_crash_repeats_one_at_most(void **state)
{
	const struct scratch *scratch = *state;
	struct notice_run run = make_run(NOW);
	size_t repeated = 0;

	for (size_t i = 0; i < TOKENS; i++)
		tokens[i].record.expires = NOW + DAY;
	assert_ok(notice_run_begin(&run, &scratch->config, &why));
	for (size_t i = 0; i < 10; i++)
		assert_ok(notice_run_token(&run, &tokens[i].record, &why));
	notice_run_end(&run);
	tokens[10].times[NOTICE_COMMAND][1]++;
	run_day(scratch, NOW + 60);
	for (size_t i = 0; i < TOKENS; i++)
		repeated += tokens[i].times[NOTICE_COMMAND][1] - 1;
	assert_int_equal(repeated, 1);
}

static void
test_the_first_run_tells_of_no_end(void **state)
{
	for (size_t i = 0; i < TOKENS; i++)
		tokens[i].record.expires = NOW - DAY;
	run_day(*state, NOW);
	assert_int_equal(sent, 0);
	tokens[0].record.expires = NOW + 1;
	run_day(*state, NOW + DAY);
	assert_int_equal(sent, 2);
}

static void
test_a_channel_that_is_of_no_use(void **state)
{
	const struct scratch *scratch = *state;
	struct notice_run run = make_run(NOW);

	tokens[0].record.expires = NOW + DAY;
	assert_ok(notice_run_begin(&run, &scratch->config, &why));
	run.is_off[NOTICE_MAIL] = true;
	assert_ok(notice_run_token(&run, &tokens[0].record, &why));
	assert_ok(notice_run_finish(&run, &why));
	notice_run_end(&run);
	assert_int_equal(tokens[0].times[NOTICE_COMMAND][1], 1);
	assert_int_equal(tokens[0].times[NOTICE_MAIL][1], 0);
	run_day(scratch, NOW + 60);
	assert_int_equal(tokens[0].times[NOTICE_COMMAND][1], 1);
	assert_int_equal(tokens[0].times[NOTICE_MAIL][1], 1);
}

/* Its command began before a run, and had to wait for the lock. */
static void
test_an_end_that_is_written_late(void **state)
{
	const struct scratch *scratch = *state;
	struct record *record = &tokens[0].record;

	record->expires = TIME_NEVER;
	run_day(scratch, NOW);
	run_day(scratch, NOW + 10 * DAY);
	record->state = RECORD_REVOKED;
	record->ended.at = NOW + 10 * DAY - 60;
	for (int i = 11; i < 15; i++) {
		run_day(scratch, NOW + i * DAY);
		assert_int_equal(tokens[0].ended[NOTICE_COMMAND], 1);
		assert_int_equal(tokens[0].ended[NOTICE_MAIL], 1);
	}
}

static void
test_what_is_past_is_forgotten(void **state)
{
	const struct scratch *scratch = *state;
	const char *path = scratch_path(scratch, "lib/notify.tdb");
	off_t size = 0;

	for (int64_t round = 0; round < 4; round++) {
		for (size_t i = 0; i < TOKENS; i++) {
			(void)snprintf(tokens[i].record.id,
			    sizeof(tokens[i].record.id), "%05d%05zu",
			    (int)round, i);
			tokens[i].record.expires = NOW + (round * 10 + 1) * DAY;
		}
		run_day(scratch, NOW + round * 10 * DAY);
		run_day(scratch, NOW + (round * 10 + 2) * DAY);
		if (round == 0)
			size = scratch_size(path);
	}
	assert_true(scratch_size(path) <= size + size / 2);
}

static void
test_trouble_with_the_notes_sends_nothing(void **state)
{
	const struct scratch *scratch = *state;
	struct notice_run first = make_run(NOW), second = make_run(NOW);

	tokens[0].record.expires = NOW + DAY;
	assert_ok(notice_run_begin(&first, &scratch->config, &why));
	assert_err(ERR_BUSY, notice_run_begin(&second, &scratch->config, &why));
	assert_says("another tokenadm notify is at work");
	notice_run_end(&second);
	notice_run_end(&first);
	scratch_write(
	    scratch_path(scratch, "lib/notify.tdb"), "nonsense", 8, 0600);
	assert_err(
	    ERR_DAMAGED, notice_run_begin(&second, &scratch->config, &why));
	assert_says("rm ");
	notice_run_end(&second);
	assert_int_equal(sent, 0);
}

static void
test_a_dry_run_writes_nothing(void **state)
{
	const struct scratch *scratch = *state;
	struct notice_run run = make_run(NOW);

	tokens[0].record.expires = NOW + DAY;
	run.is_dry = true;
	assert_ok(notice_run_begin(&run, &scratch->config, &why));
	assert_ok(notice_run_token(&run, &tokens[0].record, &why));
	assert_ok(notice_run_finish(&run, &why));
	notice_run_end(&run);
	assert_int_equal(sent, 2);
	errno = 0;
	assert_int_equal(
	    access(scratch_path(scratch, "lib/notify.tdb"), F_OK), -1);
	assert_int_equal(errno, ENOENT);
}

#define RUN_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    RUN_TEST(test_a_year),
	    RUN_TEST(test_a_crash_repeats_one_at_most),
	    RUN_TEST(test_the_first_run_tells_of_no_end),
	    RUN_TEST(test_a_channel_that_is_of_no_use),
	    RUN_TEST(test_an_end_that_is_written_late),
	    RUN_TEST(test_what_is_past_is_forgotten),
	    RUN_TEST(test_trouble_with_the_notes_sends_nothing),
	    RUN_TEST(test_a_dry_run_writes_nothing),
	};

	return unit_run(tests);
}
