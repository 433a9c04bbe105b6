/*
 * What is on the disk after a power loss. After a prefix of a trace, all that
 * was synced is there; of the rest any part:
 *
 * - of the bytes written to a file since it was last synced, each sector of
 *   512 as it was before, or as it was after one of the writes;
 * - of its lengths since then any, with zeroes where no bytes are;
 * - of the names that were made and taken away in a directory since it was
 *   last synced, any, and each rename as a whole. That a file was synced says
 *   nothing of its name.
 *
 * No file system loses more. Most lose less: theirs are some of these images.
 */
#ifndef TESTS_POWER_LOSS_H
#define TESTS_POWER_LOSS_H

#include "trace.h"

struct loss {
	size_t prefix; /* ops that were done */
	uint32_t
	    variant; /* which part of those that were not synced is there */
	uint64_t seed;
};

/* The first two variants. */
#define LOSS_ALL 0  /* all is lost that can be */
#define LOSS_NONE 1 /* nothing is: what a killed process leaves */

/*
 * How many variants a prefix has, at most limit, which is 2 or more: all
 * subsets of whole ops, where these are few, then random ones.
 */
uint32_t loss_variants(
    const struct trace *trace, size_t prefix, uint32_t limit);

/* Makes the image; to be freed by image_free. */
void loss_apply(
    struct image *image, const struct trace *trace, const struct loss *loss);

#endif
