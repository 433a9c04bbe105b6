/*
 * Where a batch's tokens go, one per line: standard output, or a file of mode
 * 0600 that a later run can continue. Tokens are on disk, or out of our hands,
 * before they are committed to the store.
 */
#ifndef TOKENADM_BATCH_OUTPUT_H
#define TOKENADM_BATCH_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "token/token.h"

/* Bytes of a line: a token and its newline, which in memory is a NUL. */
#define OUTPUT_LINE ((size_t)TOKEN_LEN + 1)
#define OUTPUT_LINE_SHORT ((size_t)TOKEN_SHORT_LEN + 1)

struct output {
	const char *path; /* NULL: standard output */
	int fd;           /* -1: not open yet */
	size_t line;      /* bytes of each line */
	size_t size;      /* bytes of the file that are final */
};

/*
 * Opens and locks the file at path if it exists, and sets size; is_short says
 * what tokens go there. path may be NULL. Call output_close in any case.
 * ERR_UNSAFE, ERR_BUSY, ERR_SYSTEM.
 */
enum err output_open(
    struct output *output, const char *path, bool is_short, struct error *why);

/* Reads up to size bytes from offset, and sets *len. ERR_SYSTEM. */
enum err output_read(const struct output *output, size_t offset, char *bytes,
    size_t size, size_t *len, struct error *why);

/*
 * Creates the file if there is none, or truncates it after so many lines.
 * ERR_EXISTS, ERR_SYSTEM.
 */
enum err output_start(struct output *output, size_t lines, struct error *why);

/*
 * Writes tokens, one behind the NUL of the other. They are left as they were.
 * ERR_SYSTEM: not all could be written.
 */
enum err output_write(
    struct output *output, char *tokens, size_t count, struct error *why);

/* Makes the last write final; or truncates a file to remove it. */
void output_keep(struct output *output, size_t lines);
void output_undo(struct output *output);

void output_close(struct output *output);

#endif
