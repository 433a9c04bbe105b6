/* The bad lines of a batch: keeps the first ones, counts all of them. */
#ifndef TOKENADM_BATCH_PROBLEMS_H
#define TOKENADM_BATCH_PROBLEMS_H

#include <stddef.h>

#include "base/error.h"

#define PROBLEMS_SHOWN 100 /* a million would not help */

struct problem {
	size_t line;
	struct error why;
};

struct problems {
	struct problem shown[PROBLEMS_SHOWN];
	size_t count;
};

/* Records that the line, counted from 1, is bad, and why. */
void problems_add(
    struct problems *problems, size_t line, const struct error *why);

/*
 * Prints FILE:LINE: and why to standard error, sorted by line, and how many
 * more there are.
 */
void problems_print(struct problems *problems, const char *file);

#endif
