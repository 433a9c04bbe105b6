#include "isolation/cgroup_mount.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/list.h"
#include "base/retry.h"

#define MOUNTS "/proc/self/mountinfo"

/* One of its lines, parsed in place. */
struct mount {
	char *root, *point, *type, *options;
};

/* Decodes \040 and the like: proc(5). */
static void
unescape(char *text)
{
	char *to = text;

	while (*text != '\0') {
		char digits[4] = "", *end;
		unsigned long byte;

		if (*text == '\\')
			strncpy(digits, text + 1, sizeof(digits) - 1);
		byte = strtoul(digits, &end, 8);
		if (end == digits + 3) {
			*to++ = (char)byte;
			text += 4;
		} else {
			*to++ = *text++;
		}
	}
	*to = '\0';
}

static bool
parse_mount(char *line, struct mount *mount)
{
	char *fields[5] = {NULL}, *rest = strstr(line, " - "), *save = NULL;

	if (rest == NULL)
		return false;
	*rest = '\0';
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		fields[i] = strtok_r(i == 0 ? line : NULL, " ", &save);
	mount->root = fields[3];
	mount->point = fields[4];
	mount->type = strtok_r(rest + 3, " ", &save);
	(void)strtok_r(NULL, " ", &save); /* the source: any word */
	mount->options = strtok_r(NULL, " \n", &save);
	if (mount->point == NULL || mount->options == NULL)
		return false;
	unescape(mount->root);
	unescape(mount->point);
	return true;
}

/* The part of the path below root; NULL if it is not below it. */
static const char *
path_below(const char *path, const char *root)
{
	size_t len = strcmp(root, "/") == 0 ? 0 : strlen(root);

	return strncmp(path, root, len) == 0 &&
		(path[len] == '/' || path[len] == '\0')
	    ? path + len
	    : NULL;
}

/* Another mount may hide this one. */
static int
open_point(const char *point, bool is_unified)
{
	struct statfs status;
	int fd = retry_openat(
	    AT_FDCWD, point, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	if (fstatfs(fd, &status) == 0 &&
	    status.f_type ==
		(is_unified ? CGROUP2_SUPER_MAGIC : CGROUP_SUPER_MAGIC))
		return fd;
	(void)close(fd);
	return -1;
}

/*
 * Only a part of the hierarchy may be mounted; picks the mount that shows most
 * of the path. *fd is -1 if none does.
 */
static enum err
find_mount(
    const char *controllers, const char **path, int *fd, struct error *why)
{
	const char *type = controllers[0] == '\0' ? "cgroup2" : "cgroup";
	const char *best = NULL;
	FILE *file = fopen(MOUNTS, "re");
	char *line = NULL;
	size_t size = 0;

	*fd = -1;
	if (file == NULL)
		return error_set(
		    why, ERR_SYSTEM, MOUNTS ": %s", strerror(errno));
	while (getline(&line, &size, file) >= 0) {
		struct mount mount;
		const char *rest;
		int opened;

		if (!parse_mount(line, &mount) ||
		    strcmp(mount.type, type) != 0 ||
		    !list_has_all(mount.options, controllers))
			continue;
		rest = path_below(*path, mount.root);
		if (rest == NULL || (best != NULL && rest >= best))
			continue;
		opened = open_point(mount.point, controllers[0] == '\0');
		if (opened < 0)
			continue;
		if (*fd >= 0)
			(void)close(*fd);
		*fd = opened;
		best = rest;
	}
	free(line);
	(void)fclose(file);
	if (best != NULL)
		*path = best;
	return ERR_OK;
}

/* For a chroot, for example: a detached mount of our own. -1: not allowed. */
static int
make_mount(const char *controllers)
{
	char words[256], *rest = words, *word;
	int context, fd = -1;

	(void)snprintf(words, sizeof(words), "%s", controllers);
	context = (int)syscall(SYS_fsopen,
	    controllers[0] == '\0' ? "cgroup2" : "cgroup", FSOPEN_CLOEXEC);
	if (context < 0)
		return -1;
	while ((word = strsep(&rest, ",")) != NULL) {
		if (*word == '\0')
			continue;
		(void)syscall(
		    SYS_fsconfig, context, FSCONFIG_SET_FLAG, word, NULL, 0);
	}
	if (syscall(
		SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0)
		fd = (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, 0);
	(void)close(context);
	return fd;
}

enum err
cgroup_mount_open(
    const char *controllers, const char **path, int *fd, struct error *why)
{
	enum err rc = find_mount(controllers, path, fd, why);

	if (rc == ERR_OK && *fd < 0)
		*fd = make_mount(controllers);
	if (rc != ERR_OK || *fd >= 0)
		return rc;
	return error_set(why, ERR_MISSING,
	    "cannot see the control groups%s%s; mount them on "
	    "/sys/fs/cgroup, as in cgroups(7)",
	    controllers[0] == '\0' ? "" : " of ", controllers);
}
