/*
 * Every power loss that a trace may meet, or a sample of them: the tree is
 * made what the disk has then, and the store in it asked what it holds. It has
 * to be what a process that was killed at or before that moment would have
 * left, and nothing older than what was last acknowledged.
 */
#ifndef TESTS_POWER_EXPLORE_H
#define TESTS_POWER_EXPLORE_H

#include "loss.h"
#include "state.h"

struct exploration {
	const struct scene *scene;
	const char *root;
	const char *name; /* of what is explored, for complaints */
	uint64_t seed;
	uint32_t variants;  /* of each prefix, at most; see loss.h */
	uint64_t most;      /* images, about; the rest is left out by chance */
	size_t states;      /* that there have to be, in all; 0: any */
	const char *begins; /* the first of them; NULL: any */
	/* Called for each image that passed, which is in the tree anew. */
	void (*passed)(struct exploration *this, const char *state);
	/* Counted on. */
	uint64_t images;
	void *arg; /* of passed */
};

/*
 * Goes through the prefixes of the trace from one on. What does not hold is
 * printed, and ends the program.
 */
void explore(struct exploration *this, const struct trace *trace, size_t from);

#endif
