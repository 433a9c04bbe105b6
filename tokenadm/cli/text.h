/* Text for people: escaped where a terminal would obey it. */
#ifndef TOKENADM_TEXT_H
#define TOKENADM_TEXT_H

#include <stdint.h>
#include <stdio.h>

#include "base/error.h"
#include "token/record.h"

/*
 * Writes text; whatever is not printable UTF-8 comes out as \xNN, byte by
 * byte, so that no terminal takes it for a command. Of a token that stands in
 * it only the id is written.
 */
void text_print(FILE *stream, const char *text);

/* What people call a token by: `user/name`, as text_print. */
void text_print_name(FILE *stream, const struct record *record);

/* Flushes; ERR_SYSTEM if anything written so far did not arrive. */
enum err text_flush(FILE *stream);

/* What to say when standard output did not take it. Returns ERR_SYSTEM. */
enum err text_not_written(struct error *why);

/* The state as people see it: expiry comes first, it is final. */
const char *text_state(const struct record *record, int64_t now);

/* Why it is in its state, or ""; an active token needs no reason. */
const char *text_reason(const struct record *record);

/* A time, or `never`, or "" for 0. */
void text_time(int64_t when, char text[PARSE_TIME_LEN + 1]);

/*
 * The networks of a record, separated by commas; "" for anywhere. To be freed
 * by the caller; NULL without memory.
 */
char *text_networks(const struct record *record);

#endif
