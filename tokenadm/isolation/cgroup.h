/* The control groups that this process was started in: cgroups(7). */
#ifndef TOKENADM_CGROUP_H
#define TOKENADM_CGROUP_H

#include "base/error.h"

/* The group that is moved to, at the top of a hierarchy of version 2. */
#define CGROUP_OWN "apitoken"

/*
 * Leaves each group that somebody but root can freeze, or change, or a group
 * above which is such a one; and, where that can be had, one whose processors,
 * memory or disks are limited for others along with us. ERR_SYSTEM,
 * ERR_MISSING, ERR_UNSAFE: it cannot be left, or looked at.
 */
enum err cgroup_leave(struct error *why);

#endif
