/*
 * Many trials, each of an image of its own, in processes that may crash and
 * hang without harm to the others. A trial is known by the seed, its kind and
 * its number, and can be repeated alone (APITOKEN_SEED=1 APITOKEN_IMAGE='mixed
 * 7') or with others (APITOKEN_IMAGE='mixed 0-999').
 */
#ifndef APITOKEN_DAMAGE_RUNS_H
#define APITOKEN_DAMAGE_RUNS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/unit.h"

/* A kind of trials. */
struct runs {
	const char *kind, *promise;
	/* The trial: random is its own. It does not return if it fails. */
	void (*body)(struct unit_random *random, unsigned number);
	unsigned count, short_count;
};

/* The seed of this run. */
uint64_t runs_seed(void);

/* Whether all of it is to be done, or a sample. */
bool runs_all(void);

/* Runs them all, and says in a line of TAP what came of it. */
void runs_do(const struct runs *runs, unsigned test);

/* In a trial: what happens now, and may take so many seconds. */
void runs_step(const char *step, unsigned seconds);

/* In a trial: ends it, unless it is so. */
void runs_expect(bool condition, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* In a trial: what is said of it if it fails. */
void runs_describe(const char *text);

/* In a trial: counts something, of which the line of TAP tells. */
enum runs_tally {
	RUNS_LOGINS,   /* judged by the core */
	RUNS_ACCEPTED, /* of these */
	RUNS_PAM,      /* logins through libpam and the module */
	RUNS_COMMANDS, /* runs of tokenadm */
	RUNS_NOTICED,  /* images of which check complained */
	RUNS_REPAIRED,
	RUNS_TALLIES,
};
void runs_tally(enum runs_tally tally);

#endif
