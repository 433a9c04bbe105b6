#include "base/safe_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/retry.h"

static enum err
system_error(const char *path, const char *what, struct error *why)
{
	enum err rc = ERR_SYSTEM;

	if (errno == ENOMEM)
		rc = ERR_NOMEM;
	else if (errno == EACCES)
		rc = ERR_DENIED;
	return error_set(
	    why, rc, "%s: cannot %s: %s", path, what, strerror(errno));
}

static enum err
a_link(const char *path, struct error *why)
{
	return error_set(why, ERR_UNSAFE,
	    "%s: a symbolic link; put the file itself there", path);
}

static enum err
check_owner(uid_t owner, const char *path, struct error *why)
{
	if (owner == 0 || owner == geteuid())
		return ERR_OK;
	return error_set(why, ERR_UNSAFE,
	    "%s: owned by uid %lu, not by root; mend it with: chown root %s",
	    path, (unsigned long)owner, path);
}

static enum err
check_file(const struct stat *st, const char *path, enum safe_privacy privacy,
    struct error *why)
{
	unsigned mode = st->st_mode & 07777;
	enum err rc;

	if (S_ISLNK(st->st_mode))
		return a_link(path, why);
	if (!S_ISREG(st->st_mode))
		return error_set(why, ERR_UNSAFE,
		    "%s: not a regular file; move it away", path);
	rc = check_owner(st->st_uid, path, why);
	if (rc != ERR_OK)
		return rc;
	if (privacy == SAFE_PRIVATE && (mode & (S_IRWXG | S_IRWXO)) != 0)
		return error_set(why, ERR_UNSAFE,
		    "%s: mode %04o lets others in; mend it with: chmod 600 %s",
		    path, mode, path);
	if ((mode & (S_IWGRP | S_IWOTH)) != 0)
		return error_set(why, ERR_UNSAFE,
		    "%s: mode %04o lets others write; mend it with: "
		    "chmod go-w %s",
		    path, mode, path);
	return ERR_OK;
}

enum err
safe_check(
    int fd, const char *path, enum safe_privacy privacy, struct error *why)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return system_error(path, "stat", why);
	return check_file(&st, path, privacy, why);
}

static enum err
look_at(const char *path, struct stat *st, struct error *why)
{
	if (lstat(path, st) == 0)
		return ERR_OK;
	if (errno == ENOENT)
		return error_set(why, ERR_MISSING, "%s: missing", path);
	return system_error(path, "stat", why);
}

enum err
safe_check_name(const char *path, enum safe_privacy privacy, struct error *why)
{
	struct stat st;
	enum err rc = look_at(path, &st, why);

	return rc == ERR_OK ? check_file(&st, path, privacy, why) : rc;
}

enum err
safe_open(const char *path, int flags, enum safe_privacy privacy, int *fd,
    struct error *why)
{
	/* O_NONBLOCK: a FIFO in place of the file must not block us. */
	int opened = retry_openat(
	    AT_FDCWD, path, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0);
	enum err rc;

	if (opened < 0 && errno == ENOENT)
		return error_set(why, ERR_MISSING, "%s: missing", path);
	if (opened < 0 && errno == ELOOP)
		return a_link(path, why);
	if (opened < 0 && (errno == ENXIO || errno == EISDIR))
		return error_set(why, ERR_UNSAFE,
		    "%s: not a regular file; move it away", path);
	if (opened < 0)
		return system_error(path, "open", why);
	rc = safe_check(opened, path, privacy, why);
	if (rc == ERR_OK)
		*fd = opened;
	else
		(void)close(opened);
	return rc;
}

enum err
safe_check_directory(const char *path, struct error *why)
{
	struct stat st;
	enum err rc = look_at(path, &st, why);

	if (rc != ERR_OK)
		return rc;
	if (!S_ISDIR(st.st_mode))
		return error_set(
		    why, ERR_UNSAFE, "%s: not a directory; move it away", path);
	rc = check_owner(st.st_uid, path, why);
	if (rc != ERR_OK)
		return rc;
	if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return error_set(why, ERR_UNSAFE,
		    "%s: mode %04o lets others write; mend it with: "
		    "chmod 700 %s",
		    path, (unsigned)st.st_mode & 07777, path);
	return ERR_OK;
}

enum err
safe_open_directory(
    int at, const char *name, const char *path, int *fd, struct error *why)
{
	int opened = retry_openat(
	    at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
	struct stat st;
	enum err rc;

	if (opened < 0 && errno == ENOENT)
		return error_set(why, ERR_MISSING, "%s: missing", path);
	if (opened < 0 && errno == ENOTDIR)
		return error_set(
		    why, ERR_UNSAFE, "%s: not a directory; move it away", path);
	if (opened < 0)
		return system_error(path, "open", why);
	if (fstat(opened, &st) != 0)
		rc = system_error(path, "stat", why);
	else
		rc = check_owner(st.st_uid, path, why);
	if (rc == ERR_OK && (st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		rc = error_set(why, ERR_UNSAFE,
		    "%s: mode %04o lets others in; mend it with: chmod 700 %s",
		    path, (unsigned)st.st_mode & 07777, path);
	if (rc == ERR_OK)
		*fd = opened;
	else
		(void)close(opened);
	return rc;
}

enum err
safe_make_directory(const char *path, struct error *why)
{
	enum err rc = ERR_OK;

	if (mkdir(path, S_IRWXU) != 0)
		rc = errno == EEXIST
		    ? safe_check_directory(path, why)
		    : system_error(path, "make the directory", why);
	/* Even if it exists: its maker may have been killed before the sync. */
	return rc == ERR_OK ? safe_sync_directory_of(path, why) : rc;
}

enum err
safe_read(int fd, const char *path, void *buf, size_t size, size_t *len,
    struct error *why)
{
	char *at = buf, extra;
	size_t have = 0;

	for (;;) {
		ssize_t got = have < size ? read(fd, at + have, size - have)
					  : read(fd, &extra, 1);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return system_error(path, "read", why);
		have += (size_t)got;
		if (got == 0 || have > size)
			break;
	}
	*len = have;
	return ERR_OK;
}

bool
safe_is_absent(const char *path)
{
	struct stat st;

	return lstat(path, &st) != 0 && errno == ENOENT;
}

enum err
safe_sync_directory_of(const char *path, struct error *why)
{
	char parent[PATH_MAX];
	const char *slash = strrchr(path, '/');
	size_t len = slash == NULL || slash == path ? 1
						    : (size_t)(slash - path);
	int fd, failed;

	if (len >= sizeof(parent))
		return error_set(why, ERR_INVALID, "%s: too long", path);
	memcpy(parent, slash == NULL ? "." : path, len);
	parent[len] = '\0';
	fd = retry_openat(
	    AT_FDCWD, parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	if (fd < 0)
		return system_error(parent, "open", why);
	/*
	 * A read-only file system, or one without fsync, has nothing to write.
	 */
	failed = retry_fsync(fd) != 0 && errno != EROFS && errno != EINVAL;
	(void)close(fd);
	return failed ? system_error(parent, "sync", why) : ERR_OK;
}
