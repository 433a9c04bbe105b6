/*
 * Notices when files are replaced, edited, created or removed, by watching
 * their directories.
 */
#ifndef TOKENADM_FILE_WATCH_H
#define TOKENADM_FILE_WATCH_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

#define FILE_WATCH_MAX 8 /* files, and targets of links */

struct file_watched {
	int directory; /* inotify's watch descriptor */
	char name[NAME_MAX + 1];
};

struct file_watch {
	int fd; /* readable when something has happened */
	struct file_watched files[FILE_WATCH_MAX];
	size_t count;
};

/*
 * Begins to watch count files; skips a file whose directory is missing. End it
 * with file_watch_end. ERR_SYSTEM.
 */
enum err file_watch_begin(struct file_watch *observe, const char *const paths[],
    size_t count, struct error *why);

/*
 * Reads pending events; true if the files may have changed. Then end the watch
 * and begin anew: links and directories may have changed.
 */
bool file_watch_read(struct file_watch *observe);

void file_watch_end(struct file_watch *observe);

#endif
