/* Text for people, with terminal escapes made harmless. */
#ifndef TOKENADM_TEXT_H
#define TOKENADM_TEXT_H

#include <stdint.h>
#include <stdio.h>

#include "base/error.h"
#include "token/record.h"

/*
 * Writes text; bytes that are not printable UTF-8 become \xNN, so that no
 * terminal takes them for a command. Of a token in the text only the id is
 * written.
 */
void text_print(FILE *stream, const char *text);

/* Writes `user/name`, as text_print. */
void text_print_name(FILE *stream, const struct record *record);

/* Flushes; ERR_SYSTEM if anything so far could not be written. */
enum err text_flush(FILE *stream);

/* Sets the error for failed standard output. Returns ERR_SYSTEM. */
enum err text_not_written(struct error *why);

/*
 * The state shown to people: expired wins, since it is final; an active token
 * that has not started is not-yet.
 */
const char *text_state(const struct record *record, int64_t now);

/* The reason for its state, or ""; an active token has none. */
const char *text_reason(const struct record *record);

/* How many sessions it may have at a time, or "" for no limit. */
#define TEXT_MAX_SESSIONS_SIZE 12
void text_max_sessions(
    const struct record *record, char text[TEXT_MAX_SESSIONS_SIZE]);

/* A time, or `never`, or "" for 0. */
void text_time(int64_t when, char text[PARSE_TIME_LEN + 1]);

/*
 * The same for people at a terminal: `in 29 d`, `3 h ago`; the date alone if it
 * is 100 days away or more.
 */
void text_time_near(int64_t when, int64_t now, char text[PARSE_TIME_LEN + 1]);

/* A time as text_time has it, and if it is near, that: `... (in 29 d)`. */
#define TEXT_TIME_BOTH_SIZE (2 * PARSE_TIME_LEN + 4)
void text_time_both(int64_t when, int64_t now, char text[TEXT_TIME_BOTH_SIZE]);

/*
 * The networks of a record, separated by commas; "" for anywhere. The caller
 * frees it; NULL without memory.
 */
char *text_networks(const struct record *record);

#endif
