/*
 * Damaged images of tokens.tdb, the key and usage.tdb, one after the other: no
 * crash, no hang, no byte changed by a reader, no login that an undamaged store
 * would refuse; check reports the damage, and repair recovers what is intact.
 *
 * The short form makes one image in a hundred.
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crypto.h"
#include "drawn.h"
#include "harm.h"
#include "odd.h"
#include "runs.h"
#include "trial.h"

/* One image in this many is also tried with the real programs. */
#define THROUGH_PAM 16
#define BY_COMMAND 100

#define HUGE_COUNT 3

static struct past past;
static struct host *host;

static enum past_moment
draw_moment(struct unit_random *random)
{
	return unit_random_below(random, 4) == 0 ? PAST_OLD : PAST_NEW;
}

/* Everything that is done with the store of a damaged database. */
static void
try_database(struct trial *trial, unsigned number)
{
	trial_read(trial);
	if (number % THROUGH_PAM == 0)
		trial_log_in(trial);
	trial_check(trial);
	if (number % BY_COMMAND == 1) {
		trial_check_by_command(trial);
		trial_repair_by_command(trial);
	} else {
		trial_repair(trial);
	}
}

static void
try_damaged(struct unit_random *random, unsigned number)
{
	enum past_moment moment = draw_moment(random);
	struct trial trial;
	struct harm harm;

	harm_start(&harm, &past.image[moment], &past.layout[moment], random);
	harm_any(&harm);
	runs_describe(harm.told);
	trial_start(&trial, host, &past, moment, &harm.image);
	harm_free(&harm);
	try_database(&trial, number);
	trial_end(&trial);
}

static void
try_mixed(struct unit_random *random, unsigned number)
{
	enum past_moment moment = unit_random_below(random, 2) == 0 ? PAST_OLD
								    : PAST_NEW;
	enum past_moment other = moment == PAST_OLD ? PAST_NEW : PAST_OLD;
	struct trial trial;
	struct harm harm;

	harm_start(&harm, &past.image[moment], &past.layout[moment], random);
	harm_mix(&harm, &past.image[other]);
	runs_describe(harm.told);
	trial_start(&trial, host, &past, moment, &harm.image);
	trial_mix(&trial, other);
	harm_free(&harm);
	try_database(&trial, number);
	trial_end(&trial);
}

static void
try_interrupted(struct unit_random *random, unsigned number)
{
	struct trial trial;
	struct harm harm;

	harm_start(
	    &harm, &past.image[PAST_HALF], &past.layout[PAST_HALF], random);
	if (number == 0)
		; /* as the killed writer left it */
	else if (unit_random_below(random, 2) == 0)
		harm_recovery(&harm);
	else
		harm_any(&harm);
	runs_describe(harm.told);
	trial_start(&trial, host, &past, PAST_HALF, &harm.image);
	/* What cannot be undone is half of the new state. */
	if (!layout_can_be_undone(&past.image[PAST_HALF], &harm.image))
		trial_mix(&trial, PAST_NEXT);
	harm_free(&harm);
	try_database(&trial, number);
	trial_end(&trial);
}

static void
try_written(struct unit_random *random, unsigned number)
{
	enum past_moment moment = draw_moment(random);
	struct trial trial;
	struct harm harm;

	(void)number;
	harm_start(&harm, &past.image[moment], &past.layout[moment], random);
	harm_any(&harm);
	runs_describe(harm.told);
	trial_start(&trial, host, &past, moment, &harm.image);
	harm_free(&harm);
	trial_write(&trial);
	trial_end(&trial);
}

/* Each as a reader, as a writer, and as the notes of last use. */
static void
try_odd(struct unit_random *random, unsigned number)
{
	struct layout layout;
	struct trial trial;
	struct harm harm;
	bool usage = number % 3 == 2, lies;

	assert_true(layout_read(&layout, &past.usage));
	if (usage)
		harm_start(&harm, &past.usage, &layout, random);
	else
		harm_start(&harm, &past.image[PAST_NEW], &past.layout[PAST_NEW],
		    random);
	lies = odd_do(&harm, number / 3);
	runs_describe(harm.told);
	trial_start(&trial, host, &past, PAST_NEW,
	    usage ? &past.image[PAST_NEW] : &harm.image);
	trial.lying = lies;
	if (usage)
		trial_usage(&trial, &harm.image);
	else if (number % 3 == 1)
		trial_write(&trial);
	else
		try_database(&trial, number * THROUGH_PAM);
	harm_free(&harm);
	trial_end(&trial);
}

static void
try_key(struct unit_random *random, unsigned number)
{
	struct trial trial;
	struct harm harm;

	harm_start(&harm, &past.key, NULL, random);
	harm_any(&harm);
	runs_describe(harm.told);
	trial_start(&trial, host, &past, PAST_NEW, &past.image[PAST_NEW]);
	/* Two changes may cancel each other. */
	if (harm.image.size != past.key.size ||
	    memcmp(harm.image.bytes, past.key.bytes, past.key.size) != 0)
		trial_bad_key(&trial, &harm.image);
	harm_free(&harm);
	trial_end(&trial);
	(void)number;
}

static void
try_usage(struct unit_random *random, unsigned number)
{
	struct layout layout;
	struct trial trial;
	struct harm harm;

	(void)number;
	assert_true(layout_read(&layout, &past.usage));
	harm_start(&harm, &past.usage, &layout, random);
	harm_any(&harm);
	runs_describe(harm.told);
	trial_start(&trial, host, &past, PAST_NEW, &past.image[PAST_NEW]);
	trial_usage(&trial, &harm.image);
	harm_free(&harm);
	trial_end(&trial);
}

/* Sparse, starting at almost too large for libtdb. */
static void
try_huge(struct unit_random *random, unsigned number)
{
	static const off_t SIZES[HUGE_COUNT] = {
	    INT64_C(4000) << 20, INT64_C(1) << 32, INT64_C(1) << 40};
	struct trial trial;

	(void)random;
	trial_start(&trial, host, &past, PAST_NEW, &past.image[PAST_NEW]);
	if (number < HUGE_COUNT)
		trial_huge(&trial, SIZES[number]);
	else
		trial_huge_usage(&trial, SIZES[number - HUGE_COUNT]);
	trial_end(&trial);
}

static void
try_cut(struct unit_random *random, unsigned number)
{
	struct trial trial;

	(void)number;
	trial_start(&trial, host, &past, PAST_NEW, &past.image[PAST_NEW]);
	trial_cut(&trial, random);
	trial_end(&trial);
}

static const struct runs RUNS[] = {
    {"damaged",
	"nobody gets in, nothing changes, check notices, repair brings back",
	try_damaged, 60000, 600},
    {"mixed", "the same, with pages of an older or a newer database", try_mixed,
	20000, 200},
    {"interrupted", "the same, after a writer was killed in its commit",
	try_interrupted, 6000, 60},
    {"written", "a write to it ends, and lets nobody in", try_written, 6000,
	60},
    {"key", "no token, no check and no repair with another key", try_key, 2000,
	40},
    {"odd", "the same, of what chance does not do", try_odd, 3 * ODD_COUNT,
	3 * ODD_COUNT},
    {"huge", "the same, with zeroes up to 1 TiB behind it", try_huge,
	2 * HUGE_COUNT, 2 * HUGE_COUNT},
    {"cut", "logins end while the file is cut below them", try_cut, 60, 2},
    {"usage", "whatever the notes of last uses are, logins go on", try_usage,
	6000, 60},
};

int
main(void)
{
	void *state;

	if (access("/dev/shm", W_OK) == 0)
		(void)setenv("TMPDIR", "/dev/shm", 0);
	/* Otherwise most of the time would go into mapping memory. */
	(void)mallopt(M_MMAP_THRESHOLD, 1 << 28);
	(void)mallopt(M_TRIM_THRESHOLD, 1 << 28);
	/*
	 * A leak or a bad access must not look like an exit code of tokenadm.
	 */
	(void)setenv("ASAN_OPTIONS", "exitcode=99", 0);
	drawn_seed(runs_seed());
	printf("# seed %llu\n1..%zu\n", (unsigned long long)runs_seed(),
	    COUNT_OF(RUNS));
	if (crypto_init(NULL) != ERR_OK || host_setup(&state) != 0)
		return 1;
	host = state;
	past_make(&past, host->scratch);
	for (size_t i = 0; i < COUNT_OF(RUNS); i++)
		runs_do(&RUNS[i], (unsigned)i + 1);
	past_free(&past);
	return host_teardown(&state);
}
