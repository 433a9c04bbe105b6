/*
 * Reads a text file line by line, through a buffer that is wiped: the file may
 * have password hashes in it.
 */
#ifndef APITOKEN_LINE_READER_H
#define APITOKEN_LINE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/error.h"

/* Bytes of the buffer: no file that is read by this has a line as long. */
#define LINE_READER_MAX (1024 * 1024)

struct line_reader {
	const char *path; /* for messages */
	FILE *file;
	char *bytes; /* what was read, from at to len still to be returned */
	size_t at, len, size;
	bool is_at_end; /* all of the file was read */
};

struct line {
	char *text; /* may be written to; a NUL in place of `\n`; NULL: none */
	size_t len; /* without it; more than strlen if it has NULs */
	bool is_ended; /* false: the file ends without `\n` */
};

/*
 * Opens a file; path must stay valid. ERR_MISSING, ERR_SYSTEM, ERR_NOMEM.
 * Whatever it returns, line_reader_close is due.
 */
enum err line_reader_open(
    struct line_reader *reader, const char *path, struct error *why);

/*
 * The next line, which is valid until the next call; none at the end of the
 * file. ERR_SYSTEM, ERR_NOMEM, ERR_DAMAGED for a line that
 * does not fit into LINE_READER_MAX.
 */
enum err line_reader_next(
    struct line_reader *reader, struct line *line, struct error *why);

/* Also if it was not opened. */
void line_reader_close(struct line_reader *reader);

#endif
