/* Replaces the plain functions, not their fortified versions. */
#undef _FORTIFY_SOURCE
#include "elsewhere.h"

#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "session/rundir.h"

static const char *directory = "/nonexistent";

void
elsewhere_set(const char *path)
{
	directory = path;
}

/* The same in the other directory; every other path as it is. */
static const char *
redirect(const char *path, char other[PATH_MAX])
{
	size_t len = strlen(RUNDIR);

	if (strncmp(path, RUNDIR, len) != 0 ||
	    (path[len] != '\0' && path[len] != '/') ||
	    snprintf(other, PATH_MAX, "%s%s", directory, path + len) >=
		PATH_MAX)
		return path;
	return other;
}

#pragma GCC visibility push(default)

int
openat(int at, const char *path, int flags, ...)
{
	char other[PATH_MAX];
	unsigned mode = 0;
	va_list args;

	if ((flags & (O_CREAT | __O_TMPFILE)) != 0) {
		va_start(args, flags);
		mode = va_arg(args, unsigned);
		va_end(args);
	}
	return (int)syscall(SYS_openat, at, redirect(path, other), flags, mode);
}

int
mkdirat(int at, const char *path, mode_t mode)
{
	char other[PATH_MAX];

	return (int)syscall(SYS_mkdirat, at, redirect(path, other), mode);
}

#pragma GCC visibility pop
