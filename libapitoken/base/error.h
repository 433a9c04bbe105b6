/*
 * The one list of errors, and the text that goes with an error.
 *
 * Functions return an enum err. Those whose failures an administrator has to
 * mend also take a struct error, and leave one line in it: what is wrong, with
 * which file, and what to do.
 */
#ifndef APITOKEN_ERROR_H
#define APITOKEN_ERROR_H

enum err {
	ERR_OK = 0,
	ERR_INTERNAL,  /* a bug, or a library that failed without a reason */
	ERR_NOMEM,     /* out of memory */
	ERR_RANDOM,    /* no random numbers from the system */
	ERR_SYSTEM,    /* a system call failed */
	ERR_DENIED,    /* no right to open a file (EACCES) */
	ERR_INVALID,   /* a value that breaks its rule */
	ERR_USAGE,     /* wrong options or operands of a command */
	ERR_CONFIG,    /* apitoken.conf or a module option is not understood */
	ERR_MISSING,   /* no database, key or lock file */
	ERR_UNSAFE,    /* a file with the wrong owner, type or mode */
	ERR_BUSY,      /* the lock was not free before the deadline */
	ERR_DAMAGED,   /* a database, record or key that is damaged */
	ERR_KEY,       /* the key belongs to another database */
	ERR_NEWER,     /* written by a newer version of this software */
	ERR_NOT_FOUND, /* no such token */
	ERR_EXISTS,    /* it exists already */
	ERR_POLICY,    /* the policy does not allow it */
	ERR_REFUSED,   /* the token was judged and refused */
	ERR_UNCONFIRMED, /* done here; the fleet's engine does not say so yet */
};

#define ERROR_TEXT_MAX 512

struct error {
	char text[ERROR_TEXT_MAX]; /* one line without its newline; may be "" */
	/* For programs, see error_about; both are NULL, or live for ever: */
	const char *field, *word;
};

/* A short text for an error without details. Never NULL. */
const char *error_name(enum err code);

/* The same as one word for programs, such as not_found; it never changes. */
const char *error_word(enum err code);

/*
 * Formats the text of why and returns code, so that a caller can `return
 * error_set(...)`. A text that is too long loses its middle, so that the rule
 * after an over-long value stays. why may be NULL. Keeps errno. ERR_SYSTEM with
 * an errno of a disk or quota that is full gets the word no_space.
 */
enum err error_set(struct error *why, enum err code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * Says what an error is about that was just set: the value with this name, as
 * the options of tokenadm or its operands are called; NULL: none. word is finer
 * than that of code, as tokenadm(8) lists it; NULL: that one will do. Returns
 * code: `return error_about(why, "name", NULL, error_set(why, ...))`. why may
 * be NULL.
 */
enum err error_about(
    struct error *why, const char *field, const char *word, enum err code);

/* Empties the text of why, for a refusal that was shown. ERR_REFUSED. */
enum err error_shown(struct error *why);

/* Sets the text of why to the error's name. Returns code. */
enum err error_plain(struct error *why, enum err code);

#endif
