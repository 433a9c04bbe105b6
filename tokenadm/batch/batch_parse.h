/* Reads the lines of a batch, in either format. Pure. */
#ifndef TOKENADM_BATCH_PARSE_H
#define TOKENADM_BATCH_PARSE_H

#include "batch/batch_line.h"

enum line_format {
	LINE_TABS,
	LINE_JSON,
};

/* The format of a batch, by its first line. */
enum line_format line_guess_format(const char *text, size_t len);

/*
 * Reads a line of len bytes, which need not end in a NUL and may be longer
 * than a line can be. User, name and services are there, no field is longer
 * than one of its kind can be, and all is printable UTF-8. ERR_INVALID,
 * ERR_NOMEM.
 */
enum err line_parse(struct line *line, enum line_format format,
    const char *text, size_t len, struct error *why);

#endif
