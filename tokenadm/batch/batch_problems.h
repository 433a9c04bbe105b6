/* The bad lines of a batch: the first of them in words, all of them counted. */
#ifndef TOKENADM_BATCH_PROBLEMS_H
#define TOKENADM_BATCH_PROBLEMS_H

#include <stddef.h>

#include "base/error.h"

#define PROBLEMS_SHOWN 100 /* a million of them help nobody */

struct problem {
	size_t line;
	struct error why;
};

struct problems {
	struct problem shown[PROBLEMS_SHOWN];
	size_t count;
};

/* Notes that the line, counted from 1, is bad, and why. */
void problems_add(
    struct problems *problems, size_t line, const struct error *why);

/*
 * Writes FILE:LINE: and why to standard error, in the order of the lines, and
 * how many there are beyond those.
 */
void problems_print(struct problems *problems, const char *file);

#endif
