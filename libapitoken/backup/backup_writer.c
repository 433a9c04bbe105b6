#include "backup/backup_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup/backup_head.h"
#include "base/little_endian.h"
#include "base/retry.h"
#include "base/safe_file.h"
#include "store/key.h"
#include "store/store_values.h"

struct backup_writer {
	const char *path;
	char fresh[PATH_MAX]; /* its name until it is whole; "" for none */
	bool force;
	int fd;
	struct keys keys;
	struct crypto_stream stream;
	uint64_t expected, count; /* tokens */
	uint8_t head[BACKUP_HEAD_LEN];
	uint8_t part[BACKUP_PART_LEN];
	size_t used; /* of part */
};

static enum err
write_failed(const struct backup_writer *writer, struct error *why)
{
	return error_set(why, ERR_SYSTEM, "%s: cannot write: %s", writer->path,
	    strerror(errno));
}

static enum err
write_all(struct backup_writer *writer, const uint8_t *bytes, size_t len,
    struct error *why)
{
	return retry_write(writer->fd, bytes, len) == 0
	    ? ERR_OK
	    : write_failed(writer, why);
}

static enum err
exists_already(const char *path, struct error *why)
{
	return error_set(why, ERR_EXISTS,
	    "%s: exists already; name another file, or replace it with --force",
	    path);
}

/* Whether the name is free, or its file may be replaced. */
static enum err
check_name(const char *path, bool force, struct error *why)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return errno == ENOENT
		    ? ERR_OK
		    : error_set(why, ERR_SYSTEM, "%s: cannot create: %s", path,
			  strerror(errno));
	if (!S_ISREG(st.st_mode))
		return error_set(why, ERR_EXISTS,
		    "%s: exists, and is not a regular file; name another file",
		    path);
	return force ? ERR_OK : exists_already(path, why);
}

static enum err
create(struct backup_writer *writer, struct error *why)
{
	int len = snprintf(
	    writer->fresh, sizeof(writer->fresh), "%s.XXXXXX", writer->path);

	if (len >= (int)sizeof(writer->fresh)) {
		writer->fresh[0] = '\0';
		return error_set(
		    why, ERR_INVALID, "%s: too long", writer->path);
	}
	/* A new file, of mode 0600. */
	writer->fd = mkostemp(writer->fresh, O_CLOEXEC);
	if (writer->fd >= 0)
		return ERR_OK;
	writer->fresh[0] = '\0';
	return error_set(why, ERR_SYSTEM, "%s: cannot create: %s", writer->path,
	    strerror(errno));
}

static enum err
start(struct backup_writer *writer, const struct config *config, int64_t at,
    struct error *why)
{
	struct backup_head head = {.at = at,
	    .count = writer->expected,
	    .has_values = config->is_for_fleet};
	enum err rc = check_name(writer->path, writer->force, why);

	if (rc == ERR_OK)
		rc = key_read(config->key, &writer->keys, why);
	if (rc == ERR_OK)
		rc = create(writer, why);
	if (rc != ERR_OK)
		return rc;
	rc = crypto_seal_start(
	    &writer->stream, head.stream, writer->keys.backup);
	if (rc != ERR_OK)
		return error_plain(why, rc);
	backup_head_encode(&head, &writer->keys, writer->head);
	return write_all(writer, writer->head, sizeof(writer->head), why);
}

enum err
backup_writer_open(struct backup_writer **writer, const struct config *config,
    const char *path, bool force, int64_t at, uint64_t count, struct error *why)
{
	struct backup_writer *fresh;
	enum err rc;

	rc = crypto_init(why);
	if (rc != ERR_OK)
		return rc;
	fresh = calloc(1, sizeof(*fresh));
	if (fresh == NULL)
		return error_plain(why, ERR_NOMEM);
	fresh->path = path;
	fresh->force = force;
	fresh->fd = -1;
	fresh->expected = count;
	rc = start(fresh, config, at, why);
	if (rc == ERR_OK)
		*writer = fresh;
	else
		backup_writer_close(fresh);
	return rc;
}

static enum err
write_part(struct backup_writer *writer, bool last, struct error *why)
{
	uint8_t sealed[BACKUP_PART_LEN + CRYPTO_STREAM_EXTRA];

	crypto_seal(&writer->stream, sealed, writer->part, writer->used,
	    writer->head, sizeof(writer->head), last);
	crypto_wipe(writer->part, writer->used);
	return write_all(
	    writer, sealed, writer->used + CRYPTO_STREAM_EXTRA, why);
}

static enum err
put(struct backup_writer *writer, const void *data, size_t len,
    struct error *why)
{
	const uint8_t *bytes = data;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && len > 0) {
		size_t room = BACKUP_PART_LEN - writer->used;
		size_t now = len < room ? len : room;

		memcpy(writer->part + writer->used, bytes, now);
		writer->used += now;
		bytes += now;
		len -= now;
		if (writer->used < BACKUP_PART_LEN)
			continue;
		rc = write_part(writer, false, why);
		writer->used = 0;
	}
	return rc;
}

static enum err
put_logo(
    struct backup_writer *writer, const struct logo *logo, struct error *why)
{
	uint8_t size[BACKUP_LOGO_LEN];
	enum err rc;

	(void)little_endian_put(size, logo->len, sizeof(size));
	rc = put(writer, size, sizeof(size), why);
	return rc == ERR_OK ? put(writer, logo->bytes, logo->len, why) : rc;
}

enum err
backup_writer_add(struct backup_writer *writer, const struct record *record,
    const struct logo *logo, struct error *why)
{
	uint8_t bytes[RECORD_BYTES_MAX], size[2];
	size_t len;
	enum err rc = record_encode(record, writer->keys.record, bytes, &len);

	if (rc != ERR_OK)
		return error_set(why, rc, "token %s does not fit", record->id);
	(void)little_endian_put(size, len, sizeof(size));
	writer->count++;
	rc = put(writer, record->id, TOKEN_ID_LEN, why);
	if (rc == ERR_OK)
		rc = put(writer, size, sizeof(size), why);
	if (rc == ERR_OK)
		rc = put(writer, bytes, len, why);
	crypto_wipe(bytes, sizeof(bytes));
	return rc == ERR_OK && logo != NULL ? put_logo(writer, logo, why) : rc;
}

enum err
backup_writer_add_value(struct backup_writer *writer, enum crypto_name kind,
    const char *name, const uint8_t *bytes, size_t len, struct error *why)
{
	uint8_t head[2 + 1 + STORE_VALUE_NAME], size[BACKUP_LOGO_LEN];
	size_t name_len = strnlen(name, STORE_VALUE_NAME);
	enum err rc;

	if (len > BACKUP_VALUE_MAX)
		return error_set(why, ERR_INVALID, "%s: does not fit", name);
	(void)little_endian_put(head, 1 + name_len, 2);
	head[2] = (uint8_t)kind;
	memcpy(head + 3, name, name_len);
	(void)little_endian_put(size, len, sizeof(size));
	rc = put(writer, head, 3 + name_len, why);
	if (rc == ERR_OK)
		rc = put(writer, size, sizeof(size), why);
	return rc == ERR_OK ? put(writer, bytes, len, why) : rc;
}

/* Gives the file its name, unless something has taken that meanwhile. */
static int
take_name(const struct backup_writer *writer)
{
	if (writer->force)
		return rename(writer->fresh, writer->path);
	if (renameat2(AT_FDCWD, writer->fresh, AT_FDCWD, writer->path,
		RENAME_NOREPLACE) == 0)
		return 0;
	/* The file system cannot do it: NFS, for one. */
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	return link(writer->fresh, writer->path) == 0 ? unlink(writer->fresh)
						      : -1;
}

enum err
backup_writer_finish(struct backup_writer *writer, struct error *why)
{
	enum err rc;

	if (writer->count != writer->expected)
		return error_set(why, ERR_DAMAGED,
		    "the database has %llu tokens, but its indexes lead to "
		    "%llu; mend it with: tokenadm check --repair",
		    (unsigned long long)writer->expected,
		    (unsigned long long)writer->count);
	rc = write_part(writer, true, why);
	if (rc == ERR_OK && retry_fsync(writer->fd) != 0)
		rc = write_failed(writer, why);
	if (rc == ERR_OK)
		rc = check_name(writer->path, writer->force, why);
	if (rc != ERR_OK)
		return rc;
	if (take_name(writer) != 0)
		return errno == EEXIST ? exists_already(writer->path, why)
				       : write_failed(writer, why);
	writer->fresh[0] = '\0';
	return safe_sync_directory_of(writer->path, why);
}

void
backup_writer_close(struct backup_writer *writer)
{
	if (writer == NULL)
		return;
	if (writer->fresh[0] != '\0')
		(void)unlink(writer->fresh);
	if (writer->fd >= 0)
		(void)close(writer->fd);
	crypto_wipe(writer, sizeof(*writer));
	free(writer);
}
