/* How the file of an issuer is written. */
#include "fleet/fleet_file_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/retry.h"
#include "base/write_file.h"
#include "fleet/fleet_patience.h"

#define FILE_MODE 0644 /* it holds no secret */

/* Gathers the bytes of a snapshot; *bytes is to be freed. */
static enum err
join(const char *head, const struct fleet_item *items, size_t count,
    uint8_t **bytes, size_t *len)
{
	uint8_t *out;

	*len = strlen(head);
	for (size_t i = 0; i < count; i++)
		*len += FLEET_ITEM_HEAD + items[i].len;
	*bytes = out = malloc(*len + 1);
	if (out == NULL)
		return ERR_NOMEM;
	memcpy(out, head, strlen(head));
	out += strlen(head);
	for (size_t i = 0; i < count; i++) {
		fleet_snapshot_item(&items[i], out);
		memcpy(out + FLEET_ITEM_HEAD, items[i].bytes, items[i].len);
		out += FLEET_ITEM_HEAD + items[i].len;
	}
	return ERR_OK;
}

enum err
fleet_file_write(const char *path, const char *head,
    const struct fleet_item *items, size_t count, struct error *why)
{
	uint8_t *bytes = NULL;
	size_t len = 0;
	enum err rc = join(head, items, count, &bytes, &len);

	rc = rc == ERR_OK ? write_file_over(path, bytes, len, FILE_MODE, why)
			  : error_plain(why, rc);
	free(bytes);
	return rc;
}

enum err
fleet_file_lock(const char *file, int64_t deadline, int *fd, struct error *why)
{
	char path[PATH_MAX];

	*fd = -1;
	if (snprintf(path, sizeof(path), "%s.lock", file) >= PATH_MAX)
		return error_set(why, ERR_INVALID, "%s: too long", file);
	*fd = retry_openat(AT_FDCWD, path,
	    O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
	    S_IRUSR | S_IWUSR);
	if (*fd < 0)
		return error_set(why, ERR_SYSTEM, "%s: cannot open: %s", path,
		    strerror(errno));
	while (flock(*fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return error_set(why, ERR_SYSTEM, "%s: cannot lock: %s",
			    path, strerror(errno));
		if (fleet_patience_left(deadline) == 0)
			return error_set(why, ERR_BUSY,
			    "%s: another process writes it", path);
		(void)poll(NULL, 0, 10);
	}
	return ERR_OK;
}

/* The old items with the changes; both are in order. Free *items. */
static enum err
merge(const struct fleet_list *old, const struct fleet_engine_put *put,
    struct fleet_item **items, size_t *count)
{
	size_t i = 0, j = 0;

	*count = 0;
	*items = calloc(old->count + put->count + 1, sizeof(**items));
	if (*items == NULL)
		return ERR_NOMEM;
	while (i < old->count || j < put->count) {
		int order = i == old->count ? 1
		    : j == put->count
		    ? -1
		    : strcmp(old->items[i].id, put->items[j].id);

		if (order < 0) {
			(*items)[(*count)++] = old->items[i++];
			continue;
		}
		if (order == 0)
			i++;
		if (put->items[j].bytes != NULL)
			(*items)[(*count)++] = put->items[j];
		j++;
	}
	return ERR_OK;
}

/* Whether the file's head is what it has to be. */
static bool
is_before(const struct fleet_engine_list *list, enum err rc, const char *before)
{
	if (rc == ERR_NOT_FOUND || before == NULL)
		return rc == ERR_NOT_FOUND && before == NULL;
	return rc == ERR_OK &&
	    strncmp(list->bytes, before, strlen(before)) == 0;
}

static enum err
put_locked(struct fleet_source *file, const struct fleet_engine_put *put,
    bool is_whole, struct error *why)
{
	static const struct fleet_list NONE = {.count = 0};
	struct fleet_engine_list list;
	struct fleet_item *items = NULL;
	char path[PATH_MAX];
	size_t count = 0;
	enum err rc = fleet_file_list(file, put->issuer, &list, 0, why);

	fleet_source_path(file, put->issuer, FLEET_SOURCE_SUFFIX, path);
	/* A damaged file is written anew: it is no more than a copy. */
	if (!is_whole && is_before(&list, rc, put->head)) {
		rc = ERR_OK; /* it was put before */
	} else if (!is_before(&list, rc, put->before) &&
	    !(is_whole && rc != ERR_OK && rc != ERR_NOMEM)) {
		rc = error_set(
		    why, ERR_EXISTS, "%s: has another head by now", path);
	} else if (merge(is_whole ? &NONE : &list.list, put, &items, &count) !=
	    ERR_OK) {
		rc = error_plain(why, ERR_NOMEM);
	} else {
		rc = fleet_file_write(path, put->head, items, count, why);
	}
	free(items);
	fleet_engine_list_free(&list);
	return rc;
}

static enum err
put(void *state, const struct fleet_engine_put *put, bool is_whole,
    int64_t deadline, struct error *why)
{
	struct fleet_source *file = state;
	char path[PATH_MAX];
	struct error cause;
	int lock = -1;
	enum err rc = ERR_CONFIG;

	if (!fleet_source_is_directory(file->source))
		return error_set(why, rc,
		    "%s: has to be a directory on a machine that issues: see "
		    "[fleet] source",
		    file->source);
	fleet_source_path(file, put->issuer, FLEET_SOURCE_SUFFIX, path);
	rc = fleet_file_lock(path, deadline, &lock, &cause);
	if (rc != ERR_OK)
		(void)error_set(why, rc, "%s; see [fleet] source", cause.text);
	if (rc == ERR_OK)
		rc = put_locked(file, put, is_whole, why);
	if (lock >= 0)
		(void)close(lock);
	return rc;
}

enum err
fleet_file_put_if(void *state, const struct fleet_engine_put *step,
    int64_t deadline, struct error *why)
{
	return put(state, step, false, deadline, why);
}

enum err
fleet_file_rewrite(void *state, const struct fleet_engine_put *all,
    int64_t deadline, struct error *why)
{
	return put(state, all, true, deadline, why);
}
