/*
 * One line of a batch: a token to be issued. Tab-separated, the fields in the
 * order of enum line_field and trailing ones left out; or a JSON object with
 * their names as keys. Pure: what the fields say is judged elsewhere.
 */
#ifndef TOKENADM_BATCH_LINE_H
#define TOKENADM_BATCH_LINE_H

#include <stddef.h>

#include "base/error.h"

enum line_field {
	LINE_USER,
	LINE_NAME,
	LINE_SERVICES,
	LINE_SCOPES,
	LINE_EXPIRES,
	LINE_FROM,
	LINE_DESCRIPTION,
};
#define LINE_FIELDS (LINE_DESCRIPTION + 1)

enum line_format {
	LINE_TABS,
	LINE_JSON,
};

#define LINE_MAX_LEN 8191 /* bytes of a line without its newline */

struct line {
	const char *fields[LINE_FIELDS]; /* "": not given; they lie in text */
	char text[LINE_MAX_LEN + LINE_FIELDS + 1];
};

/* The format of a batch, by its first line. */
enum line_format line_guess_format(const char *text, size_t len);

/* What a field is called: user, name ... */
const char *line_field_name(enum line_field field);

/* A field of a line; "" if it was not given. */
const char *line_get(const struct line *line, enum line_field field);

/*
 * Reads a line of len bytes, which need not end in a NUL and may be longer
 * than a line can be. User, name and services are there, no field is longer
 * than one of its kind can be, and all is printable UTF-8. ERR_INVALID,
 * ERR_NOMEM.
 */
enum err line_parse(struct line *line, enum line_format format,
    const char *text, size_t len, struct error *why);

#endif
