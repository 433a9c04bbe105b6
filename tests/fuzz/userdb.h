/*
 * The accounts of a fuzz target: /etc/passwd and /etc/shadow are texts in
 * memory, both for libc's look-ups and for passwd_files.c. The target is linked
 * with --wrap for fopen, getpwnam_r and getspnam_r.
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
/* The errno of failing look-ups, by services and in files; 0: they work. */
extern int userdb_failure;
extern bool (*userdb_is_due)(void); /* whether this one fails; NULL: always */

/* The text as a file; NULL if there is none. To be closed. */
FILE *userdb_open(const struct userdb_text *text);

/*
 * The first entry of that name that libc finds, or, if name is NULL, all
 * entries, one a call; false at the end. The strings are in buf.
 */
#define USERDB_ENTRY_MAX 65536
bool userdb_next_passwd(FILE *file, const char *name, struct passwd *entry,
    char buf[USERDB_ENTRY_MAX]);
bool userdb_next_shadow(FILE *file, const char *name, struct spwd *entry,
    char buf[USERDB_ENTRY_MAX]);

#endif
