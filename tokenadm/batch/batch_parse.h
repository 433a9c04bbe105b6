/* Parses the lines of a batch, in either format. Pure. */
#ifndef TOKENADM_BATCH_PARSE_H
#define TOKENADM_BATCH_PARSE_H

#include "batch/batch_line.h"

enum line_format {
	LINE_TABS,
	LINE_JSON,
};

/* Guesses a batch's format from its first line. */
enum line_format line_guess_format(const char *text, size_t len);

/*
 * Parses a line of len bytes, which need no NUL and may be too long. On success
 * user, name and services are present, no field is too long for its kind, and
 * all is printable UTF-8. ERR_INVALID, ERR_NOMEM.
 */
enum err line_parse(struct line *line, enum line_format format,
    const char *text, size_t len, struct error *why);

#endif
