/*
 * Opens files that must be ours alone: never through a symbolic link, and
 * checked by fstat on the descriptor: a regular file or a directory, owned by
 * root (or by the effective user, so that tests need no special build). Errors
 * name the file, what is wrong and the command that mends it.
 */
#ifndef APITOKEN_SAFE_FILE_H
#define APITOKEN_SAFE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"

/* What others may do with the file. */
enum safe_privacy {
	SAFE_PRIVATE,  /* nothing: group and others have no access */
	SAFE_READABLE, /* others may read, not write */
};

/*
 * Opens a regular file with flags (O_CLOEXEC, O_NOFOLLOW and O_NONBLOCK are
 * added) and checks it. Sets *fd, which the caller closes.
 * ERR_MISSING, ERR_UNSAFE, ERR_DENIED, ERR_SYSTEM.
 */
enum err safe_open(const char *path, int flags, enum safe_privacy privacy,
    int *fd, struct error *why);

/* Checks what an open descriptor of path refers to. ERR_UNSAFE, ERR_SYSTEM. */
enum err safe_check(
    int fd, const char *path, enum safe_privacy privacy, struct error *why);

/*
 * Checks what path refers to, without opening it.
 * ERR_MISSING, ERR_UNSAFE, ERR_DENIED, ERR_SYSTEM.
 */
enum err safe_check_name(
    const char *path, enum safe_privacy privacy, struct error *why);

/*
 * Checks a directory that nobody else may write to.
 * ERR_MISSING, ERR_UNSAFE, ERR_DENIED, ERR_SYSTEM.
 */
enum err safe_check_directory(const char *path, struct error *why);

/*
 * Opens a directory to which nobody else has access: name, in the directory at
 * (or AT_FDCWD), without following a link; path names it in errors. Sets *fd,
 * which the caller closes. Errors as safe_open.
 */
enum err safe_open_directory(
    int at, const char *name, const char *path, int *fd, struct error *why);

/*
 * Makes a directory of mode 0700 unless it exists, and checks it. Its parent
 * must exist. Errors as safe_check_directory, and ERR_SYSTEM.
 */
enum err safe_make_directory(const char *path, struct error *why);

/*
 * Reads a whole file of at most size bytes into buf and sets *len. A file
 * that is longer sets *len to size + 1. ERR_SYSTEM.
 */
enum err safe_read(int fd, const char *path, void *buf, size_t size,
    size_t *len, struct error *why);

/*
 * Whether nothing has that name. Where that cannot be told, something may have:
 * to open it then says why not.
 */
bool safe_is_absent(const char *path);

/* Flushes the directory of path to the disk. ERR_SYSTEM, ERR_INVALID. */
enum err safe_sync_directory_of(const char *path, struct error *why);

#endif
