/* How far a long command has come: a bar on standard error, if a terminal. */
#ifndef TOKENADM_PROGRESS_H
#define TOKENADM_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
	const char *what; /* is being done */
	size_t total;
	int64_t next; /* when it is to be drawn again */
	bool is_shown;
};

/* Nothing is shown where standard error is no terminal. */
void progress_start(struct progress *progress, const char *what, size_t total);

/* Draws the bar, but not more often than the eye can follow. */
void progress_show(struct progress *progress, size_t done);

/* Clears the line for whatever comes next. */
void progress_end(struct progress *progress);

#endif
