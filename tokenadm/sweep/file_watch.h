/*
 * Noticing that files change: however they are replaced, edited, made or
 * removed. What is watched is the directories they are in.
 */
#ifndef TOKENADM_FILE_WATCH_H
#define TOKENADM_FILE_WATCH_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

#define OBSERVE_MAX 8 /* files, and what they are links to */

struct observed {
	int directory; /* as inotify calls it */
	char name[NAME_MAX + 1];
};

struct observe {
	int fd; /* readable when something has happened */
	struct observed files[OBSERVE_MAX];
	size_t count;
};

/*
 * Begins to observe the files, count of them; one whose directory is missing
 * is left out. To be ended by observe_end. ERR_SYSTEM.
 */
enum err observe_begin(struct observe *observe, const char *const paths[],
    size_t count, struct error *why);

/*
 * Takes what has happened so far; true if the files may have changed. Then it
 * has to be begun anew: a link may lead elsewhere, and a directory be another.
 */
bool observe_read(struct observe *observe);

void observe_end(struct observe *observe);

#endif
