#include "cli/file_watch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

/* Replaced by rename, written in place, created, removed, or mode changed. */
#define CHANGES                                                                \
	(IN_MOVED_TO | IN_MOVED_FROM | IN_MODIFY | IN_CLOSE_WRITE |            \
	    IN_CREATE | IN_DELETE | IN_ATTRIB)
/* A directory went away, or events were lost. */
#define LOSSES                                                                 \
	(IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED |             \
	    IN_Q_OVERFLOW)

static enum err
failed(const char *what, struct error *why)
{
	return error_set(
	    why, ERR_SYSTEM, "%s: cannot watch it: %s", what, strerror(errno));
}

/* Watches one path, which is cut at its last slash. */
static enum err
add(struct file_watch *observe, char *path, struct error *why)
{
	char *slash = strrchr(path, '/');
	const char *directory = slash == path ? "/" : path;
	struct file_watched *file = &observe->files[observe->count];

	if (slash == NULL || strlen(slash + 1) >= sizeof(file->name) ||
	    observe->count == FILE_WATCH_MAX)
		return error_set(
		    why, ERR_INTERNAL, "%s: cannot watch it", path);
	*slash = '\0';
	file->directory = inotify_add_watch(observe->fd, directory,
	    CHANGES | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR);
	if (file->directory < 0)
		return errno == ENOENT ? ERR_OK : failed(directory, why);
	strcpy(file->name, slash + 1);
	observe->count++;
	return ERR_OK;
}

/* Adds the file and, if it is a link, its target. */
static enum err
add_file(struct file_watch *observe, const char *path, struct error *why)
{
	char *target = realpath(path, NULL), *copy = strdup(path);
	enum err rc = ERR_NOMEM;

	if (copy != NULL && target != NULL && strcmp(target, path) != 0)
		rc = add(observe, target, why);
	else if (copy != NULL)
		rc = ERR_OK;
	if (rc == ERR_OK)
		rc = add(observe, copy, why);
	else if (rc == ERR_NOMEM)
		(void)error_plain(why, rc);
	free(target);
	free(copy);
	return rc;
}

enum err
file_watch_begin(struct file_watch *observe, const char *const paths[],
    size_t count, struct error *why)
{
	enum err rc = ERR_OK;

	*observe = (struct file_watch){0};
	observe->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (observe->fd < 0)
		return failed("inotify", why);
	for (size_t i = 0; rc == ERR_OK && i < count; i++)
		rc = add_file(observe, paths[i], why);
	if (rc != ERR_OK)
		file_watch_end(observe);
	return rc;
}

static bool
concerns(const struct file_watch *observe, const struct inotify_event *event)
{
	for (size_t i = 0; i < observe->count; i++) {
		const struct file_watched *file = &observe->files[i];

		if (event->len > 0 && event->wd == file->directory &&
		    strcmp(event->name, file->name) == 0)
			return true;
	}
	return false;
}

bool
file_watch_read(struct file_watch *observe)
{
	_Alignas(struct inotify_event) char buf[4096];
	bool changed = false;
	ssize_t len;

	while ((len = read(observe->fd, buf, sizeof(buf))) > 0) {
		const char *at = buf;

		while (at < buf + len) {
			const struct inotify_event *event = (const void *)at;

			changed = changed || concerns(observe, event) ||
			    (event->mask & LOSSES) != 0;
			at += sizeof(*event) + event->len;
		}
	}
	return changed;
}

void
file_watch_end(struct file_watch *observe)
{
	if (observe->fd >= 0)
		(void)close(observe->fd);
	observe->fd = -1;
	observe->count = 0;
}
