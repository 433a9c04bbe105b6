/*
 * What is mounted where in a namespace in which all is read-only but the places
 * that are said.
 */
#ifndef APITOKEN_MOUNTS_H
#define APITOKEN_MOUNTS_H

#include "base/error.h"
#include "confine/confine_paths.h"

/* Whether this kernel can do it. Changes nothing. ERR_SYSTEM. */
enum err mounts_check(struct error *why);

/*
 * Moves the calling process into mount and IPC namespaces of its own, and
 * mounts all that there. Its working directory stays where it was, outside:
 * mount_ns.h is for callers. In places, each that could be mounted has its tree
 * from then on.
 *
 * A place that is not there is left out. One with a symbolic link in it is an
 * error: a user might point it elsewhere.
 * ERR_SYSTEM: what has been done until then stays done.
 */
enum err mounts_build(struct places *places, struct error *why);

#endif
