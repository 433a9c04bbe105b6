/*
 * A strict INI file, line by line: `[section]`, `key = value`, comments that
 * begin with `#` in the first column, and blank lines. Nothing is guessed: no
 * continuation, no indentation, no quotes. Pure.
 */
#ifndef APITOKEN_INI_H
#define APITOKEN_INI_H

#include <stddef.h>

#include "base/error.h"

/* The parser's position, and its callbacks. */
struct ini {
	const char *name; /* of the file, for errors */
	unsigned line;
	struct error *why;
	/* Both return ERR_OK or what ini_error returned. */
	enum err (*section)(struct ini *ini, const char *name);
	enum err (*setting)(
	    struct ini *ini, const char *key, const char *value);
	void *arg; /* of the callbacks */
};

/* Parses len bytes of text. ERR_CONFIG. */
enum err ini_parse(struct ini *ini, const char *text, size_t len);

/* Cuts blanks off both ends: returns where the rest begins. */
char *ini_trim(char *text);

/* `FILE:LINE: what: value`, or without the value if it is "". ERR_CONFIG. */
enum err ini_error(const struct ini *ini, const char *what, const char *value);

#endif
