#include "confine/mount_ns.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <sched.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "confine/mount_calls.h"
#include "confine/mounts.h"

#define SELF "/proc/self/ns/mnt"

/* A working directory; `/` if it has been removed. */
struct directory {
	char path[PATH_MAX];
};

static struct directory
working_directory(void)
{
	struct directory directory;

	if (getcwd(directory.path, sizeof(directory.path)) == NULL)
		strcpy(directory.path, "/");
	return directory;
}

/* By its path, since a mount may lie over the old one, or hide it. */
static enum err
return_to(const struct directory *directory, struct error *why)
{
	int fd = mount_open_path(directory->path, RESOLVE_NO_SYMLINKS);
	enum err rc = ERR_OK;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		fd = mount_open_path("/", 0);
	if (fd < 0 || fchdir(fd) != 0)
		rc = error_set(why, ERR_SYSTEM, "%s: %m", directory->path);
	if (fd >= 0)
		(void)close(fd);
	return rc;
}

static enum err
open_self(int *fd, struct error *why)
{
	*fd = open(SELF, O_RDONLY | O_CLOEXEC);
	if (*fd < 0)
		return error_set(why, ERR_SYSTEM, SELF ": %m");
	return ERR_OK;
}

static struct mount_ns
number(const struct stat *status)
{
	return (struct mount_ns){
	    .device = status->st_dev,
	    .inode = status->st_ino,
	};
}

enum err
mount_ns_self(struct mount_ns *ns, struct error *why)
{
	struct stat status;

	if (stat(SELF, &status) != 0)
		return error_set(why, ERR_SYSTEM, SELF ": %m");
	*ns = number(&status);
	return ERR_OK;
}

bool
mount_ns_is_same(const struct mount_ns *one, const struct mount_ns *other)
{
	return one->inode != 0 && one->inode == other->inode &&
	    one->device == other->device;
}

bool
mount_ns_is_behind(const struct mount_ns *ns, int fd)
{
	struct mount_ns found;
	struct stat status;

	if (fstat(fd, &status) != 0)
		return false;
	found = number(&status);
	return mount_ns_is_same(ns, &found);
}

enum err
mount_ns_enter(struct places *places, struct error *why)
{
	struct directory directory = working_directory();
	enum err rc = mounts_build(places, why);

	return rc == ERR_OK ? return_to(&directory, why) : rc;
}

/*
 * setns(2) leads to the root directory of a namespace, which in a chroot(2) is
 * another one, with other files.
 */
static enum err
join(int fd, struct error *why)
{
	struct stat before, after;

	if (stat("/", &before) != 0 || setns(fd, CLONE_NEWNS) != 0 ||
	    stat("/", &after) != 0)
		return error_set(why, ERR_SYSTEM, "setns: %m");
	if (before.st_dev != after.st_dev || before.st_ino != after.st_ino)
		return error_set(
		    why, ERR_SYSTEM, "the service runs in a chroot");
	return ERR_OK;
}

/* Makes it, and returns to the one that the descriptor before refers to. */
static enum err
prepare(struct places *places, int before, int *fd, struct mount_ns *ns,
    struct error *why)
{
	enum err rc = mounts_build(places, why);

	if (rc == ERR_OK)
		rc = open_self(fd, why);
	if (rc == ERR_OK)
		rc = mount_ns_self(ns, why);
	return rc == ERR_OK ? join(before, why) : rc;
}

enum err
mount_ns_prepare(
    struct places *places, int *fd, struct mount_ns *ns, struct error *why)
{
	/* This one stays valid here, unlike in a new namespace. */
	int directory = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int before = -1;
	enum err rc = ERR_SYSTEM;

	*fd = -1;
	if (directory < 0)
		(void)error_set(why, ERR_SYSTEM, "the working directory: %m");
	else
		rc = open_self(&before, why);
	if (rc == ERR_OK)
		rc = prepare(places, before, fd, ns, why);
	if (rc == ERR_OK && fchdir(directory) != 0)
		rc = error_set(why, ERR_SYSTEM, "the working directory: %m");
	if (rc != ERR_OK && *fd >= 0) {
		(void)close(*fd);
		*fd = -1;
	}
	if (before >= 0)
		(void)close(before);
	if (directory >= 0)
		(void)close(directory);
	return rc;
}

enum err
mount_ns_join(int fd, struct error *why)
{
	struct directory directory = working_directory();
	enum err rc = join(fd, why);

	return rc == ERR_OK ? return_to(&directory, why) : rc;
}
