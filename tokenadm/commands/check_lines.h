/* check: the lines of what is found, and of what is repaired. */
#ifndef TOKENADM_CHECK_LINES_H
#define TOKENADM_CHECK_LINES_H

#include <stdint.h>

#include "check/findings.h"
#include "cli/json.h"

/*
 * Prints a line, which begins with what it is: `damage`, `note`, `repair`.
 * json: as JSON; NULL: for people. Lack of memory shows at the end.
 */
void check_print_line(
    struct json_stream *json, const char *what, const char *line);

/* The same of all of these, and how many more there were. */
void check_print_findings(struct json_stream *json, const char *what,
    const struct findings *findings);

/* "s", unless it is one. */
const char *check_plural(uint64_t count);

#endif
