/* Finds where control groups are mounted: cgroups(7). */
#ifndef TOKENADM_CGROUP_MOUNT_H
#define TOKENADM_CGROUP_MOUNT_H

#include "base/error.h"

/*
 * Opens the top directory of the hierarchy with these controllers, separated by
 * commas as in /proc/self/cgroup; "" is version 2. Advances *path, a group in
 * it, to the part below that directory. The caller closes *fd. ERR_MISSING: it
 * is not visible. ERR_SYSTEM, ERR_NOMEM.
 */
enum err cgroup_mount_open(
    const char *controllers, const char **path, int *fd, struct error *why);

#endif
