/*
 * Enters mount namespaces without losing the working directory, which leads
 * elsewhere once other mounts lie over it.
 */
#ifndef APITOKEN_MOUNT_NS_H
#define APITOKEN_MOUNT_NS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "confine/confine_paths.h"

/* Identifies a namespace, by the kernel's unique number. */
struct mount_ns {
	uint64_t device, inode; /* inode 0: not known */
};

/* The one of the calling process. ERR_SYSTEM. */
enum err mount_ns_self(struct mount_ns *ns, struct error *why);

/* Whether both are known and the same. */
bool mount_ns_is_same(const struct mount_ns *one, const struct mount_ns *other);

/* Whether the descriptor refers to that one. */
bool mount_ns_is_behind(const struct mount_ns *ns, int fd);

/*
 * Moves the calling process into a mount namespace of its own in which all but
 * the places is read-only, and into an IPC namespace of its own, since no mount
 * covers shared memory and queues. Errors as mounts_build.
 */
enum err mount_ns_enter(struct places *places, struct error *why);

/*
 * Makes such a mount namespace for a later child and stays in the present one;
 * the IPC namespace is entered all the same. Sets *ns, and *fd to a
 * close-on-exec descriptor of it, which the caller closes. Errors as
 * mounts_build.
 */
enum err mount_ns_prepare(
    struct places *places, int *fd, struct mount_ns *ns, struct error *why);

/*
 * Moves the calling process, running as root, into a prepared namespace. It may
 * be in a Landlock domain, which forbids mount(2), not setns(2). ERR_SYSTEM.
 */
enum err mount_ns_join(int fd, struct error *why);

#endif
