/*
 * /etc/passwd and /etc/shadow, read more strictly than libc does: what libc
 * skips or guesses at is reported as damage here, so that a half-written or
 * badly repaired file is evidence of nothing.
 */
#ifndef APITOKEN_PASSWD_FILES_H
#define APITOKEN_PASSWD_FILES_H

#include <pwd.h>
#include <shadow.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/*
 * Called with a user's line; entry is NULL if the line is damaged: cut short,
 * with too many or too few fields, or numbers out of range. The strings are
 * wiped when it returns. Any return but ERR_OK ends the reading.
 */
typedef enum err passwd_files_passwd_visitor(
    const char *name, const struct passwd *entry, void *arg);
typedef enum err passwd_files_shadow_visitor(
    const char *name, const struct spwd *entry, void *arg);

/* The state of a passwd file as a whole. */
struct passwd_files_passwd {
	bool has_root; /* it is not empty, nor some other file */
	/*
	 * It has root, all its lines make sense, the last one is complete, and
	 * empty lines are at the end only. Only then does a missing name prove
	 * anything.
	 */
	bool is_whole;
	size_t bad_line;     /* the first that makes no sense; 0: none */
	const char *bad_how; /* what is wrong with it, in words */
};

/*
 * Passes every line of /etc/passwd to the visitor. ERR_SYSTEM, ERR_NOMEM, or
 * what the visitor returned; *file is meaningless then.
 */
enum err passwd_files_passwd(passwd_files_passwd_visitor *visit, void *arg,
    struct passwd_files_passwd *file, struct error *why);

/*
 * Explains what is wrong with a file that is not whole, what follows from that,
 * and what to do: /etc/passwd:12: ...
 */
void passwd_files_explain(
    const struct passwd_files_passwd *file, struct error *why);

/*
 * As passwd_files_passwd, for /etc/shadow. ERR_MISSING on a system without it.
 */
enum err passwd_files_shadow(
    passwd_files_shadow_visitor *visit, void *arg, struct error *why);

/*
 * Passes the first line of that name to the visitor, and reads no further: what
 * libc's `files` answers, if that line makes sense. ERR_NOT_FOUND,
 * ERR_DAMAGED, ERR_MISSING, ERR_SYSTEM, ERR_NOMEM, or what the visitor
 * returned.
 */
enum err passwd_files_find_passwd(const char *user,
    passwd_files_passwd_visitor *visit, void *arg, struct error *why);
enum err passwd_files_find_shadow(const char *user,
    passwd_files_shadow_visitor *visit, void *arg, struct error *why);

#endif
