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

#define FILE_WATCH_MAX 8 /* files, and what they are links to */

struct file_watched {
	int directory; /* as inotify calls it */
	char name[NAME_MAX + 1];
};

struct file_watch {
	int fd; /* readable when something has happened */
	struct file_watched files[FILE_WATCH_MAX];
	size_t count;
};

/*
 * Begins to observe the files, count of them; one whose directory is missing
 * is left out. To be ended by file_watch_end. ERR_SYSTEM.
 */
enum err file_watch_begin(struct file_watch *observe, const char *const paths[],
    size_t count, struct error *why);

/*
 * Takes what has happened so far; true if the files may have changed. Then it
 * has to be begun anew: a link may lead elsewhere, and a directory be another.
 */
bool file_watch_read(struct file_watch *observe);

void file_watch_end(struct file_watch *observe);

#endif
