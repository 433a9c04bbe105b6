#include "session/rundir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/retry.h"
#include "base/safe_file.h"
#include "session/process.h"

#define SUFFIX_LEN 9 /* of an unfinished file: a `.` and letters */

/* Opens a directory in at; makes it if mode says so and it is missing. */
static enum err
enter(int at, const char *name, const char *path, enum rundir_mode mode,
    int *fd, struct error *why)
{
	enum err rc = safe_open_directory(at, name, path, fd, why);

	if (rc != ERR_MISSING || mode == RUNDIR_LOOK)
		return rc;
	/* Another login may create it at the same time. */
	if (mkdirat(at, name, S_IRWXU) != 0 && errno != EEXIST)
		return error_set(why, ERR_SYSTEM,
		    "%s: cannot make the directory: %s", path, strerror(errno));
	return safe_open_directory(at, name, path, fd, why);
}

enum err
rundir_open(int *dir, const char *path, const char *part, enum rundir_mode mode,
    struct error *why)
{
	char full[PATH_MAX];
	int around = -1;
	enum err rc;

	if (snprintf(full, sizeof(full), "%s/%s", path, part) >=
	    (int)sizeof(full))
		return error_set(why, ERR_INVALID, "%s: too long", path);
	rc = enter(AT_FDCWD, path, path, mode, &around, why);
	if (rc != ERR_OK)
		return rc;
	rc = enter(around, part, full, mode, dir, why);
	(void)close(around);
	return rc;
}

static enum err
system_error(const char *what, struct error *why)
{
	return error_set(why, errno == ENOENT ? ERR_MISSING : ERR_SYSTEM,
	    "a file in " RUNDIR ": cannot %s: %s", what, strerror(errno));
}

/* Writes a file that must be new. */
static enum err
write_new(int dir, const char *name, const uint8_t *bytes, size_t len,
    struct error *why)
{
	int fd = retry_openat(dir, name,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	    S_IRUSR | S_IWUSR);
	int failed;

	if (fd < 0)
		return system_error("create", why);
	failed = retry_write(fd, bytes, len);
	if (failed)
		(void)system_error("write", why);
	(void)close(fd);
	return failed ? ERR_SYSTEM : ERR_OK;
}

/* A name for an unfinished file, stale once this process has ended. */
static enum err
name_fresh(char name[PROCESS_NAME_LEN + SUFFIX_LEN + 1], struct error *why)
{
	struct process self;
	enum err rc = process_self(&self, why);
	size_t len;

	if (rc != ERR_OK)
		return rc;
	process_name(&self, name);
	len = strlen(name);
	name[len] = '.';
	name[len + SUFFIX_LEN] = '\0';
	rc = crypto_draw(
	    name + len + 1, SUFFIX_LEN - 1, "abcdefghijklmnopqrstuvwxyz");
	return rc == ERR_OK ? rc : error_plain(why, rc);
}

/* Over the limit, write raises a signal that would end the host. */
static enum err
check_limit(size_t len, struct error *why)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur >= len)
		return ERR_OK;
	return error_set(why, ERR_SYSTEM,
	    "a file in " RUNDIR ": over the host's limit for files");
}

/* Writes a file and renames it with flags (renameat2(2)). */
static enum err
put(int dir, const char *name, const uint8_t *bytes, size_t len, unsigned flags,
    struct error *why)
{
	char fresh[PROCESS_NAME_LEN + SUFFIX_LEN + 1];
	enum err rc = check_limit(len, why);

	if (rc == ERR_OK)
		rc = name_fresh(fresh, why);
	if (rc != ERR_OK)
		return rc;
	rc = write_new(dir, fresh, bytes, len, why);
	if (rc == ERR_OK && renameat2(dir, fresh, dir, name, flags) != 0)
		rc = errno == EEXIST ? error_plain(why, ERR_EXISTS)
				     : system_error("rename", why);
	if (rc != ERR_OK)
		(void)unlinkat(dir, fresh, 0);
	return rc;
}

enum err
rundir_write(int dir, const char *name, const uint8_t *bytes, size_t len,
    struct error *why)
{
	return put(dir, name, bytes, len, 0, why);
}

enum err
rundir_add(int dir, const char *name, const uint8_t *bytes, size_t len,
    struct error *why)
{
	return put(dir, name, bytes, len, RENAME_NOREPLACE, why);
}

/* Opens a file that is there, and is root's alone. */
static enum err
open_file(int dir, const char *name, int flags, int *fd, struct error *why)
{
	int failure;
	struct stat st;
	enum err rc;

	*fd = retry_openat(
	    dir, name, flags | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC, 0);
	failure = errno;
	if (*fd < 0) {
		/* Whether there is a file can be seen without a descriptor. */
		if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 ||
		    errno != ENOENT)
			errno = failure;
		return system_error("open", why);
	}
	rc = safe_check(*fd, name, SAFE_PRIVATE, why);
	if (rc != ERR_OK)
		(void)close(*fd);
	return rc;
}

enum err
rundir_write_end(int dir, const char *name, const uint8_t *bytes, size_t len,
    struct error *why)
{
	int fd;
	off_t start;
	enum err rc = open_file(dir, name, O_WRONLY, &fd, why);

	if (rc != ERR_OK)
		return rc;
	start = lseek(fd, -(off_t)len, SEEK_END);
	if (start < 0)
		rc = error_plain(why, ERR_DAMAGED);
	else
		rc = check_limit((size_t)start + len, why);
	if (rc == ERR_OK && retry_write(fd, bytes, len) != 0)
		rc = system_error("write", why);
	(void)close(fd);
	return rc;
}

enum err
rundir_read(int dir, const char *name, uint8_t *bytes, size_t size, size_t *len,
    struct error *why)
{
	int fd;
	enum err rc = open_file(dir, name, O_RDONLY, &fd, why);

	if (rc != ERR_OK)
		return rc;
	rc = safe_read(fd, name, bytes, size, len, why);
	(void)close(fd);
	return rc;
}

enum err
rundir_remove(int dir, const char *name, struct error *why)
{
	if (unlinkat(dir, name, 0) == 0 || errno == ENOENT)
		return ERR_OK;
	return system_error("remove", why);
}

enum err
rundir_each(int dir, rundir_visitor *visit, void *arg, struct error *why)
{
	int fd = retry_openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	DIR *entries = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	enum err rc = ERR_OK;

	if (entries == NULL) {
		rc = system_error("list", why);
		if (fd >= 0)
			(void)close(fd);
		return rc;
	}
	while (rc == ERR_OK) {
		/* The end and an error differ in errno alone. */
		errno = 0;
		entry = readdir(entries);
		if (entry == NULL && errno != 0)
			rc = system_error("list", why);
		if (entry == NULL)
			break;
		if (entry->d_name[0] != '.')
			rc = visit(entry->d_name, arg);
	}
	(void)closedir(entries);
	return rc;
}

void
rundir_remove_stale(int dir, const char *name)
{
	struct process process;

	if (process_parse_name(name, &process) && process_is_gone(&process))
		(void)rundir_remove(dir, name, NULL);
}

static enum err
remove_stale(const char *name, void *arg)
{
	rundir_remove_stale(*(int *)arg, name);
	return ERR_OK;
}

void
rundir_sweep(int dir)
{
	(void)rundir_each(dir, remove_stale, &dir, NULL);
}
