#include "confine/mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "confine/mount_calls.h"

/* A host has no places below it (places.h). */
#define STOCK "/tmp"

/* A user may have replaced any part of a path with a link, but not /run. */
static int
open_place(const struct place *place)
{
	return mount_open_path(place->path,
	    place->is_built_in ? RESOLVE_NO_MAGICLINKS : RESOLVE_NO_SYMLINKS);
}

static bool
is_missing(int error)
{
	return error == ENOENT || error == ENOTDIR;
}

static enum err
trouble(struct error *why, const char *path)
{
	if (errno == ELOOP)
		return error_set(why, ERR_SYSTEM,
		    "%s: a symbolic link is on the way; [confine] has to name "
		    "what it leads to",
		    path);
	return error_set(why, ERR_SYSTEM, "%s: %m", path);
}

enum err
mounts_check(struct error *why)
{
	/* EINVAL for a size of 0: the call exists. */
	if (syscall(SYS_mount_setattr, -1, "", 0, NULL, 0) != 0 &&
	    errno == EINVAL)
		return ERR_OK;
	return error_set(why, ERR_SYSTEM,
	    "this kernel has no mount_setattr, of Linux 5.12: %m");
}

/* Mounts from here on are not seen outside, nor the reverse. */
static enum err
leave(struct error *why)
{
	if (unshare(CLONE_NEWNS | CLONE_NEWIPC) != 0)
		return error_set(why, ERR_SYSTEM, "unshare: %m");
	if (mount_set_attributes(-1, AT_RECURSIVE, 0, MS_PRIVATE) != 0)
		return error_set(why, ERR_SYSTEM,
		    "the mounts cannot be made private, as in a chroot: %m");
	return ERR_OK;
}

static enum err
make_readonly(int fd, unsigned flags, struct error *why)
{
	if (mount_set_attributes(fd, flags, MOUNT_ATTR_RDONLY, 0) != 0)
		return error_set(
		    why, ERR_SYSTEM, "the mounts cannot be made read-only: %m");
	return ERR_OK;
}

/*
 * Clones the mounts at the places of a kind: the clones stay writable or
 * read-only, and stay when other mounts hide the originals.
 */
static enum err
take(struct places *places, enum place_kind kind, struct error *why)
{
	for (size_t i = 0; i < places->count; i++) {
		struct place *place = &places->list[i];
		int fd;

		if (place->kind != kind)
			continue;
		fd = open_place(place);
		if (fd < 0 && is_missing(errno))
			continue;
		if (fd < 0)
			return trouble(why, place->path);
		place->tree = mount_clone(fd, "");
		if (place->tree < 0)
			(void)trouble(why, place->path);
		(void)close(fd);
		if (place->tree < 0)
			return ERR_SYSTEM;
	}
	return ERR_OK;
}

static int
make_tmpfs(void)
{
	int context = (int)syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC);
	int fd = -1;

	if (context < 0)
		return -1;
	/* The default limit is half of the memory. */
	if (syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, "size", "10%",
		0) == 0 &&
	    syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, "mode", "0755",
		0) == 0 &&
	    syscall(
		SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0)
		fd = (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC,
		    MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
	(void)close(context);
	return fd;
}

/*
 * A file system for the hidden places and the session's own, each named by the
 * number of its place. Older kernels clone only what is attached, so it is
 * attached where, in a session, another mount or a hidden place soon covers it.
 */
static enum err
make_stock(int *stock, struct error *why)
{
	int target = mount_open_path(STOCK, RESOLVE_NO_MAGICLINKS);
	enum err rc = ERR_OK;

	*stock = make_tmpfs();
	if (*stock < 0 || target < 0 || mount_attach(*stock, target) != 0)
		rc = error_set(why, ERR_SYSTEM, STOCK ": a tmpfs over it: %m");
	if (target >= 0)
		(void)close(target);
	return rc;
}

/* If nothing covers it. Clones of it stay. */
static enum err
remove_stock(struct error *why)
{
	if (umount2(STOCK, MNT_DETACH) != 0)
		return error_set(why, ERR_SYSTEM, STOCK ": %m");
	return ERR_OK;
}

/* The name in the stock for the place with this index. */
struct stock_name {
	char text[2 * PATH_LEN + 32];
};

static struct stock_name
stock_name(size_t index, const char *below)
{
	struct stock_name name;

	(void)snprintf(name.text, sizeof(name.text), "%zu%s", index, below);
	return name;
}

/* Makes an empty directory, or an empty file that nobody may read. */
static bool
make_empty(int stock, const char *name, bool is_directory, mode_t mode)
{
	if (is_directory)
		return mkdirat(stock, name, mode) == 0;
	return mknodat(stock, name, S_IFREG, 0) == 0;
}

static bool
is_directory(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && S_ISDIR(status.st_mode);
}

/* Makes what hides the place, to be mounted over target. */
static enum err
make_cover(
    struct place *place, size_t index, int stock, int target, struct error *why)
{
	bool is_own = place->kind == PLACE_OWN;
	struct stock_name name = stock_name(index, "");

	if (!make_empty(
		stock, name.text, is_directory(target), is_own ? 01777 : 0555))
		return trouble(why, place->path);
	place->tree = mount_clone(stock, name.text);
	if (place->tree < 0)
		return trouble(why, place->path);
	return is_own ? ERR_OK : make_readonly(place->tree, 0, why);
}

/*
 * Makes the mount point of a place below a hidden one, where the whole path is
 * ours.
 */
static int
make_target(const struct places *places, const struct place *place, int stock)
{
	const struct place *above = confine_paths_above(
	    places, (size_t)(place - places->list));
	struct stock_name name;
	char *end;

	if (above == NULL ||
	    (above->kind != PLACE_HIDDEN && above->kind != PLACE_OWN)) {
		errno = ENOENT;
		return -1;
	}
	name = stock_name(
	    (size_t)(above - places->list), place->path + strlen(above->path));
	end = strchr(name.text, '/');
	while ((end = strchr(end + 1, '/')) != NULL) {
		*end = '\0';
		if (mkdirat(stock, name.text, 0755) != 0 && errno != EEXIST)
			return -1;
		*end = '/';
	}
	if (!make_empty(stock, name.text, is_directory(place->tree), 0755) &&
	    errno != EEXIST)
		return -1;
	return open_place(place);
}

/* Opens the mount point of a place. */
static int
open_target(const struct places *places, const struct place *place, int stock)
{
	int target = open_place(place);

	if (target >= 0 || !is_missing(errno) || place->tree < 0)
		return target;
	return make_target(places, place, stock);
}

static enum err
attach_place(struct places *places, size_t index, int stock, struct error *why)
{
	struct place *place = &places->list[index];
	int target = open_target(places, place, stock);
	enum err rc = ERR_OK;

	if (target < 0 && is_missing(errno))
		return ERR_OK;
	if (target < 0)
		return trouble(why, place->path);
	if (place->tree < 0)
		rc = make_cover(place, index, stock, target, why);
	if (rc == ERR_OK && mount_attach(place->tree, target) != 0)
		rc = trouble(why, place->path);
	(void)close(target);
	return rc;
}

/* From the outside in. */
static enum err
attach_all(struct places *places, int stock, struct error *why)
{
	mode_t mask = umask(0);
	enum err rc = ERR_OK;

	for (size_t i = 0; i < places->count && rc == ERR_OK; i++)
		rc = attach_place(places, i, stock, why);
	(void)umask(mask);
	return rc;
}

enum err
mounts_build(struct places *places, struct error *why)
{
	int stock = -1;
	enum err rc = leave(why);

	if (rc == ERR_OK)
		rc = take(places, PLACE_WRITABLE, why);
	if (rc == ERR_OK)
		rc = make_readonly(-1, AT_RECURSIVE, why);
	if (rc == ERR_OK)
		rc = take(places, PLACE_VISIBLE, why);
	if (rc == ERR_OK)
		rc = make_stock(&stock, why);
	if (rc == ERR_OK)
		rc = attach_all(places, stock, why);
	if (rc == ERR_OK && places->view == CONFINE_PATHS_HOST)
		rc = remove_stock(why);
	if (stock >= 0)
		(void)close(stock);
	return rc;
}
