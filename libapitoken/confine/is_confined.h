/*
 * Whether a process is confined, as the kernel sees it: what was done in which
 * process, and whether it came out of a fork, does not matter.
 */
#ifndef APITOKEN_IS_CONFINED_H
#define APITOKEN_IS_CONFINED_H

#include "base/error.h"
#include "confine/mount_ns.h"

/*
 * Whether the calling process, root's, is in this mount namespace, which is one
 * of those that confinement makes, in a Landlock domain, and without a way to
 * new privileges. ERR_REFUSED: it is not. ERR_SYSTEM: it cannot be seen.
 */
enum err confined_check(const struct mount_ns *ns, struct error *why);

#endif
