#include "users.h"

#include <errno.h>
#include <pwd.h>
#include <shadow.h>
#include <stdio.h>
#include <string.h>

#define PASSWD_LINES                                                           \
	"root:x:0:0::/root:/bin/sh\n"                                          \
	"alice:x:2001:2001::/nonexistent:/bin/sh\n"                            \
	"bob:x:2002:2002::/nonexistent:/bin/sh\n"
#define SHADOW_LINES "root:!:20000::::::\nbob:$y$hash:20000::::::\n"

static char alice[256];
static int failure;

void
users_reset(void)
{
	users_set_shadow("$y$hash:20000::::::");
	failure = 0;
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

#pragma GCC visibility push(default)

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
	FILE *file;
	int error = failure;

	*found = NULL;
	(void)snprintf(text, sizeof(text), "%s%s", SHADOW_LINES, alice);
	file = fmemopen(text, strlen(text), "r");
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
