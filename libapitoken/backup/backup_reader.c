#include "backup/backup_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backup/backup_head.h"
#include "base/little_endian.h"
#include "base/retry.h"
#include "store/key.h"

struct backup_reader {
	const char *path;
	int fd;
	struct keys keys;
	struct crypto_stream stream;
	struct backup_head info;
	uint64_t count; /* tokens read */
	bool last;      /* no part comes after this one */
	uint8_t head[BACKUP_HEAD_LEN];
	uint8_t part[BACKUP_PART_LEN];
	size_t used, len; /* of part */
	uint8_t *value;   /* the last one that was read */
};

static enum err
damaged(const struct backup_reader *reader, struct error *why)
{
	return error_set(why, ERR_DAMAGED,
	    "%s: damaged, cut off or changed; use another backup",
	    reader->path);
}

/* Reads up to size bytes, as many as there are. */
static enum err
read_some(struct backup_reader *reader, uint8_t *bytes, size_t size,
    size_t *len, struct error *why)
{
	*len = 0;
	while (*len < size) {
		ssize_t got = read(reader->fd, bytes + *len, size - *len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_set(why, ERR_SYSTEM, "%s: cannot read: %s",
			    reader->path, strerror(errno));
		if (got == 0)
			break;
		*len += (size_t)got;
	}
	return ERR_OK;
}

static enum err
start(struct backup_reader *reader, const struct config *config,
    struct error *why)
{
	size_t len;
	enum err rc = key_read(config->key, &reader->keys, why);

	if (rc == ERR_MISSING)
		return error_set(why, rc,
		    "%s: missing; put your copy of the key that seals %s "
		    "there",
		    config->key, reader->path);
	if (rc != ERR_OK)
		return rc;
	reader->fd = retry_openat(
	    AT_FDCWD, reader->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
	if (reader->fd < 0)
		return error_set(why,
		    errno == ENOENT ? ERR_MISSING : ERR_SYSTEM,
		    "%s: cannot open: %s", reader->path, strerror(errno));
	rc = read_some(reader, reader->head, sizeof(reader->head), &len, why);
	if (rc == ERR_OK)
		rc = backup_head_decode(&reader->info, &reader->keys,
		    reader->head, len, reader->path, config->key, why);
	if (rc == ERR_OK)
		crypto_open_start(
		    &reader->stream, reader->info.stream, reader->keys.backup);
	return rc;
}

enum err
backup_reader_open(struct backup_reader **reader, const struct config *config,
    const char *path, struct error *why)
{
	struct backup_reader *fresh;
	enum err rc;

	rc = crypto_init(why);
	if (rc != ERR_OK)
		return rc;
	fresh = calloc(1, sizeof(*fresh));
	if (fresh == NULL)
		return error_plain(why, ERR_NOMEM);
	fresh->path = path;
	fresh->fd = -1;
	rc = start(fresh, config, why);
	if (rc == ERR_OK)
		*reader = fresh;
	else
		backup_reader_close(fresh);
	return rc;
}

int64_t
backup_reader_time(const struct backup_reader *reader)
{
	return reader->info.at;
}

uint64_t
backup_reader_count(const struct backup_reader *reader)
{
	return reader->info.count;
}

bool
backup_reader_has_values(const struct backup_reader *reader)
{
	return reader->info.has_values;
}

/* Reads and opens the next part; nothing may follow the last. */
static enum err
read_part(struct backup_reader *reader, struct error *why)
{
	uint8_t sealed[BACKUP_PART_LEN + CRYPTO_STREAM_EXTRA], extra;
	size_t len, more = 0;
	enum err rc = read_some(reader, sealed, sizeof(sealed), &len, why);

	if (rc != ERR_OK)
		return rc;
	if (!crypto_open(&reader->stream, reader->part, sealed, len,
		reader->head, sizeof(reader->head), &reader->last))
		return damaged(reader, why);
	reader->used = 0;
	reader->len = len - CRYPTO_STREAM_EXTRA;
	if (reader->last)
		rc = read_some(reader, &extra, 1, &more, why);
	return rc == ERR_OK && more > 0 ? damaged(reader, why) : rc;
}

/* Gets *len plaintext bytes; fewer at the end, then *len says how many. */
static enum err
get(struct backup_reader *reader, void *data, size_t *len, struct error *why)
{
	uint8_t *bytes = data;
	size_t have = 0;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && have < *len) {
		size_t left = reader->len - reader->used;
		size_t now = *len - have < left ? *len - have : left;

		memcpy(bytes + have, reader->part + reader->used, now);
		reader->used += now;
		have += now;
		if (have == *len || (now == left && reader->last))
			break;
		rc = read_part(reader, why);
	}
	*len = have;
	return rc;
}

/* The record of a token; the seal shows that it is unchanged. */
static enum err
get_record(struct backup_reader *reader, const char *id, struct record *record,
    struct error *why)
{
	uint8_t bytes[RECORD_BYTES_MAX], size[2];
	size_t len = sizeof(size), expected;
	enum err rc = get(reader, size, &len, why);

	if (rc != ERR_OK)
		return rc;
	expected = (size_t)little_endian_get(size, sizeof(size));
	if (len < sizeof(size) || expected > sizeof(bytes))
		return damaged(reader, why);
	len = expected;
	rc = get(reader, bytes, &len, why);
	if (rc == ERR_OK && len < expected)
		rc = damaged(reader, why);
	if (rc == ERR_OK) {
		rc = record_decode(record, id, reader->keys.record, bytes, len);
		if (rc == ERR_NEWER)
			(void)error_set(why, rc,
			    "%s: token %s was written by a newer version; "
			    "upgrade this machine's pam_apitoken",
			    reader->path, id);
		else if (rc != ERR_OK)
			rc = damaged(reader, why);
	}
	crypto_wipe(bytes, sizeof(bytes));
	return rc;
}

/* The logo of a token that was read; the seal shows that it is unchanged. */
static enum err
get_logo(struct backup_reader *reader, const struct record *record,
    struct logo *logo, struct error *why)
{
	uint8_t size[BACKUP_LOGO_LEN];
	size_t len = sizeof(size), expected;
	enum err rc = get(reader, size, &len, why);

	if (rc != ERR_OK)
		return rc;
	expected = (size_t)little_endian_get(size, sizeof(size));
	if (len < sizeof(size) || expected > LOGO_BYTES_MAX)
		return damaged(reader, why);
	len = expected;
	rc = get(reader, logo->bytes, &len, why);
	if (rc != ERR_OK)
		return rc;
	return len == expected &&
		logo_set(logo, logo->bytes, len, record->id, NULL) == ERR_OK &&
		logo_is_of(logo, record)
	    ? ERR_OK
	    : damaged(reader, why);
}

enum err
backup_reader_next(struct backup_reader *reader, struct record *record,
    struct logo *logo, struct error *why)
{
	char id[TOKEN_ID_LEN + 1] = "";
	size_t len = TOKEN_ID_LEN;
	enum err rc;

	if (reader->info.has_values && reader->count == reader->info.count)
		return ERR_NOT_FOUND;
	rc = get(reader, id, &len, why);
	if (rc != ERR_OK)
		return rc;
	if (len == 0 && reader->count == reader->info.count)
		return ERR_NOT_FOUND;
	if (len < TOKEN_ID_LEN || !token_id_valid(id) ||
	    reader->count == reader->info.count)
		return damaged(reader, why);
	reader->count++;
	rc = get_record(reader, id, record, why);
	return rc == ERR_OK && record->logo != PICTURE_NONE
	    ? get_logo(reader, record, logo, why)
	    : rc;
}

/* Gets all of len bytes; *is_end: there are none at all. */
static enum err
get_all(struct backup_reader *reader, void *bytes, size_t len, bool *is_end,
    struct error *why)
{
	size_t got = len;
	enum err rc = get(reader, bytes, &got, why);

	*is_end = rc == ERR_OK && got == 0 && len > 0;
	return rc == ERR_OK && got < len ? damaged(reader, why) : rc;
}

static enum err
get_name(
    struct backup_reader *reader, struct backup_value *value, struct error *why)
{
	uint8_t size[2], kind = 0;
	size_t len;
	bool is_end;
	enum err rc = get_all(reader, size, sizeof(size), &is_end, why);

	if (is_end)
		return ERR_NOT_FOUND;
	if (rc != ERR_OK)
		return rc;
	len = (size_t)little_endian_get(size, sizeof(size));
	if (len < 1 || len > 1 + STORE_VALUE_NAME)
		return damaged(reader, why);
	rc = get_all(reader, &kind, 1, &is_end, why);
	if (rc == ERR_OK)
		rc = get_all(reader, value->name, len - 1, &is_end, why);
	if (rc == ERR_OK && strlen(value->name) != len - 1)
		rc = damaged(reader, why);
	value->kind = (enum crypto_name)kind;
	return rc;
}

enum err
backup_reader_next_value(
    struct backup_reader *reader, struct backup_value *value, struct error *why)
{
	uint8_t size[BACKUP_LOGO_LEN];
	bool is_end;
	enum err rc;

	*value = (struct backup_value){.len = 0};
	free(reader->value);
	reader->value = NULL;
	rc = get_name(reader, value, why);
	if (rc == ERR_OK)
		rc = get_all(reader, size, sizeof(size), &is_end, why);
	if (rc != ERR_OK)
		return rc;
	value->len = (size_t)little_endian_get(size, sizeof(size));
	if (value->len > BACKUP_VALUE_MAX)
		return damaged(reader, why);
	reader->value = malloc(value->len + 1);
	if (reader->value == NULL)
		return error_plain(why, ERR_NOMEM);
	value->bytes = reader->value;
	return get_all(reader, reader->value, value->len, &is_end, why);
}

void
backup_reader_close(struct backup_reader *reader)
{
	if (reader == NULL)
		return;
	if (reader->fd >= 0)
		(void)close(reader->fd);
	free(reader->value);
	crypto_wipe(reader, sizeof(*reader));
	free(reader);
}
