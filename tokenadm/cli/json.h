/* A token as JSON; the keys are described in tokenadm(8). */
#ifndef TOKENADM_JSON_H
#define TOKENADM_JSON_H

#include <stdint.h>
#include <stdio.h>

#include "base/error.h"
#include "cli/list_columns.h"
#include "store/last_use.h"
#include "token/record.h"

struct json_t;

/*
 * `{"tokens": [`, then each object, then `]}`: nothing is kept in memory. What
 * fails before the first object leaves nothing.
 */
struct json_stream {
	FILE *file;
	const char *what;
	bool any; /* an object has been written */
};

/* what: tokens, sessions ... */
void json_begin(struct json_stream *stream, FILE *file, const char *what);

/* Writes and frees a jansson object, on a line. ERR_NOMEM also for NULL. */
enum err json_add(struct json_stream *stream, struct json_t *object);

/* Ends the array only, so that more keys can follow; then write `}`. */
void json_end_array(struct json_stream *stream);

/* rc: how it went; see above. */
void json_end(struct json_stream *stream, enum err rc);

/* Writes a jansson object on one line. ERR_NOMEM. */
enum err json_print(const struct json_t *object, FILE *file);

/* A string escaped as by text_print: always UTF-8. NULL without memory. */
struct json_t *json_text(const char *text);

/* The same, and an unescaped string; JSON null for "": not known. */
struct json_t *json_text_or_null(const char *text);
struct json_t *json_string_or_null(const char *text);

/* One token as a line, without its newline; the caller frees it. May be NULL.
 */
char *json_token_line(const struct record *record, const struct last_use *usage,
    const struct origin *origin, int64_t now);

/* An array of the words of a list. NULL without memory. */
struct json_t *json_list(const char *list);

/* Writes one token. ERR_NOMEM. */
enum err json_token(struct json_stream *stream, const struct record *record,
    const struct last_use *usage, const struct origin *origin, int64_t now);

#endif
