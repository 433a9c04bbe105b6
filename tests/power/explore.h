/*
 * Tries every power loss that a trace allows, or a sample of them: makes the
 * tree what the disk has then, and asks the store in it for its content. That
 * must be what a process killed at or before that moment would have left, and
 * nothing older than what was last acknowledged.
 */
#ifndef TESTS_POWER_EXPLORE_H
#define TESTS_POWER_EXPLORE_H

#include "loss.h"
#include "state.h"

struct exploration {
	const struct scene *scene;
	const char *root;
	const char *name; /* what is explored, for messages */
	uint64_t seed;
	uint32_t variants;  /* for each prefix, at most; see loss.h */
	uint64_t most;      /* images, about; the rest are skipped at random */
	size_t states;      /* the number of states that must exist; 0: any */
	const char *begins; /* the first of them; NULL: any */
	/* Called for each image that passed, with a fresh copy in the tree. */
	void (*passed)(struct exploration *this, const char *state);
	/* Counted on. */
	uint64_t images;
	void *arg; /* of passed */
};

/*
 * Goes through the prefixes of the trace from one on. A broken promise is
 * printed, and ends the program.
 */
void explore(struct exploration *this, const struct trace *trace, size_t from);

#endif
