/*
 * What a command prints for people, as JSON: `{"lines": ["...", ...]}`, a
 * string for each line. For commands whose output is a report to be read.
 */
#ifndef TOKENADM_JSON_LINES_H
#define TOKENADM_JSON_LINES_H

#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"

struct json_lines {
	FILE *output; /* the true stdout; NULL: it is not kept */
	char *text;
	size_t size;
};

/*
 * Keeps what is written to stdout from now on; not if wanted is false: then
 * json_lines_end does nothing. Call that in any case. ERR_NOMEM.
 */
enum err json_lines_begin(
    struct json_lines *lines, bool wanted, struct error *why);

/*
 * Prints the lines; nothing if the command failed before the first. Returns rc,
 * which is the command's, or ERR_NOMEM.
 */
enum err json_lines_end(
    struct json_lines *lines, enum err rc, struct error *why);

#endif
