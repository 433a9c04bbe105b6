/*
 * One bad image, and all that is done with a store: logins, lists, checks,
 * repairs. What must hold is said here, and what fails ends the trial.
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
	bool allowed[PAST_TOKENS]; /* an undamaged store would let it in */
	bool due[PAST_TOKENS];     /* each would */
	struct image bad;          /* what lies in the file */
	bool lying;    /* what its note says is to be undone cannot be */
	bool grown;    /* the file goes on with zeroes behind it */
	bool troubled; /* a reader has seen that something is wrong */
};

/* A trial of the store of a moment; bad is its damaged database. */
void trial_start(struct trial *trial, struct host *host,
    const struct past *past, enum past_moment moment, const struct image *bad);

/* Whatever another moment of it let in may be let in, too. */
void trial_mix(struct trial *trial, enum past_moment other);

void trial_end(struct trial *trial);

/* Whether the next to open the store has to undo a transaction first. */
bool trial_is_to_be_undone(const struct trial *trial);

/* Logins and a list of all tokens, none of which changes a byte. */
void trial_read(struct trial *trial);

/* The same logins through libpam and the module. */
void trial_log_in(struct trial *trial);

/* Check notices what is wrong, and changes nothing. */
void trial_check(struct trial *trial);

/* Repair brings back what is whole, and lets in nobody else. */
void trial_repair(struct trial *trial);

/* The two, by the real command. */
void trial_check_by_command(struct trial *trial);
void trial_repair_by_command(struct trial *trial);

/* What a command that writes may do, and what logins think of it then. */
void trial_write(struct trial *trial);

/* Nothing can be read, checked or repaired with this key, nor is changed. */
void trial_bad_key(struct trial *trial, const struct image *key);

/* All of it with a file that was made so large, by zeroes. */
void trial_huge(struct trial *trial, off_t size);

/* Logins while the file is cut, and whole again, and cut. */
void trial_cut(struct trial *trial, struct unit_random *random);

/* These notes of last uses, be they as they may, disturb nobody. */
void trial_usage(struct trial *trial, const struct image *usage);

/* The same, where the file was made so large. */
void trial_huge_usage(struct trial *trial, off_t size);

#endif
