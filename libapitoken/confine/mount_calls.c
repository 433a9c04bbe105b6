#include "confine/mount_calls.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

int
mount_set_attributes(int fd, unsigned flags, uint64_t set, uint64_t propagation)
{
	struct mount_attr attributes = {
	    .attr_set = set,
	    .propagation = propagation,
	};

	return (int)syscall(SYS_mount_setattr, fd, fd >= 0 ? "" : "/",
	    flags | (fd >= 0 ? AT_EMPTY_PATH : 0u), &attributes,
	    sizeof(attributes));
}

int
mount_clone(int fd, const char *path)
{
	return (int)syscall(SYS_open_tree, fd, path,
	    OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE | AT_EMPTY_PATH);
}

int
mount_attach(int tree, int target)
{
	return (int)syscall(SYS_move_mount, tree, "", target, "",
	    MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
}

int
mount_open_path(const char *path, uint64_t resolve)
{
	struct open_how how = {
	    .flags = O_PATH | O_CLOEXEC,
	    .resolve = resolve,
	};

	return (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));
}
