/*
 * The accounts of a fuzz target: /etc/passwd and /etc/shadow are texts in
 * memory, for libc's look-ups as well as for passwd_files.c. The target is
 * linked with --wrap for fopen, getpwnam_r and getspnam_r.
 */
#ifndef APITOKEN_USERDB_H
#define APITOKEN_USERDB_H

#include <pwd.h>
#include <shadow.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct userdb_text {
	const char *bytes; /* NULL: there is no such file */
	size_t len;
};

extern struct userdb_text userdb_passwd, userdb_shadow;
extern int userdb_failure; /* with which look-ups fail; 0: they do not */
extern bool (*userdb_is_due)(void); /* whether this one does; NULL: none */

/* The text as a file; NULL where there is none. To be closed. */
FILE *userdb_open(const struct userdb_text *text);

/*
 * The entry of that name that libc finds first, or all of them if name is
 * NULL, one a call; false at the end. buf is theirs.
 */
#define USERDB_ENTRY_MAX 65536
bool userdb_next_passwd(FILE *file, const char *name, struct passwd *entry,
    char buf[USERDB_ENTRY_MAX]);
bool userdb_next_shadow(FILE *file, const char *name, struct spwd *entry,
    char buf[USERDB_ENTRY_MAX]);

#endif
