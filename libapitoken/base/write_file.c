#include "base/write_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/retry.h"
#include "base/safe_file.h"

/* Writes it under the temporary name and flushes it. */
static enum err
write_fresh(const char *path, const void *bytes, size_t len, mode_t mode,
    struct error *why)
{
	int fd, failed;

	/* A killed writer's. */
	(void)unlink(path);
	fd = retry_openat(AT_FDCWD, path,
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
	    S_IRUSR | S_IWUSR);
	if (fd < 0)
		return error_set(why, ERR_SYSTEM, "%s: cannot create: %s", path,
		    strerror(errno));
	failed = retry_write(fd, bytes, len) != 0 || fchmod(fd, mode) != 0 ||
	    retry_fsync(fd) != 0;
	(void)close(fd);
	if (!failed)
		return ERR_OK;
	(void)error_set(
	    why, ERR_SYSTEM, "%s: cannot write: %s", path, strerror(errno));
	(void)unlink(path);
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
	enum err rc = name_fresh(path, fresh, why);

	if (rc == ERR_OK)
		rc = write_fresh(fresh, bytes, len, mode, why);
	if (rc != ERR_OK)
		return rc;
	/* link, not rename: it fails where a file is there already. */
	if (link(fresh, path) != 0)
		rc = error_set(why, errno == EEXIST ? ERR_EXISTS : ERR_SYSTEM,
		    "%s: cannot create: %s", path, strerror(errno));
	(void)unlink(fresh);
	return rc == ERR_OK ? safe_sync_directory_of(path, why) : rc;
}

enum err
write_file_over(const char *path, const void *bytes, size_t len, mode_t mode,
    struct error *why)
{
	char fresh[PATH_MAX];
	enum err rc = name_fresh(path, fresh, why);

	if (rc == ERR_OK)
		rc = write_fresh(fresh, bytes, len, mode, why);
	if (rc != ERR_OK)
		return rc;
	if (rename(fresh, path) != 0) {
		rc = error_set(why, ERR_SYSTEM, "%s: cannot replace: %s", path,
		    strerror(errno));
		(void)unlink(fresh);
		return rc;
	}
	return safe_sync_directory_of(path, why);
}
