/*
 * Which lines of a list that is read again and again are new, changed or gone.
 * Each line has an id; kept of it are that and a hash, so that a long list
 * costs little memory. Pure.
 */
#ifndef TOKENADM_CHANGED_LINES_H
#define TOKENADM_CHANGED_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct changed_line;

/* All zero: nothing was read yet. */
struct changed_lines {
	struct changed_line *before, *now; /* before is in order of the ids */
	size_t before_count, count, room;
};

/*
 * Takes a line of this reading: *changed says whether the reading before had no
 * such id, or another line. An id is at most CHANGED_LINES_ID_MAX long, longer
 * ones are cut. ERR_NOMEM.
 */
#define CHANGED_LINES_ID_MAX 15
enum err changed_lines_take(struct changed_lines *lines, const char *id,
    const char *line, bool *changed);

/* Called with an id that is gone. */
typedef void changed_lines_gone(const char *id, void *arg);

/* Ends a reading that was whole. */
void changed_lines_end(
    struct changed_lines *lines, changed_lines_gone *gone, void *arg);

/*
 * Ends one that was not: what it has not read is not gone. What was taken of it
 * counts as it was before it.
 */
void changed_lines_drop(struct changed_lines *lines);

void changed_lines_free(struct changed_lines *lines);

#endif
