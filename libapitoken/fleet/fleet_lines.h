/*
 * A text of lines `name=value` in a fixed order, each ended by a newline; the
 * first has no name and says what it is. Pure, and strict: nothing is passed
 * over.
 */
#ifndef APITOKEN_FLEET_LINES_H
#define APITOKEN_FLEET_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/parse.h"

#define FLEET_LINE_MAX 159 /* bytes of a value */

struct fleet_lines {
	const char *at; /* what is left; needs no NUL */
	size_t left;
};

/* Takes the next line if it is this one. */
bool fleet_lines_take(struct fleet_lines *lines, const char *line);

/* Takes the value of the next line if it has this name. */
bool fleet_lines_value(struct fleet_lines *lines, const char *name,
    char value[FLEET_LINE_MAX + 1]);

/* The same, of 2 * len small hexadecimal digits. */
bool fleet_lines_bytes(
    struct fleet_lines *lines, const char *name, uint8_t *bytes, size_t len);

/* The same, of a decimal number from 0 to most, without leading zeroes. */
bool fleet_lines_number(struct fleet_lines *lines, const char *name,
    uint64_t most, uint64_t *number);

/*
 * Whether a file's name is NAME and the suffix, with a NAME that is not too
 * long for an issuer's; sets it.
 */
bool fleet_file_name(
    const char *file, const char *suffix, char name[PARSE_HOST_MAX + 1]);

/* Such a number alone. */
bool fleet_number(const char *text, uint64_t most, uint64_t *number);

#endif
