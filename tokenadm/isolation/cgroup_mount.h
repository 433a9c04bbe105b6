/* Where the kernel's control groups are to be seen: cgroups(7). */
#ifndef TOKENADM_CGROUP_MOUNT_H
#define TOKENADM_CGROUP_MOUNT_H

#include "base/error.h"

/*
 * Opens the directory at the top of the hierarchy that has these controllers,
 * separated by commas as in /proc/self/cgroup; "" is that of version 2. *path,
 * a group's in there, is led on to what of it lies below that directory. The
 * caller closes *fd. ERR_MISSING: it is not to be seen. ERR_SYSTEM, ERR_NOMEM.
 */
enum err cgroup_mount_open(
    const char *controllers, const char **path, int *fd, struct error *why);

#endif
