#include "users.h"

#include <dlfcn.h>
#include <errno.h>
#include <pwd.h>
#include <shadow.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define PASSWD_FILE                                                            \
	"root:x:0:0::/root:/bin/sh\n"                                          \
	"bob:x:2002:2002::/nonexistent:/bin/sh\n"
#define PASSWD_LINES PASSWD_FILE "alice:x:2001:2001::/nonexistent:/bin/sh\n"
#define SHADOW_LINES "root:!:20000::::::\nbob:$y$hash:20000::::::\n"

static char alice[256];
static int failure;
static bool alice_is_away;

void
users_reset(void)
{
	users_set_shadow("$y$hash:20000::::::");
	failure = 0;
	alice_is_away = false;
}

void
users_move_alice(void)
{
	alice_is_away = true;
}

void
users_set_shadow(const char *fields)
{
	(void)snprintf(alice, sizeof(alice), "alice:%s\n", fields);
}

void
users_fail(int error)
{
	failure = error;
}

/* The current content of shadow, in buf. */
static FILE *
open_shadow(char *buf, size_t size)
{
	(void)snprintf(buf, size, "%s%s", SHADOW_LINES, alice);
	return fmemopen(buf, strlen(buf), "r");
}

#pragma GCC visibility push(default)

FILE *
fopen(const char *path, const char *mode)
{
	static char shadow[sizeof(SHADOW_LINES) + sizeof(alice)];
	static char passwd[] = PASSWD_LINES, others[] = PASSWD_FILE;
	char *lines = alice_is_away ? others : passwd;
	bool is_users = strcmp(path, "/etc/passwd") == 0 ||
	    strcmp(path, "/etc/shadow") == 0;
	FILE *(*real)(const char *, const char *);

	if (is_users && failure != 0) {
		errno = failure;
		return NULL;
	}
	if (strcmp(path, "/etc/passwd") == 0)
		return fmemopen(lines, strlen(lines), "r");
	if (strcmp(path, "/etc/shadow") == 0)
		return open_shadow(shadow, sizeof(shadow));
	/*
	 * ISO C cannot cast an object pointer to a function pointer; POSIX can.
	 */
	*(void **)&real = dlsym(RTLD_NEXT, "fopen");
	return real(path, mode);
}

int
getpwnam_r(const char *name, struct passwd *entry, char *buf, size_t size,
    struct passwd **found)
{
	char text[] = PASSWD_LINES;
	FILE *file = fmemopen(text, strlen(text), "r");
	int error = failure;

	*found = NULL;
	if (file == NULL)
		return errno;
	while (error == 0 &&
	    (error = fgetpwent_r(file, entry, buf, size, found)) == 0 &&
	    strcmp(entry->pw_name, name) != 0)
		*found = NULL;
	(void)fclose(file);
	return error == ENOENT ? 0 : error;
}

int
getspnam_r(const char *name, struct spwd *entry, char *buf, size_t size,
    struct spwd **found)
{
	char text[sizeof(SHADOW_LINES) + sizeof(alice)];
	FILE *file = open_shadow(text, sizeof(text));
	int error = failure;

	*found = NULL;
	if (file == NULL)
		return errno;
	while (error == 0 &&
	    (error = fgetspent_r(file, entry, buf, size, found)) == 0 &&
	    strcmp(entry->sp_namp, name) != 0)
		*found = NULL;
	(void)fclose(file);
	return error == ENOENT ? 0 : error;
}

#pragma GCC visibility pop
