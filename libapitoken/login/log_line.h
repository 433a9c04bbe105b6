/*
 * A log line, built from fields. What comes from outside is escaped, so that it
 * can forge neither a field nor a line, and a token in it is reduced to its id.
 * Pure.
 */
#ifndef APITOKEN_LOG_LINE_H
#define APITOKEN_LOG_LINE_H

#include <stddef.h>

#define LOG_LINE_SIZE 1536

struct log_line {
	char text[LOG_LINE_SIZE]; /* cut there, with its NUL */
	size_t len;
};

/* Adds our own text as it is. */
void log_line_text(struct log_line *line, const char *text);

/* Adds ` name=value`; `-` stands for a value that is NULL or "". */
void log_line_field(struct log_line *line, const char *name, const char *value);

#define LOG_LINE_VALUE_MAX 128 /* characters of a value, escapes included */

/* The same, with at most `most` characters of the value. */
void log_line_field_cut(
    struct log_line *line, const char *name, const char *value, size_t most);

/* Adds a value without blanks, as in a field. */
void log_line_word(struct log_line *line, const char *value);

/* Adds a sentence: blanks and quotes stay, control characters do not. */
void log_line_sentence(struct log_line *line, const char *text);

#endif
