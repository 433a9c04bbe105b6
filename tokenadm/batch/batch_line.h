/*
 * One line of a batch: a token to be issued. Either tab-separated fields in the
 * order of enum line_field, with trailing ones optional; or a JSON object with
 * their names as keys. The meaning of the fields is checked elsewhere.
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
	LINE_STARTS,
	LINE_MAX_SESSIONS,
};
#define LINE_FIELDS (LINE_MAX_SESSIONS + 1)

#define LINE_MAX_LEN 8191 /* bytes of a line without its newline */

struct line {
	const char *fields[LINE_FIELDS]; /* point into text; "": not given */
	char text[LINE_MAX_LEN + LINE_FIELDS + 1];
};

/* A field's name: user, name ... */
const char *line_field_name(enum line_field field);

/* All names, in order and separated by commas. */
#define LINE_NAMES_SIZE 256
void line_field_names(char text[LINE_NAMES_SIZE]);

/* A field of a line; "" if it was not given. */
const char *line_get(const struct line *line, enum line_field field);

/*
 * Checks that a field is present if needed (for services, a preset may do), not
 * too long for its kind, and printable UTF-8. ERR_INVALID.
 */
enum err line_check_field(
    const struct line *line, enum line_field field, struct error *why);

/*
 * Checks that the services are given: by the line, or by what has filled it
 * since. ERR_INVALID.
 */
enum err line_check_services(const struct line *line, struct error *why);

#endif
