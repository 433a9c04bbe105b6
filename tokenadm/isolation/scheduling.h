/*
 * The scheduling of processors, disks and memory for this process. The settings
 * are inherited from the caller, by set-uid programs too.
 */
#ifndef TOKENADM_SCHEDULING_H
#define TOKENADM_SCHEDULING_H

#include "base/error.h"

/*
 * Resets it to root's usual settings: the normal policy, a nice value of at
 * most 0, an I/O class no lower than usual, every processor of the cpuset, the
 * usual timer slack, memory of every node. ERR_SYSTEM: a setting is worse and
 * cannot be changed.
 */
enum err scheduling_reset(struct error *why);

#endif
