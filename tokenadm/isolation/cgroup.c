#include "isolation/cgroup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/retry.h"
#include "isolation/cgroup_mount.h"

#define GROUPS "/proc/self/cgroup"
#define FIRST_GROUPS "/proc/1/cgroup"
#define OVERFLOW_UID 65534
#define UID_MAP "/proc/self/uid_map"
#define ALL_UIDS " 4294967295\n"
#define PROCESSES "cgroup.procs"
#define TRIES 100

enum danger {
	NONE,
	LIMITED,  /* we share its limits with others */
	ANOTHERS, /* others control when we run */
};

/* A version 1 file that anybody may write to, to register for events. */
static bool
is_for_all(const char *name)
{
	return strcmp(name, "cgroup.event_control") == 0;
}

/* Reads the beginning of a group's file; "" if it does not exist. */
static void
read_file(int group, const char *name, char *text, size_t size)
{
	int fd = openat(group, name, O_RDONLY | O_CLOEXEC);
	ssize_t len = 0;

	if (fd >= 0) {
		len = read(fd, text, size - 1);
		(void)close(fd);
	}
	text[len > 0 ? len : 0] = '\0';
}

/* In an unprivileged container some are unmapped: user_namespaces(7). */
static bool
has_all_uids(void)
{
	char map[64];

	read_file(AT_FDCWD, UID_MAP, map, sizeof(map));
	return map[0] == '\0' || strstr(map, ALL_UIDS) != NULL;
}

/* An owner not mapped in this container cannot be a process in it. */
static bool
is_roots(const struct stat *st)
{
	bool roots = st->st_uid == 0 ||
	    (st->st_uid == OVERFLOW_UID && !has_all_uids());

	return roots && (st->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/* Whether only root can write to a group's files, or create groups in it. */
static bool
only_root_rules(int group)
{
	int fd = openat(group, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *entry;
	struct stat st;
	bool roots;

	if (dir == NULL) {
		if (fd >= 0)
			(void)close(fd);
		return false;
	}
	roots = fstat(group, &st) == 0 && is_roots(&st);
	while (roots && (entry = readdir(dir)) != NULL) {
		if (entry->d_type == DT_DIR || is_for_all(entry->d_name))
			continue;
		roots = fstatat(group, entry->d_name, &st,
			    AT_SYMLINK_NOFOLLOW) == 0 &&
		    is_roots(&st);
	}
	(void)closedir(dir);
	return roots;
}

static bool
is_limited(int group)
{
	/* How each file begins if there is no limit. */
	static const struct {
		const char *name, *none;
	} LIMITS[] = {
	    {"cpu.idle", "0"},
	    {"cpu.max", "max"},
	    {"memory.high", "max"},
	    {"memory.max", "max"},
	    {"memory.swap.high", "max"},
	    {"io.max", "\n"},
	    /* version 1; no memory limit is the greatest multiple of a page */
	    {"cpu.cfs_quota_us", "-1"},
	    {"memory.limit_in_bytes", "922337203685"},
	    {"blkio.throttle.read_bps_device", "\n"},
	    {"blkio.throttle.read_iops_device", "\n"},
	    {"blkio.throttle.write_bps_device", "\n"},
	    {"blkio.throttle.write_iops_device", "\n"},
	};
	char text[64];

	for (size_t i = 0; i < sizeof(LIMITS) / sizeof(LIMITS[0]); i++) {
		read_file(group, LIMITS[i].name, text, sizeof(text));
		if (text[0] != '\0' &&
		    strncmp(text, LIMITS[i].none, strlen(LIMITS[i].none)) != 0)
			return true;
	}
	return false;
}

/* Alone in its group, as a service is: the limits are meant for it. */
static bool
is_alone(int group)
{
	char text[64];
	char *end;

	read_file(group, PROCESSES, text, sizeof(text));
	end = strchr(text, '\n');
	return end != NULL && end[1] == '\0';
}

/*
 * Checks the group at names below top, and its ancestors; modifies names. A
 * group outside top belongs to another namespace, where we cannot see who
 * controls it.
 */
static enum err
judge_each(int top, char *names, enum danger *danger, struct error *why)
{
	char *save = NULL, *name = strtok_r(names, "/", &save), *following;
	int group = top;

	*danger = only_root_rules(top) ? NONE : ANOTHERS;
	if (name != NULL && strcmp(name, "..") == 0)
		*danger = ANOTHERS;
	for (; name != NULL && *danger != ANOTHERS; name = following) {
		int next = retry_openat(group, name,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);

		if (group != top)
			(void)close(group);
		if (next < 0)
			return error_set(why, ERR_SYSTEM,
			    "cannot look at control group %s: %s", name,
			    strerror(errno));
		group = next;
		following = strtok_r(NULL, "/", &save);
		if (!only_root_rules(group))
			*danger = ANOTHERS;
		else if (is_limited(group) &&
		    (following != NULL || !is_alone(group)))
			*danger = LIMITED;
	}
	if (group != top)
		(void)close(group);
	return ERR_OK;
}

static enum err
judge(int top, const char *path, enum danger *danger, struct error *why)
{
	char *names = strdup(path);
	enum err rc;

	if (names == NULL)
		return error_plain(why, ERR_NOMEM);
	rc = judge_each(top, names, danger, why);
	free(names);
	return rc;
}

/* Writing 0 moves the writer. */
static bool
enter(int group)
{
	int fd = openat(group, PROCESSES, O_WRONLY | O_CLOEXEC);
	bool entered = fd >= 0 && write(fd, "0", 1) == 1;
	int error = errno;

	if (fd >= 0)
		(void)close(fd);
	errno = error;
	return entered;
}

/*
 * In version 2 not the top itself: with controllers enabled for its child
 * groups it accepts no process unless it is the machine's root group, and there
 * the session's nice value counts (sched(7), autogroup).
 */
static bool
enter_own(int top)
{
	bool entered = false;
	int group;

	for (int i = 0; i < TRIES && !entered; i++) {
		if (mkdirat(top, CGROUP_OWN, 0755) != 0 && errno != EEXIST)
			return false;
		group = openat(top, CGROUP_OWN,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (group >= 0 && only_root_rules(group))
			entered = enter(group);
		else if (group >= 0)
			errno = EPERM;
		if (group >= 0)
			(void)close(group);
		/* An administrator removed it in the meantime. */
		if (!entered && errno != ENOENT && errno != ENODEV)
			return false;
	}
	return entered;
}

static enum err
move_up(int top, const char *controllers, const char *path, struct error *why)
{
	bool unified = controllers[0] == '\0';

	errno = EPERM;
	if (only_root_rules(top) && (unified ? enter_own(top) : enter(top)))
		return ERR_OK;
	return error_set(why, ERR_UNSAFE,
	    "control group %s is not root's alone, and cannot be left: %s; "
	    "start tokenadm elsewhere, for example: systemd-run --pipe "
	    "--wait tokenadm ...",
	    path, strerror(errno));
}

static enum err
leave(const char *controllers, const char *path, struct error *why)
{
	enum danger danger = ANOTHERS;
	const char *below = path;
	int top = -1;
	enum err rc = cgroup_mount_open(controllers, &below, &top, why);

	if (rc != ERR_OK)
		return rc;
	rc = judge(top, below, &danger, why);
	if (rc == ERR_OK && danger != NONE) {
		rc = move_up(top, controllers, path, why);
		/* The administrator may want to keep the limit. */
		if (danger == LIMITED)
			rc = ERR_OK;
	}
	(void)close(top);
	return rc;
}

/* If the kernel has no control groups, nobody can freeze us. */
static enum err
no_groups(struct error *why)
{
	int error = errno;
	struct statfs status;

	if (error == ENOENT && statfs("/proc", &status) == 0 &&
	    status.f_type == PROC_SUPER_MAGIC)
		return ERR_OK;
	return error_set(why, ERR_SYSTEM, GROUPS ": %s%s", strerror(error),
	    error == ENOENT ? "; mount it: mount -t proc proc /proc" : "");
}

/* Whoever controls this group controls the whole machine or container. */
static bool
is_first_ones(const char *group)
{
	FILE *file = fopen(FIRST_GROUPS, "re");
	char *line = NULL;
	size_t size = 0;
	bool same = false;

	while (file != NULL && !same && getline(&line, &size, file) >= 0)
		same = strcmp(line, group) == 0;
	free(line);
	if (file != NULL)
		(void)fclose(file);
	return same;
}

/* Takes a line of GROUPS in place, such as 0::/user.slice. */
static enum err
leave_line(char *line, struct error *why)
{
	char *controllers = strchr(line, ':'), *path;

	path = controllers != NULL ? strchr(controllers + 1, ':') : NULL;
	/* A named hierarchy has no controller. */
	if (path == NULL || strncmp(controllers, ":name=", 6) == 0 ||
	    strcmp(path, ":/\n") == 0 || is_first_ones(line))
		return ERR_OK;
	controllers++;
	*path++ = '\0';
	path[strcspn(path, "\n")] = '\0';
	return leave(controllers, path, why);
}

enum err
cgroup_leave(struct error *why)
{
	FILE *file = fopen(GROUPS, "re");
	enum err rc = ERR_OK;
	char *line = NULL;
	size_t size = 0;

	if (file == NULL)
		return no_groups(why);
	while (rc == ERR_OK && getline(&line, &size, file) >= 0)
		rc = leave_line(line, why);
	free(line);
	(void)fclose(file);
	return rc;
}
