/* Parses a batch line that is a JSON object. */
#ifndef TOKENADM_BATCH_JSON_H
#define TOKENADM_BATCH_JSON_H

#include "batch/batch_line.h"

/*
 * Sets the fields in the object. Each is a string or null; services, scopes and
 * from may be arrays of strings, which become lists. The text must not contain
 * NUL. ERR_INVALID, ERR_NOMEM.
 */
enum err batch_json_parse(
    struct line *line, const char *text, size_t len, struct error *why);

#endif
