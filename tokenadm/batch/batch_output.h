/*
 * Where the tokens of a batch go, one a line: standard output, or a file of
 * mode 0600 that a later run can go on with. What was written is on the disk,
 * or out of our hands, before the store hears of it.
 */
#ifndef TOKENADM_BATCH_OUTPUT_H
#define TOKENADM_BATCH_OUTPUT_H

#include <stddef.h>

#include "base/error.h"
#include "token/token.h"

/* A line: a token and its newline. In memory a NUL may stand for that. */
#define OUTPUT_LINE ((size_t)TOKEN_LEN + 1)

struct output {
	const char *path; /* NULL: standard output */
	int fd;           /* -1: not open yet */
	size_t size;      /* bytes of the file that are there to stay */
};

/*
 * Opens the file at path if it is there, and sets its size; nobody else may
 * write to it meanwhile. path may be NULL. To be closed by output_close in
 * any case. ERR_UNSAFE, ERR_BUSY, ERR_SYSTEM.
 */
enum err output_open(
    struct output *output, const char *path, struct error *why);

/* Reads up to size bytes from offset, and sets *len. ERR_SYSTEM. */
enum err output_read(const struct output *output, size_t offset, char *bytes,
    size_t size, size_t *len, struct error *why);

/*
 * Makes the file if there is none, or cuts it after so many lines.
 * ERR_EXISTS, ERR_SYSTEM.
 */
enum err output_start(struct output *output, size_t lines, struct error *why);

/*
 * Writes tokens, whose NULs become newlines. ERR_SYSTEM: not all of it
 * arrived.
 */
enum err output_write(struct output *output, char (*tokens)[TOKEN_LEN + 1],
    size_t count, struct error *why);

/* What was written last is there to stay; or it is cut off a file again. */
void output_keep(struct output *output, size_t lines);
void output_undo(struct output *output);

void output_close(struct output *output);

#endif
