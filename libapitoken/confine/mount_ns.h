/*
 * Mount namespaces, as processes enter them: with their working directory,
 * which leads elsewhere once other mounts lie over it.
 */
#ifndef APITOKEN_MOUNT_NS_H
#define APITOKEN_MOUNT_NS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "confine/confine_paths.h"

/* Which one a process is in, by the kernel's number; no two have the same. */
struct mount_ns {
	uint64_t device, inode; /* inode 0: not known */
};

/* The one that the calling process is in. ERR_SYSTEM. */
enum err mount_ns_self(struct mount_ns *ns, struct error *why);

/* Whether they are the same one, and known. */
bool mount_ns_is_same(const struct mount_ns *one, const struct mount_ns *other);

/* Whether the descriptor leads to that one. */
bool mount_ns_is_behind(const struct mount_ns *ns, int fd);

/*
 * Moves the calling process into a mount namespace of its own in which all is
 * read-only but the places; and into an IPC namespace of its own, since shared
 * memory and queues outside are not behind any mount. As mounts_build.
 */
enum err mount_ns_enter(struct places *places, struct error *why);

/*
 * Makes such a namespace for a child to come, and stays in the present one;
 * the IPC namespace is entered all the same. Sets *ns, and *fd to a descriptor
 * of it, close-on-exec, which the caller closes. As mounts_build.
 */
enum err mount_ns_prepare(
    struct places *places, int *fd, struct mount_ns *ns, struct error *why);

/*
 * Moves the calling process, root's, into a namespace that was prepared. It may
 * be in a Landlock domain: that forbids mount(2), not setns(2). ERR_SYSTEM.
 */
enum err mount_ns_join(int fd, struct error *why);

#endif
