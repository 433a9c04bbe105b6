#include "base/write_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/retry.h"
#include "base/safe_file.h"

#define PAUSE 10   /* milliseconds */
#define TRIES 1000 /* ten seconds for another writer */

/* False if another process has it; true where files cannot be locked. */
static bool
lock(int fd)
{
	return retry_flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

/* Whether the file still has this name: ERR_OK, ERR_MISSING, ERR_SYSTEM. */
static enum err
look_at(int fd, const char *path, struct error *why)
{
	struct stat open, named = {0};

	if (fstat(fd, &open) != 0 ||
	    (lstat(path, &named) != 0 && errno != ENOENT))
		return error_set(why, ERR_SYSTEM, "%s: cannot stat: %s", path,
		    strerror(errno));
	return open.st_dev == named.st_dev && open.st_ino == named.st_ino
	    ? ERR_OK
	    : ERR_MISSING;
}

/* Removes what is there unless its writer lives, who has it locked. */
static void
remove_left(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (fd < 0) {
		(void)unlink(path);
		return;
	}
	if (lock(fd) && look_at(fd, path, NULL) == ERR_OK)
		(void)unlink(path);
	(void)close(fd);
}

/*
 * Makes the file and locks it. ERR_EXISTS; ERR_MISSING: before it was locked,
 * another process has removed it.
 */
static enum err
make(const char *path, int *fd, struct error *why)
{
	enum err rc;

	*fd = retry_openat(AT_FDCWD, path,
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
	    S_IRUSR | S_IWUSR);
	if (*fd < 0 && errno == EEXIST)
		return ERR_EXISTS;
	if (*fd < 0)
		return error_set(why, ERR_SYSTEM, "%s: cannot create: %s", path,
		    strerror(errno));
	rc = lock(*fd) ? look_at(*fd, path, why) : ERR_MISSING;
	if (rc != ERR_OK)
		(void)close(*fd);
	if (rc == ERR_SYSTEM)
		remove_left(path);
	return rc;
}

/*
 * Makes the file under the temporary name, which one writer has at a time: who
 * has it locked.
 */
static enum err
open_fresh(const char *path, int *fd, struct error *why)
{
	for (int i = 0; i < TRIES; i++) {
		enum err rc = make(path, fd, why);

		if (rc != ERR_EXISTS && rc != ERR_MISSING)
			return rc;
		if (rc == ERR_EXISTS)
			remove_left(path);
		if (i > 0)
			(void)poll(NULL, 0, PAUSE);
	}
	return error_set(why, ERR_BUSY, "%s: another process writes it", path);
}

/* Writes it under the temporary name and flushes it; *fd keeps it locked. */
static enum err
write_fresh(const char *path, const void *bytes, size_t len, mode_t mode,
    int *fd, struct error *why)
{
	enum err rc = open_fresh(path, fd, why);

	if (rc != ERR_OK)
		return rc;
	if (retry_write(*fd, bytes, len) == 0 && fchmod(*fd, mode) == 0 &&
	    retry_fsync(*fd) == 0)
		return ERR_OK;
	(void)error_set(
	    why, ERR_SYSTEM, "%s: cannot write: %s", path, strerror(errno));
	(void)unlink(path);
	(void)close(*fd);
	return ERR_SYSTEM;
}

static enum err
name_fresh(const char *path, char fresh[PATH_MAX], struct error *why)
{
	return snprintf(fresh, PATH_MAX, "%s.new", path) < PATH_MAX
	    ? ERR_OK
	    : error_set(why, ERR_INVALID, "%s: too long", path);
}

enum err
write_file_new(const char *path, const void *bytes, size_t len, mode_t mode,
    struct error *why)
{
	char fresh[PATH_MAX];
	int fd;
	enum err rc = name_fresh(path, fresh, why);

	if (rc == ERR_OK)
		rc = write_fresh(fresh, bytes, len, mode, &fd, why);
	if (rc != ERR_OK)
		return rc;
	/* link, not rename: it fails where a file is there already. */
	if (link(fresh, path) != 0)
		rc = error_set(why, errno == EEXIST ? ERR_EXISTS : ERR_SYSTEM,
		    "%s: cannot create: %s", path, strerror(errno));
	(void)unlink(fresh);
	(void)close(fd);
	return rc == ERR_OK ? safe_sync_directory_of(path, why) : rc;
}

enum err
write_file_over(const char *path, const void *bytes, size_t len, mode_t mode,
    struct error *why)
{
	char fresh[PATH_MAX];
	int fd;
	enum err rc = name_fresh(path, fresh, why);

	if (rc == ERR_OK)
		rc = write_fresh(fresh, bytes, len, mode, &fd, why);
	if (rc != ERR_OK)
		return rc;
	if (rename(fresh, path) != 0) {
		rc = error_set(why, ERR_SYSTEM, "%s: cannot replace: %s", path,
		    strerror(errno));
		(void)unlink(fresh);
	}
	(void)close(fd);
	return rc == ERR_OK ? safe_sync_directory_of(path, why) : rc;
}
