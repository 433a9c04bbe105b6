/*
 * What the kernel gives this process of processors, disks and memory: a policy
 * and the like are inherited, by set-uid programs too, from whoever runs them.
 */
#ifndef TOKENADM_SCHEDULING_H
#define TOKENADM_SCHEDULING_H

#include "base/error.h"

/*
 * Makes it what a process of root's has: the normal policy, a nice value that
 * is not above 0, no I/O class below the usual, every processor that the
 * cpuset allows, sleeps that end in time, memory of every node. ERR_SYSTEM:
 * something is worse, and cannot be changed.
 */
enum err scheduling_reset(struct error *why);

#endif
