#include "confine/descriptors.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <linux/major.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

/* In linux/magic.h since Linux 6.9. */
#define PIDFS_MAGIC 0x50494446

/* An open descriptor. */
struct descriptor {
	int fd;
	bool is_handed_on; /* to what the session executes */
	struct stat status;
	char path[PATH_MAX];
};

/* On a file system that is mounted nowhere: no file of the machine. */
static bool
is_the_kernels_own(const struct descriptor *descriptor, long type)
{
	static const long TYPES[] = {ANON_INODE_FS_MAGIC, NSFS_MAGIC,
	    PIDFS_MAGIC, PIPEFS_MAGIC, SOCKFS_MAGIC};
	static const char MEMORY[] = "/memfd:";

	for (size_t i = 0; i < sizeof(TYPES) / sizeof(TYPES[0]); i++) {
		if (type == TYPES[i])
			return true;
	}
	/* On tmpfs or hugetlbfs, as files are. */
	return strncmp(descriptor->path, MEMORY, strlen(MEMORY)) == 0;
}

/* A terminal that was hung up is no longer one to isatty(3). */
static bool
is_terminal(const struct descriptor *descriptor)
{
	unsigned kind = major(descriptor->status.st_rdev);

	return isatty(descriptor->fd) ||
	    (kind >= UNIX98_PTY_SLAVE_MAJOR &&
		kind < UNIX98_PTY_SLAVE_MAJOR + UNIX98_PTY_MAJOR_COUNT);
}

/* null, zero, full, random, urandom: null(4), full(4), random(4). */
static bool
keeps_nothing(dev_t device)
{
	unsigned number = minor(device);

	return major(device) == MEM_MAJOR &&
	    (number == 3 || number == 5 || number == 7 || number == 8 ||
		number == 9);
}

static enum err
refuse(const struct descriptor *descriptor, const char *what, struct error *why)
{
	return error_set(why, ERR_REFUSED,
	    "the service has %s open, %s (descriptor %d): sessions could "
	    "change files by it; start the service without it",
	    descriptor->path, what, descriptor->fd);
}

/* Any other type is on a mount: a file, a FIFO, the path of a socket. */
static enum err
check_file(const struct descriptor *descriptor, uid_t uid, struct error *why)
{
	const struct stat *status = &descriptor->status;
	bool is_the_users = status->st_uid == uid ||
	    (status->st_mode & (S_IWGRP | S_IWOTH)) != 0;
	int flags = fcntl(descriptor->fd, F_GETFL);
	struct statvfs mount;

	if (flags < 0 || fstatvfs(descriptor->fd, &mount) != 0)
		return error_set(why, ERR_SYSTEM, "%s: %m", descriptor->path);
	if (descriptor->is_handed_on && (flags & O_ACCMODE) != O_RDONLY)
		return refuse(descriptor, "for writing", why);
	if ((descriptor->is_handed_on || is_the_users) &&
	    (mount.f_flag & ST_RDONLY) == 0)
		return refuse(descriptor, "on a writable mount", why);
	return ERR_OK;
}

/* A device can be written to even on a read-only mount. */
static enum err
check_device(const struct descriptor *descriptor, uid_t uid, struct error *why)
{
	if (S_ISCHR(descriptor->status.st_mode) &&
	    (is_terminal(descriptor) ||
		keeps_nothing(descriptor->status.st_rdev)))
		return ERR_OK;
	if (descriptor->is_handed_on)
		return refuse(descriptor, "a device", why);
	return check_file(descriptor, uid, why);
}

static enum err
check_one(const struct descriptor *descriptor, uid_t uid, struct error *why)
{
	struct statfs system;

	if (fstatfs(descriptor->fd, &system) != 0)
		return error_set(why, ERR_SYSTEM, "%s: %m", descriptor->path);
	if (is_the_kernels_own(descriptor, system.f_type))
		return ERR_OK;
	switch (descriptor->status.st_mode & S_IFMT) {
	case S_IFDIR:
		return refuse(descriptor, "a directory", why);
	case S_IFBLK:
	case S_IFCHR:
		return check_device(descriptor, uid, why);
	default:
		return check_file(descriptor, uid, why);
	}
}

/* number: the name of its link in dir. */
static enum err
look(struct descriptor *descriptor, int dir, const char *number, bool executes,
    struct error *why)
{
	ssize_t len = -1;
	int flags;

	*descriptor = (struct descriptor){.fd = (int)strtol(number, NULL, 10)};
	flags = fcntl(descriptor->fd, F_GETFD);
	if (flags >= 0 && fstat(descriptor->fd, &descriptor->status) == 0)
		len = readlinkat(dir, number, descriptor->path,
		    sizeof(descriptor->path) - 1);
	if (len < 0)
		return error_set(why, ERR_SYSTEM, "descriptor %s: %m", number);
	descriptor->is_handed_on = executes && (flags & FD_CLOEXEC) == 0;
	return ERR_OK;
}

static enum err
check_all(DIR *dir, uid_t uid, bool executes, struct error *why)
{
	struct descriptor descriptor;
	const struct dirent *entry;
	enum err rc;

	while ((errno = 0, entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		rc = look(
		    &descriptor, dirfd(dir), entry->d_name, executes, why);
		if (rc == ERR_OK && descriptor.fd != dirfd(dir))
			rc = check_one(&descriptor, uid, why);
		if (rc != ERR_OK)
			return rc;
	}
	return errno == 0 ? ERR_OK
			  : error_set(why, ERR_SYSTEM, "/proc/self/fd: %m");
}

enum err
descriptors_check(uid_t uid, bool executes, struct error *why)
{
	DIR *dir = opendir("/proc/self/fd");
	enum err rc;

	if (dir == NULL)
		return error_set(why, ERR_SYSTEM, "/proc/self/fd: %m");
	rc = check_all(dir, uid, executes, why);
	(void)closedir(dir);
	return rc;
}
