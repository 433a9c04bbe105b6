/*
 * Parses a line of a file in /etc/pam.d as libpam does. Pure.
 *
 * Blanks are space, tab and newline only: a carriage return is part of a word.
 * libpam replaces a line that it cannot parse by a module that always refuses;
 * `broken` says why.
 */
#ifndef TOKENADM_PAMLINE_H
#define TOKENADM_PAMLINE_H

#include <stdbool.h>
#include <stddef.h>

#define PAMLINE_ARGS 64
#define PAMLINE_RESULTS 32 /* PAM_SUCCESS to PAM_INCOMPLETE */

enum pamline_type {
	PAMLINE_AUTH,
	PAMLINE_ACCOUNT,
	PAMLINE_SESSION,
	PAMLINE_PASSWORD,
	PAMLINE_ANY, /* an @include */
};
#define PAMLINE_TYPES PAMLINE_ANY

enum pamline_kind {
	PAMLINE_MODULE,
	PAMLINE_INCLUDE,
	PAMLINE_SUBSTACK,
	PAMLINE_BROKEN, /* always refuses */
};

/* The action for a module's result; a number above 0 is a jump. */
enum pamline_action {
	PAMLINE_DO_IGNORE = 0,
	PAMLINE_DO_OK = -1,
	PAMLINE_DO_DONE = -2,
	PAMLINE_DO_BAD = -3,
	PAMLINE_DO_DIE = -4,
	PAMLINE_DO_RESET = -5,
};

struct pamline {
	enum pamline_kind kind;
	enum pamline_type type;
	bool has_type;      /* false: the type comes from the including line */
	bool may_lack;      /* `-auth`: its module may be missing */
	const char *broken; /* why it always refuses, or NULL */
	int actions[PAMLINE_RESULTS];
	const char *path; /* the module or file; "" for none */
	int argc;
	const char *argv[PAMLINE_ARGS];
};

/* Parses a line in place: its words point into text. */
void pamline_parse(struct pamline *line, char *text);

/* Whether an argument begins with this, such as `need=`. */
bool pamline_has(const struct pamline *line, const char *beginning);

/* Whether an argument is this word. */
bool pamline_has_word(const struct pamline *line, const char *word);

/* auth, account ... */
const char *pamline_type_name(enum pamline_type type);

/* success, auth_err ..., as in a control. NULL for an unknown number. */
const char *pamline_result_name(int result);

#endif
