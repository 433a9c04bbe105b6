#include "mount_ns.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <sched.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mount_calls.h"
#include "mounts.h"

#define SELF "/proc/self/ns/mnt"

/* A working directory; `/` where it has been removed. */
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

/* Anew, since what was the way to it may be under a mount now, or hidden. */
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

/* setns(2) and what is mounted anew lead to another root directory. */
static enum err
join(int fd, const struct directory *directory, struct error *why)
{
	if (setns(fd, CLONE_NEWNS) != 0)
		return error_set(why, ERR_SYSTEM, "setns: %m");
	return return_to(directory, why);
}

static enum err
open_self(int *fd, struct error *why)
{
	*fd = open(SELF, O_RDONLY | O_CLOEXEC);
	if (*fd < 0)
		return error_set(why, ERR_SYSTEM, SELF ": %m");
	return ERR_OK;
}

enum err
mount_ns_self(struct mount_ns *ns, struct error *why)
{
	struct stat status;

	if (stat(SELF, &status) != 0)
		return error_set(why, ERR_SYSTEM, SELF ": %m");
	*ns = (struct mount_ns){
	    .device = status.st_dev,
	    .inode = status.st_ino,
	};
	return ERR_OK;
}

enum err
mount_ns_enter(struct places *places, struct error *why)
{
	struct directory directory = working_directory();
	enum err rc = mounts_build(places, why);

	return rc == ERR_OK ? return_to(&directory, why) : rc;
}

enum err
mount_ns_prepare(struct places *places, int *fd, struct error *why)
{
	struct directory directory = working_directory();
	int before;
	enum err rc = open_self(&before, why);

	*fd = -1;
	if (rc != ERR_OK)
		return rc;
	rc = mounts_build(places, why);
	if (rc == ERR_OK)
		rc = open_self(fd, why);
	if (rc == ERR_OK)
		rc = join(before, &directory, why);
	if (rc != ERR_OK && *fd >= 0) {
		(void)close(*fd);
		*fd = -1;
	}
	(void)close(before);
	return rc;
}

enum err
mount_ns_join(int fd, struct error *why)
{
	struct directory directory = working_directory();

	return join(fd, &directory, why);
}
