/* A progress bar on standard error, if that is a terminal. */
#ifndef TOKENADM_PROGRESS_H
#define TOKENADM_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
	const char *what; /* label */
	size_t total;
	int64_t next; /* time of the next redraw */
	bool is_shown;
};

/* Shows nothing if standard error is not a terminal. */
void progress_start(struct progress *progress, const char *what, size_t total);

/* Draws the bar, at a limited rate. */
void progress_show(struct progress *progress, size_t done);

/* Clears the line. */
void progress_end(struct progress *progress);

#endif
