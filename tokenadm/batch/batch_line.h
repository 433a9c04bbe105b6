/*
 * One line of a batch: a token to be issued. Tab-separated, the fields in the
 * order of enum line_field and trailing ones left out; or a JSON object with
 * their names as keys. What the fields say is judged elsewhere.
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

#define LINE_MAX_LEN 8191 /* bytes of a line without its newline */

struct line {
	const char *fields[LINE_FIELDS]; /* "": not given; they lie in text */
	char text[LINE_MAX_LEN + LINE_FIELDS + 1];
};

/* What a field is called: user, name ... */
const char *line_field_name(enum line_field field);

/* A field of a line; "" if it was not given. */
const char *line_get(const struct line *line, enum line_field field);

/*
 * Whether a field can be what it says: there if it is needed, no longer than
 * one of its kind can be, and printable UTF-8. ERR_INVALID.
 */
enum err line_check_field(
    const struct line *line, enum line_field field, struct error *why);

#endif
