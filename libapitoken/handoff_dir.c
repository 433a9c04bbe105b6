#include "handoff_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto.h"
#include "safe.h"

#define RECORDS "handoff"
#define SUFFIX_LEN 9 /* of a file in the making: a `.` and letters */

/* Opens a directory in at, and makes it if that is wanted and needed. */
static enum err
enter(int at, const char *name, const char *path, enum handoff_dir_mode mode,
    int *fd, struct error *why)
{
	enum err rc = safe_open_directory(at, name, path, fd, why);

	if (rc != ERR_MISSING || mode == HANDOFF_DIR_LOOK)
		return rc;
	/* Another login may make it at the same time. */
	if (mkdirat(at, name, S_IRWXU) != 0 && errno != EEXIST)
		return error_set(why, ERR_SYSTEM,
		    "%s: cannot make the directory: %s", path, strerror(errno));
	return safe_open_directory(at, name, path, fd, why);
}

enum err
handoff_dir_open(
    int *dir, const char *run, enum handoff_dir_mode mode, struct error *why)
{
	char path[PATH_MAX];
	int around = -1;
	enum err rc;

	if (snprintf(path, sizeof(path), "%s/" RECORDS, run) >=
	    (int)sizeof(path))
		return error_set(why, ERR_INVALID, "%s: too long", run);
	rc = enter(AT_FDCWD, run, run, mode, &around, why);
	if (rc != ERR_OK)
		return rc;
	rc = enter(around, RECORDS, path, mode, dir, why);
	(void)close(around);
	return rc;
}

static enum err
system_error(const char *what, struct error *why)
{
	return error_set(why, errno == ENOENT ? ERR_MISSING : ERR_SYSTEM,
	    "a record of the hand-off: cannot %s: %s", what, strerror(errno));
}

/* Writes a file that must be new. */
static enum err
write_new(int dir, const char *name, const uint8_t *bytes, size_t len,
    struct error *why)
{
	int fd = openat(dir, name,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	    S_IRUSR | S_IWUSR);
	ssize_t done;

	if (fd < 0)
		return system_error("create", why);
	errno = ENOSPC; /* what a write that was cut does not say */
	done = write(fd, bytes, len);
	if (done == (ssize_t)len && close(fd) == 0)
		return ERR_OK;
	(void)system_error("write", why);
	if (done != (ssize_t)len)
		(void)close(fd);
	return ERR_SYSTEM;
}

/* A name for a file in the making, which goes when this process has gone. */
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
	crypto_draw(
	    name + len + 1, SUFFIX_LEN - 1, "abcdefghijklmnopqrstuvwxyz");
	name[len + SUFFIX_LEN] = '\0';
	return ERR_OK;
}

/* Beyond the limit, write raises a signal that would end the host. */
static enum err
check_limit(size_t len, struct error *why)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur >= len)
		return ERR_OK;
	return error_set(why, ERR_SYSTEM,
	    "a record of the hand-off: over the host's limit for files");
}

enum err
handoff_dir_write(int dir, const struct process *process, const uint8_t *bytes,
    size_t len, struct error *why)
{
	char name[PROCESS_NAME_LEN + 1];
	char fresh[PROCESS_NAME_LEN + SUFFIX_LEN + 1];
	enum err rc = check_limit(len, why);

	if (rc == ERR_OK)
		rc = name_fresh(fresh, why);
	if (rc != ERR_OK)
		return rc;
	process_name(process, name);
	rc = write_new(dir, fresh, bytes, len, why);
	if (rc == ERR_OK && renameat(dir, fresh, dir, name) != 0)
		rc = system_error("rename", why);
	if (rc != ERR_OK)
		(void)unlinkat(dir, fresh, 0);
	return rc;
}

enum err
handoff_dir_read(int dir, const struct process *process, uint8_t *bytes,
    size_t size, size_t *len, struct error *why)
{
	char name[PROCESS_NAME_LEN + 1];
	int fd;
	enum err rc;

	process_name(process, name);
	fd = openat(dir, name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return system_error("open", why);
	rc = safe_check(fd, name, SAFE_PRIVATE, why);
	if (rc == ERR_OK)
		rc = safe_read(fd, name, bytes, size, len, why);
	(void)close(fd);
	return rc;
}

void
handoff_dir_remove(int dir, const struct process *process)
{
	char name[PROCESS_NAME_LEN + 1];

	process_name(process, name);
	(void)unlinkat(dir, name, 0);
}

void
handoff_dir_sweep(int dir)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *entries = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	struct process process;

	if (entries == NULL) {
		if (fd >= 0)
			(void)close(fd);
		return;
	}
	while ((entry = readdir(entries)) != NULL) {
		if (process_parse_name(entry->d_name, &process) &&
		    process_is_gone(&process))
			(void)unlinkat(dir, entry->d_name, 0);
	}
	(void)closedir(entries);
}
