/*
 * System calls for mounts, which glibc has only since 2.36. Each returns -1 and
 * sets errno on failure; descriptors are close-on-exec, and the caller closes
 * them.
 */
#ifndef APITOKEN_MOUNT_CALLS_H
#define APITOKEN_MOUNT_CALLS_H

#include <stdint.h>

/*
 * Sets attributes (MOUNT_ATTR_*) and propagation (MS_*, or 0) of the mount
 * whose root is fd, or of `/` if fd is -1. flags: AT_RECURSIVE or 0.
 */
int mount_set_attributes(
    int fd, unsigned flags, uint64_t set, uint64_t propagation);

/* A new, unattached mount of what is at path below fd. */
int mount_clone(int fd, const char *path);

/* Attaches such a mount on top of target. */
int mount_attach(int tree, int target);

/* Opens a path as O_PATH; resolve: RESOLVE_* of openat2(2). */
int mount_open_path(const char *path, uint64_t resolve);

#endif
