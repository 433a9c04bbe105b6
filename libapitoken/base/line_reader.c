#include "base/line_reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"

#define FIRST_SIZE 4096

/* Doubles the buffer, which is full, or makes the first one. */
static enum err
grow(struct line_reader *reader, struct error *why)
{
	size_t size = reader->size == 0 ? FIRST_SIZE : reader->size * 2;
	char *bytes;

	if (size > LINE_READER_MAX)
		return error_set(why, ERR_DAMAGED, "%s: a line of %zu bytes",
		    reader->path, reader->len);
	bytes = malloc(size);
	if (bytes == NULL)
		return error_plain(why, ERR_NOMEM);
	if (reader->len > 0)
		memcpy(bytes, reader->bytes, reader->len);
	if (reader->bytes != NULL)
		crypto_wipe(reader->bytes, reader->size);
	free(reader->bytes);
	reader->bytes = bytes;
	reader->size = size;
	return ERR_OK;
}

/* Reads on, behind what is left of the buffer; a byte stays for a NUL. */
static enum err
fill(struct line_reader *reader, struct error *why)
{
	size_t left = reader->len - reader->at, room;
	enum err rc;

	if (left > 0 && reader->at > 0)
		memmove(reader->bytes, reader->bytes + reader->at, left);
	reader->at = 0;
	reader->len = left;
	if (reader->size - left < 2) {
		rc = grow(reader, why);
		if (rc != ERR_OK)
			return rc;
	}
	room = reader->size - left - 1;
	reader->len += fread(reader->bytes + left, 1, room, reader->file);
	if (ferror(reader->file))
		return error_set(why, ERR_SYSTEM,
		    "%s: cannot read all of it: %s", reader->path,
		    strerror(errno));
	reader->is_at_end = reader->len < left + room;
	return ERR_OK;
}

enum err
line_reader_open(
    struct line_reader *reader, const char *path, struct error *why)
{
	*reader = (struct line_reader){.path = path};
	do
		reader->file = fopen(path, "re");
	while (reader->file == NULL && errno == EINTR);
	if (reader->file == NULL)
		return error_set(why,
		    errno == ENOENT ? ERR_MISSING : ERR_SYSTEM,
		    "%s: cannot open: %s", path, strerror(errno));
	/* Its own buffer would keep hashes. */
	(void)setvbuf(reader->file, NULL, _IONBF, 0);
	return grow(reader, why);
}

enum err
line_reader_next(
    struct line_reader *reader, struct line *line, struct error *why)
{
	char *end = NULL;
	size_t looked = 0; /* bytes in which there is no end */
	enum err rc;

	for (;;) {
		char *from = reader->bytes + reader->at;
		size_t left = reader->len - reader->at;

		if (left > looked)
			end = memchr(from + looked, '\n', left - looked);
		if (end != NULL || reader->is_at_end)
			break;
		looked = left;
		rc = fill(reader, why);
		if (rc != ERR_OK)
			return rc;
	}
	*line = (struct line){.text = NULL};
	if (reader->at == reader->len)
		return ERR_OK;
	line->text = reader->bytes + reader->at;
	line->is_ended = end != NULL;
	line->len = end != NULL ? (size_t)(end - line->text)
				: reader->len - reader->at;
	line->text[line->len] = '\0';
	reader->at += line->len + (end != NULL ? 1 : 0);
	return ERR_OK;
}

void
line_reader_close(struct line_reader *reader)
{
	if (reader->bytes != NULL)
		crypto_wipe(reader->bytes, reader->size);
	free(reader->bytes);
	if (reader->file != NULL)
		(void)fclose(reader->file);
	*reader = (struct line_reader){.path = NULL};
}
