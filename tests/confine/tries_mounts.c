/*
 * In a user namespace, where an ordinary user may mount: tries to reach a
 * writable view of the original mounts.
 */
#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tries.h"

static int
map_id(const char *file, unsigned id)
{
	char map[64];
	int len = snprintf(map, sizeof(map), "0 %u 1", id);
	int fd = open(file, O_WRONLY);

	return fd < 0 ? errno : outcome(write(fd, map, (size_t)len));
}

static int
enter_as_root(void)
{
	uid_t uid = getuid();
	gid_t gid = getgid();
	int error, fd;

	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
		return errno;
	fd = open("/proc/self/setgroups", O_WRONLY);
	if (fd < 0 || write(fd, "deny", 4) != 4)
		return errno;
	error = map_id("/proc/self/uid_map", uid);
	return error != 0 ? error : map_id("/proc/self/gid_map", gid);
}

/* Root does not own it, but the capability is still there. */
static int
enter(void)
{
	int error = enter_as_root();

	return error == EROFS ? 0 : error;
}

static int
create(void)
{
	return outcome(open("new", O_WRONLY | O_CREAT | O_EXCL, 0600));
}

static int
do_mount(const char *source, const char *target, const char *type,
    unsigned long flags, const char *data)
{
	return outcome(syscall(SYS_mount, source, target, type, flags, data));
}

static int
create_after(int error)
{
	return error != 0 ? error : create();
}

static int
remount(void)
{
	int error = enter();

	if (error == 0)
		error = do_mount(".", "full", NULL, MS_BIND, NULL);
	if (error == 0)
		error = do_mount(
		    NULL, "full", NULL, MS_REMOUNT | MS_BIND, NULL);
	if (error == 0)
		error = outcome(chdir("full"));
	return create_after(error);
}

static int
set_attributes(void)
{
	struct mount_attr attributes = {.attr_clr = MOUNT_ATTR_RDONLY};
	int error = enter();

	if (error == 0 &&
	    syscall(SYS_mount_setattr, AT_FDCWD, "/home", AT_RECURSIVE,
		&attributes, sizeof(attributes)) != 0)
		error = errno;
	return create_after(error);
}

/* A copy of the mounts, made writable and entered by its descriptor. */
static int
open_copy(void)
{
	struct mount_attr attributes = {.attr_clr = MOUNT_ATTR_RDONLY};
	int error = enter(), fd;

	if (error != 0)
		return error;
	fd = (int)syscall(
	    SYS_open_tree, AT_FDCWD, ".", OPEN_TREE_CLONE | AT_RECURSIVE);
	if (fd < 0 ||
	    syscall(SYS_mount_setattr, fd, "", AT_EMPTY_PATH, &attributes,
		sizeof(attributes)) != 0)
		return errno;
	return outcome(openat(fd, "new", O_WRONLY | O_CREAT | O_EXCL, 0600));
}

static int
mount_overlay(void)
{
	int error = enter();

	if (error == 0)
		error = do_mount("x", "full", "overlay", 0,
		    "userxattr,lowerdir=full,upperdir=empty,workdir=work");
	return error;
}

static int
mount_tmpfs(void)
{
	int error = enter();

	return error != 0 ? error : do_mount("x", "full", "tmpfs", 0, NULL);
}

static int
pivot(void)
{
	int error = enter();

	if (error == 0)
		error = do_mount("full", "full", NULL, MS_BIND | MS_REC, NULL);
	if (error == 0)
		error = outcome(chdir("full"));
	if (error == 0)
		error = outcome(syscall(SYS_pivot_root, ".", "."));
	return error;
}

static int
create_as_its_root(void)
{
	return create_after(enter());
}

const struct try tries_mounts[] = {
    {"refused", "user namespace: remount", remount},
    {"refused", "user namespace: mount_setattr", set_attributes},
    {"refused", "user namespace: open_tree", open_copy},
    {"refused", "user namespace: overlay", mount_overlay},
    {"refused", "user namespace: tmpfs", mount_tmpfs},
    {"refused", "user namespace: pivot_root", pivot},
    {"refused", "user namespace: be its root", enter_as_root},
    {"refused", "user namespace: create", create_as_its_root},
    {0},
};
