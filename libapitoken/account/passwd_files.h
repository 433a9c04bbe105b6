/*
 * /etc/passwd and /etc/shadow, read more strictly than libc does: what libc
 * passes over, or makes sense of somehow, is named here as damage, so that a
 * file that is half written, or was mended badly, is evidence of nothing.
 */
#ifndef APITOKEN_PASSWD_FILES_H
#define APITOKEN_PASSWD_FILES_H

#include <pwd.h>
#include <shadow.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/*
 * Takes the line of a user; entry is NULL for one that is damaged: cut short,
 * with too many or too few fields, or numbers out of range. The strings are
 * wiped when it returns. What is not ERR_OK ends the reading.
 */
typedef enum err passwd_files_passwd_visitor(
    const char *name, const struct passwd *entry, void *arg);
typedef enum err passwd_files_shadow_visitor(
    const char *name, const struct spwd *entry, void *arg);

/* What can be said of a passwd file as a whole. */
struct passwd_files_passwd {
	bool has_root; /* it is not empty, nor another file */
	/*
	 * It has root, all its lines make sense, the last one is complete, and
	 * none is empty but at its end: only then does a name that is not in it
	 * prove anything.
	 */
	bool is_whole;
	size_t bad_line;     /* the first that makes no sense; 0: none */
	const char *bad_how; /* what is wrong with it, in words */
};

/*
 * Gives every line of /etc/passwd to the visitor. ERR_SYSTEM, ERR_NOMEM, or
 * what the visitor returned; *file says nothing then.
 */
enum err passwd_files_passwd(passwd_files_passwd_visitor *visit, void *arg,
    struct passwd_files_passwd *file, struct error *why);

/*
 * Says of a file that is not whole what is wrong, what follows from that, and
 * what to do: /etc/passwd:12: ...
 */
void passwd_files_explain(
    const struct passwd_files_passwd *file, struct error *why);

/* The same as passwd_files_passwd, of /etc/shadow. ERR_MISSING for a system
 * without it. */
enum err passwd_files_shadow(
    passwd_files_shadow_visitor *visit, void *arg, struct error *why);

#endif
