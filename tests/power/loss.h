/*
 * What is on the disk after a power loss. After a prefix of a trace, everything
 * that was synced is there; of the rest, any part:
 *
 * - of the bytes written to a file since its last sync, each sector of 512
 * bytes has its old value, or that after one of the writes;
 * - of its lengths since then any, with zeroes where there are no bytes;
 * - of the names created and removed in a directory since its last sync, any,
 * and each rename as a whole. A sync of a file does not cover its name.
 *
 * No file system loses more; most lose less, so theirs are some of these
 * images.
 */
#ifndef TESTS_POWER_LOSS_H
#define TESTS_POWER_LOSS_H

#include "trace.h"

struct loss {
	size_t prefix;    /* ops that were done */
	uint32_t variant; /* which part of the unsynced ones is there */
	uint64_t seed;
};

/* The first two variants. */
#define LOSS_ALL 0  /* everything that can be lost is */
#define LOSS_NONE 1 /* nothing is: what a killed process leaves */

/*
 * The number of variants of a prefix, at most limit, which is 2 or more: all
 * subsets of whole ops if there are few, then random ones.
 */
uint32_t loss_variants(
    const struct trace *trace, size_t prefix, uint32_t limit);

/* Makes the image; to be freed by image_free. */
void loss_apply(
    struct image *image, const struct trace *trace, const struct loss *loss);

#endif
