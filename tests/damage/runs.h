/*
 * Runs many trials, each on its own image, in processes that may crash or hang
 * without affecting the others. A trial is identified by the seed, its kind and
 * its number, and can be repeated alone (APITOKEN_SEED=1 APITOKEN_IMAGE='mixed
 * 7') or with others (APITOKEN_IMAGE='mixed 0-999').
 */
#ifndef APITOKEN_DAMAGE_RUNS_H
#define APITOKEN_DAMAGE_RUNS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/unit.h"

/* A kind of trial. */
struct runs {
	const char *kind, *promise;
	/*
	 * The trial; random is its own generator. It does not return if it
	 * fails.
	 */
	void (*body)(struct unit_random *random, unsigned number);
	unsigned count, short_count;
};

/* The seed of this run. */
uint64_t runs_seed(void);

/* Whether to run all of it, or a sample. */
bool runs_all(void);

/* Runs them all, and prints the result as a line of TAP. */
void runs_do(const struct runs *runs, unsigned test);

/* In a trial: names the next step, and how many seconds it may take. */
void runs_step(const char *step, unsigned seconds);

/* In a trial: ends it unless the condition holds. */
void runs_expect(bool condition, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* In a trial: text to print if it fails. */
void runs_describe(const char *text);

/* In a trial: counts an event for the line of TAP. */
enum runs_tally {
	RUNS_LOGINS,   /* judged by the core */
	RUNS_ACCEPTED, /* of these */
	RUNS_PAM,      /* logins through libpam and the module */
	RUNS_COMMANDS, /* runs of tokenadm */
	RUNS_NOTICED,  /* images that check complained about */
	RUNS_REPAIRED,
	RUNS_TALLIES,
};
void runs_tally(enum runs_tally tally);

#endif
