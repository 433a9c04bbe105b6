/* Leaving the control groups in which this process was started: cgroups(7). */
#ifndef TOKENADM_CGROUP_H
#define TOKENADM_CGROUP_H

#include "base/error.h"

/* The group to move to, at the top of a version 2 hierarchy. */
#define CGROUP_OWN "apitoken"

/*
 * Leaves each group that somebody other than root can freeze or change, or that
 * has such an ancestor; and, if possible, a group that shares a limit on
 * processors, memory or disks with others. ERR_SYSTEM, ERR_MISSING, ERR_UNSAFE:
 * cannot leave or check a group.
 */
enum err cgroup_leave(struct error *why);

#endif
