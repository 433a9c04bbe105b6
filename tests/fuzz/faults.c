#include "faults.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <tdb.h>
#include <unistd.h>

#define REDIRECTS 2
/* Fewer buckets than in real files, which are copied all the time. */
#define SMALL_SIZE(size) ((size) > 61 ? 61 : (size))

static unsigned countdown; /* 0: no call fails */
static bool all_behind, inside, happened;

static struct {
	const char *path, *to;
} redirects[REDIRECTS];

void
faults_arm(unsigned nth, bool forever)
{
	countdown = nth;
	all_behind = forever;
}

void
faults_disarm(void)
{
	countdown = 0;
	happened = false;
}

void
faults_enter(void)
{
	inside = true;
}

void
faults_leave(void)
{
	inside = false;
}

bool
faults_inside(void)
{
	return inside;
}

bool
faults_due(void)
{
	if (!inside || countdown == 0)
		return false;
	if (countdown > 1) {
		countdown--;
		return false;
	}
	if (!all_behind)
		countdown = 0;
	happened = true;
	return true;
}

bool
faults_happened(void)
{
	return happened;
}

void
faults_redirect(const char *path, const char *to)
{
	for (unsigned i = 0; i < REDIRECTS; i++) {
		if (redirects[i].path != NULL)
			continue;
		redirects[i].path = path;
		redirects[i].to = to;
		return;
	}
}

/* The path itself, or what is below it. */
static const char *
redirect(const char *path)
{
	static char below[PATH_MAX];

	for (unsigned i = 0; i < REDIRECTS; i++) {
		const char *from = redirects[i].path;
		size_t len = from == NULL ? 0 : strlen(from);

		if (from == NULL || strncmp(path, from, len) != 0)
			continue;
		if (path[len] == '\0')
			return redirects[i].to;
		if (path[len] == '/' &&
		    snprintf(below, sizeof(below), "%s%s", redirects[i].to,
			path + len) < PATH_MAX)
			return below;
	}
	return path;
}

/* Fails like a real call: false, with the reason in errno. */
static bool
goes_well(int reason)
{
	if (!faults_due())
		return true;
	errno = reason;
	return false;
}

/* A wrapper passes its arguments on, unless its call has to fail. */
#define WRAP(result, name, parameters, arguments, failure, reason)             \
	result __real_##name parameters;                                       \
	result __wrap_##name parameters;                                       \
	result __wrap_##name parameters                                        \
	{                                                                      \
		return goes_well(reason) ? __real_##name arguments             \
					 : (failure);                          \
	}

WRAP(void *, malloc, (size_t size), (size), NULL, ENOMEM)
WRAP(void *, calloc, (size_t count, size_t size), (count, size), NULL, ENOMEM)
WRAP(void *, realloc, (void *old, size_t size), (old, size), NULL, ENOMEM)
WRAP(void *, reallocarray, (void *old, size_t count, size_t size),
    (old, count, size), NULL, ENOMEM)
WRAP(char *, strdup, (const char *text), (text), NULL, ENOMEM)
WRAP(int, vasprintf, (char **text, const char *format, va_list args),
    (text, format, args), -1, ENOMEM)
WRAP(ssize_t, read, (int fd, void *buf, size_t size), (fd, buf, size), -1, EIO)
WRAP(ssize_t, write, (int fd, const void *buf, size_t size), (fd, buf, size),
    -1, ENOSPC)
WRAP(int, fstat, (int fd, struct stat *st), (fd, st), -1, EIO)
WRAP(int, mkdirat, (int at, const char *path, mode_t mode),
    (at, redirect(path), mode), -1, EROFS)
WRAP(int, renameat, (int from, const char *old, int to, const char *new),
    (from, old, to, new), -1, EROFS)
WRAP(int, getrlimit, (__rlimit_resource_t what, struct rlimit *limit),
    (what, limit), -1, EINVAL)
WRAP(struct tdb_context *, tdb_open_ex,
    (const char *name, int size, int tdb_flags, int flags, mode_t mode,
	const struct tdb_logging_context *logging, tdb_hash_func hash),
    (name, SMALL_SIZE(size), tdb_flags, flags, mode, logging, hash), NULL, EIO)
WRAP(int, tdb_parse_record,
    (struct tdb_context * tdb, TDB_DATA key,
	int (*parser)(TDB_DATA key, TDB_DATA data, void *arg), void *arg),
    (tdb, key, parser, arg), -1, EIO)
WRAP(int, tdb_store,
    (struct tdb_context * tdb, TDB_DATA key, TDB_DATA value, int flag),
    (tdb, key, value, flag), -1, ENOSPC)
WRAP(int, tdb_transaction_start, (struct tdb_context * tdb), (tdb), -1, ENOMEM)

/* Not EAGAIN: the caller would wait. */
int __real_fcntl(int fd, int command, void *arg);
int __wrap_fcntl(int fd, int command, void *arg);

int
__wrap_fcntl(int fd, int command, void *arg)
{
	return goes_well(ENOLCK) ? __real_fcntl(fd, command, arg) : -1;
}

int __real_open(const char *path, int flags, mode_t mode);
int __wrap_open(const char *path, int flags, mode_t mode);

int
__wrap_open(const char *path, int flags, mode_t mode)
{
	return goes_well(EMFILE) ? __real_open(redirect(path), flags, mode)
				 : -1;
}

int __real_openat(int at, const char *path, int flags, mode_t mode);
int __wrap_openat(int at, const char *path, int flags, mode_t mode);

int
__wrap_openat(int at, const char *path, int flags, mode_t mode)
{
	return goes_well(EMFILE)
	    ? __real_openat(at, redirect(path), flags, mode)
	    : -1;
}

/* After a failed commit, nobody can tell whether it was done. */
int __real_tdb_transaction_commit(struct tdb_context *tdb);
int __wrap_tdb_transaction_commit(struct tdb_context *tdb);

int
__wrap_tdb_transaction_commit(struct tdb_context *tdb)
{
	if (goes_well(EIO))
		return __real_tdb_transaction_commit(tdb);
	(void)tdb_transaction_cancel(tdb);
	return -1;
}
