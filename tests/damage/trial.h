/*
 * One bad image, and everything that is done with a store: logins, lists,
 * checks, repairs. The contracts are below; a broken one ends the trial.
 */
#ifndef APITOKEN_DAMAGE_TRIAL_H
#define APITOKEN_DAMAGE_TRIAL_H

#include "module/host.h"
#include "past.h"

struct trial {
	struct host *host;
	const struct past *past;
	enum past_moment moment;   /* of which the image was made */
	bool mixed;                /* with pages of another moment */
	bool allowed[PAST_TOKENS]; /* an undamaged store accepts it */
	bool due[PAST_TOKENS]; /* an undamaged store accepts it at any moment */
	struct image bad;      /* what lies in the file */
	bool lying;    /* what its recovery record would undo is not there */
	bool grown;    /* the file continues with zeroes */
	bool troubled; /* a reader has reported trouble */
};

/* A trial of the store at a moment; bad is its damaged database. */
void trial_start(struct trial *trial, struct host *host,
    const struct past *past, enum past_moment moment, const struct image *bad);

/* Also allows what another moment of the store accepted. */
void trial_mix(struct trial *trial, enum past_moment other);

void trial_end(struct trial *trial);

/* Logins and a list of all tokens, none of which changes a byte. */
void trial_read(struct trial *trial);

/* The same logins through libpam and the module. */
void trial_log_in(struct trial *trial);

/* Check reports what is wrong, and changes nothing. */
void trial_check(struct trial *trial);

/* Repair recovers what is intact, and accepts nobody else. */
void trial_repair(struct trial *trial);

/* Both, by the real command. */
void trial_check_by_command(struct trial *trial);
void trial_repair_by_command(struct trial *trial);

/* What a command that writes may do, and what logins make of it. */
void trial_write(struct trial *trial);

/* With this key, nothing can be read, checked or repaired, nor is changed. */
void trial_bad_key(struct trial *trial, const struct image *key);

/* Everything with a file that was extended by zeroes. */
void trial_huge(struct trial *trial, off_t size);

/* Logins while the file is truncated, restored, and truncated again. */
void trial_cut(struct trial *trial, struct unit_random *random);

/* These notes of last use, whatever they contain, affect no login. */
void trial_usage(struct trial *trial, const struct image *usage);

/* The same with a file that was extended. */
void trial_huge_usage(struct trial *trial, off_t size);

#endif
