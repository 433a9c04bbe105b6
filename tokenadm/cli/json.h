/* A token as JSON; the keys are described in tokenadm(8). */
#ifndef TOKENADM_JSON_H
#define TOKENADM_JSON_H

#include <stdint.h>
#include <stdio.h>

#include "base/error.h"
#include "store/last_use.h"
#include "token/record.h"

struct json_t;

/* `{"tokens": [`, the objects one by one, `]}`: nothing is kept in memory. */
struct json_stream {
	FILE *file;
	bool any; /* an object was written already */
};

/* what: tokens, sessions ... */
void json_begin(struct json_stream *stream, FILE *file, const char *what);

/*
 * Writes an object of jansson's in a line of its own, and frees it. ERR_NOMEM,
 * also where it is NULL for lack of memory.
 */
enum err json_add(struct json_stream *stream, struct json_t *object);

void json_end(struct json_stream *stream);

/* Writes an object of jansson's in one line. ERR_NOMEM. */
enum err json_print(const struct json_t *object, FILE *file);

/*
 * A string as text_print shows it: escaped, so that it is UTF-8 whatever the
 * text is. NULL without memory.
 */
struct json_t *json_text(const char *text);

/* The same, and a string as it is; null for "": nothing is known. */
struct json_t *json_text_or_null(const char *text);
struct json_t *json_string_or_null(const char *text);

/* Writes one token. ERR_NOMEM. */
enum err json_token(struct json_stream *stream, const struct record *record,
    const struct last_use *usage, int64_t now);

#endif
