#include "fleet/fleet_file_impl.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/deadline.h"
#include "base/retry.h"
#include "fleet/fleet_lines.h"

static enum err
file_open(void **state, const struct config *config, int64_t deadline,
    struct error *why)
{
	struct fleet_source *file = calloc(1, sizeof(*file));

	(void)deadline;
	*state = file;
	if (file == NULL)
		return error_plain(why, ERR_NOMEM);
	strcpy(file->source, config->fleet.source);
	if (config->fleet.valid_for == TIME_NEVER)
		return error_set(why, ERR_CONFIG,
		    "[fleet] valid_for = never: not with engine = file, where "
		    "nothing else shows that a newer file is withheld");
	return ERR_OK;
}

static void
file_close(void *state)
{
	free(state);
}

bool
fleet_source_is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

void
fleet_source_path(const struct fleet_source *file, const char *issuer,
    const char *suffix, char path[PATH_MAX])
{
	if (fleet_source_is_directory(file->source))
		(void)snprintf(
		    path, PATH_MAX, "%s/%s%s", file->source, issuer, suffix);
	else
		(void)snprintf(path, PATH_MAX, "%s", file->source);
}

/* Opens what is a file and nothing that could make us wait. ERR_MISSING. */
static enum err
open_it(const char *path, int *fd, off_t *size, struct error *why)
{
	struct stat st;

	*fd = retry_openat(
	    AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0);
	if (*fd < 0)
		return error_set(why,
		    errno == ENOENT ? ERR_MISSING : ERR_SYSTEM,
		    "%s: cannot open: %s", path, strerror(errno));
	if (fstat(*fd, &st) != 0 || !S_ISREG(st.st_mode))
		return error_set(
		    why, ERR_UNSAFE, "%s: not a regular file", path);
	if (st.st_size > FLEET_FILE_MAX)
		return error_set(why, ERR_INVALID, "%s: larger than %ld bytes",
		    path, FLEET_FILE_MAX);
	*size = st.st_size;
	return ERR_OK;
}

/*
 * How large a snapshot with the head of this file can be: who writes there must
 * not make us read gigabytes for three records.
 */
static size_t
measure(int fd)
{
	char text[FLEET_HEAD_MAX];
	struct fleet_head head;
	size_t used = 0;
	ssize_t got = retry_pread(fd, text, sizeof(text), 0);

	if (got <= 0 ||
	    fleet_head_read(&head, text, (size_t)got, &used) != ERR_OK)
		return FLEET_HEAD_MAX;
	return FLEET_HEAD_MAX +
	    head.count * (FLEET_ITEM_HEAD + FLEET_RECORD_MAX);
}

/*
 * Reads up to most bytes of a file from its begin, and puts a NUL behind them;
 * free *bytes.
 */
static enum err
read_bytes(const char *path, size_t most, uint8_t **bytes, size_t *len,
    struct error *why)
{
	off_t size = 0;
	ssize_t got = 0;
	int fd = -1;
	enum err rc = open_it(path, &fd, &size, why);

	*bytes = NULL;
	*len = 0;
	if (rc == ERR_OK) {
		size_t bound = most > FLEET_HEAD_MAX ? measure(fd) : most;

		if (bound < most)
			most = bound;
		if ((size_t)size < most)
			most = (size_t)size;
		*bytes = malloc(most + 1);
		if (*bytes == NULL)
			rc = error_plain(why, ERR_NOMEM);
	}
	if (*bytes != NULL) {
		got = retry_pread(fd, *bytes, most, 0);
		if (got < 0)
			rc = error_set(why, ERR_SYSTEM, "%s: cannot read: %s",
			    path, strerror(errno));
		*len = got > 0 ? (size_t)got : 0;
		(*bytes)[*len] = '\0';
	}
	if (fd >= 0)
		(void)close(fd);
	return rc;
}

/* Which of the bytes are the head: as far as its last line. */
static size_t
head_len(const uint8_t *bytes, size_t len)
{
	struct fleet_head head;
	size_t used = 0;

	return fleet_head_read(&head, (const char *)bytes, len, &used) == ERR_OK
	    ? used
	    : len;
}

/* Nothing but its age shows that a newer file is withheld. */
static void
refuse_endless(struct fleet_engine_head *head)
{
	if (head->rc != ERR_OK || head->head.valid_until != TIME_NEVER)
		return;
	head->rc = error_set(&head->why, ERR_REFUSED,
	    "issuer %s: valid_until is never: a file has to say until when it "
	    "is valid",
	    head->issuer);
}

enum err
fleet_file_add_head(struct fleet_engine_heads *heads, const char *issuer,
    const struct fleet_file_begin *begin, struct error *why)
{
	struct fleet_engine_head *head;
	struct fleet_head seen;
	enum err rc = begin->rc;
	size_t used = 0;

	/* One file alone is that of whom its head names. */
	if (issuer == NULL && rc == ERR_OK)
		rc = fleet_head_read(
		    &seen, (const char *)begin->bytes, begin->len, &used);
	if (issuer == NULL)
		issuer = rc == ERR_OK ? seen.issuer : "";
	head = fleet_engine_heads_add(heads, issuer);
	if (head == NULL)
		return error_plain(why, ERR_NOMEM);
	if (begin->rc == ERR_OK) {
		fleet_engine_head_set(head, (const char *)begin->bytes,
		    head_len(begin->bytes, begin->len));
		refuse_endless(head);
	} else {
		head->rc = begin->rc;
		head->why = begin->why;
	}
	return ERR_OK;
}

/* Reads the head of one file as that of an issuer, or what is wrong with it. */
static enum err
add_head(struct fleet_engine_heads *heads, const char *path, const char *issuer,
    struct error *why)
{
	struct fleet_file_begin begin = {.rc = ERR_SYSTEM};
	uint8_t *bytes = NULL;
	enum err rc;

	begin.rc = read_bytes(
	    path, FLEET_HEAD_MAX, &bytes, &begin.len, &begin.why);
	begin.bytes = bytes;
	rc = fleet_file_add_head(heads, issuer, &begin, why);
	free(bytes);
	return rc;
}

static enum err
read_directory(struct fleet_engine_heads *heads, DIR *entries,
    const char *directory, struct error *why)
{
	char path[PATH_MAX], issuer[PARSE_HOST_MAX + 1];
	enum err rc = ERR_OK;

	while (rc == ERR_OK) {
		const struct dirent *entry;

		/* The end and an error differ in errno alone. */
		errno = 0;
		entry = readdir(entries);
		if (entry == NULL && errno != 0)
			rc = error_set(why, ERR_SYSTEM, "%s: cannot list: %s",
			    directory, strerror(errno));
		if (entry == NULL)
			break;
		if (!fleet_file_name(
			entry->d_name, FLEET_SOURCE_SUFFIX, issuer) ||
		    !parse_is_host(issuer))
			continue;
		(void)snprintf(
		    path, sizeof(path), "%s/%s", directory, entry->d_name);
		rc = add_head(heads, path, issuer, why);
	}
	return rc;
}

static enum err
file_read_heads(void *state, struct fleet_engine_heads *heads, int64_t deadline,
    struct error *why)
{
	const struct fleet_source *file = state;
	DIR *entries;
	enum err rc;

	(void)deadline;
	*heads = (struct fleet_engine_heads){0};
	entries = opendir(file->source);
	if (entries == NULL && errno == ENOTDIR)
		return add_head(heads, file->source, NULL, why);
	if (entries == NULL)
		return error_set(why, ERR_SYSTEM,
		    "%s: cannot open: %s; see [fleet] source", file->source,
		    strerror(errno));
	rc = read_directory(heads, entries, file->source, why);
	(void)closedir(entries);
	return rc;
}

enum err
fleet_file_list(void *state, const char *issuer, struct fleet_engine_list *list,
    int64_t deadline, struct error *why)
{
	char path[PATH_MAX];
	struct error cause;
	uint8_t *bytes = NULL;
	size_t len = 0;
	enum err rc;

	(void)deadline;
	*list = (struct fleet_engine_list){0};
	fleet_source_path(state, issuer, FLEET_SOURCE_SUFFIX, path);
	rc = read_bytes(path, FLEET_FILE_MAX, &bytes, &len, why);
	list->bytes = bytes;
	if (rc == ERR_MISSING)
		return ERR_NOT_FOUND;
	if (rc != ERR_OK)
		return rc;
	rc = fleet_snapshot_read(&list->list, bytes, len, &cause);
	return rc == ERR_OK ? rc
			    : error_set(why, rc, "%s: %s", path, cause.text);
}

/* Reading a few heads costs nothing: whoever waits looks again. */
enum err
fleet_file_wait(void *state, struct fleet_news *news, int wake,
    int64_t deadline, struct error *why)
{
	int rest = deadline_poll(deadline);
	struct pollfd fd = {.fd = wake, .events = POLLIN};

	(void)state;
	(void)news;
	if (rest > 0 && poll(&fd, 1, rest) < 0 && errno != EINTR)
		return error_set(why, ERR_SYSTEM, "poll: %s", strerror(errno));
	return ERR_OK;
}

const struct fleet_engine fleet_file = {
    .name = "file",
    .most = SIZE_MAX,
    .open = file_open,
    .close = file_close,
    .read_heads = file_read_heads,
    .list = fleet_file_list,
    .put_if = fleet_file_put_if,
    .rewrite = fleet_file_rewrite,
    .wait = fleet_file_wait,
};
