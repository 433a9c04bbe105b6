/*
 * Builds the mounts of a namespace in which all but the given places is
 * read-only.
 */
#ifndef APITOKEN_MOUNTS_H
#define APITOKEN_MOUNTS_H

#include "base/error.h"
#include "confine/confine_paths.h"

/* Whether this kernel supports it. Changes nothing. ERR_SYSTEM. */
enum err mounts_check(struct error *why);

/*
 * Moves the calling process into mount and IPC namespaces of its own, and
 * builds the mounts there. The working directory stays outside: callers use
 * mount_ns.h. Sets tree in each of the places that could be mounted.
 *
 * A place that does not exist is left out. A symbolic link in its path is an
 * error: a user might point it elsewhere.
 * ERR_SYSTEM: what was done before the error stays done.
 */
enum err mounts_build(struct places *places, struct error *why);

#endif
