/*
 * A line of a file in /etc/pam.d, read as libpam reads it. Pure.
 *
 * Blanks are space, tab and newline, and nothing else: a carriage return is
 * part of a word. What libpam cannot make sense of it installs as a module
 * that always refuses, of which `broken` says why.
 */
#ifndef TOKENADM_PAMLINE_H
#define TOKENADM_PAMLINE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Bytes of a line, with those that continue it, that every libpam reads whole.
 * Linux-PAM 1.5 takes what is beyond for a line of its own.
 */
#define PAMLINE_MAX 1022
#define PAMLINE_ARGS 64
#define PAMLINE_RESULTS 32 /* PAM_SUCCESS to PAM_INCOMPLETE */

enum pamline_type {
	PAMLINE_AUTH,
	PAMLINE_ACCOUNT,
	PAMLINE_SESSION,
	PAMLINE_PASSWORD,
	PAMLINE_ANY, /* of an @include */
};
#define PAMLINE_TYPES PAMLINE_ANY

enum pamline_kind {
	PAMLINE_MODULE,
	PAMLINE_INCLUDE,
	PAMLINE_SUBSTACK,
	PAMLINE_BROKEN, /* always refuses */
};

/* What is done about a module's result; a number above 0 is a jump. */
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
	bool has_type;      /* false: libpam takes its type from outside */
	bool may_lack;      /* `-auth`: its module need not be there */
	const char *broken; /* why it always refuses, or NULL */
	int actions[PAMLINE_RESULTS];
	const char *path; /* of the module, or the file; "" for none */
	int argc;
	const char *argv[PAMLINE_ARGS];
};

/* A text of which lines are taken. */
struct pamline_text {
	const char *at, *end;
	size_t number;  /* of lines that were taken */
	size_t begun;   /* where the last one began, counted from 1 */
	size_t long_at; /* a line on the way that is too long; 0: none */
	bool is_cut;    /* the text ended where the line had to go on */
};

/*
 * Takes the next line that says something: without comment, and with the lines
 * that continue it. size is that of buffer; the text, with a NUL, fits in it
 * if it is one byte more than the text's. It is empty where nothing is left but
 * a comment that is too long. False at the end.
 */
bool pamline_next(struct pamline_text *text, char *buffer, size_t size);

/* Reads a line in place: its words stay where they are, each with its NUL. */
void pamline_parse(struct pamline *line, char *text);

/* Whether one of its arguments begins so: `need=`. */
bool pamline_has(const struct pamline *line, const char *beginning);

/* Whether one of its arguments is this word. */
bool pamline_has_word(const struct pamline *line, const char *word);

/* auth, account ... */
const char *pamline_type_name(enum pamline_type type);

/* success, auth_err ...: as in a control. NULL for a number that is none. */
const char *pamline_result_name(int result);

#endif
