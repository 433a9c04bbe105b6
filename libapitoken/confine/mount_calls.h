/*
 * The system calls that mounts are made of, for which glibc has functions only
 * since 2.36. Each returns -1 and sets errno where it fails; descriptors are
 * close-on-exec, and the caller's to close.
 */
#ifndef APITOKEN_MOUNT_CALLS_H
#define APITOKEN_MOUNT_CALLS_H

#include <stdint.h>

/*
 * Sets attributes (MOUNT_ATTR_*) and propagation (MS_*, or 0) of the mount that
 * fd is the root of, or of `/` where fd is -1. flags: AT_RECURSIVE or 0.
 */
int mount_set_attributes(
    int fd, unsigned flags, uint64_t set, uint64_t propagation);

/* A mount of what is at path below fd, that is not attached anywhere yet. */
int mount_clone(int fd, const char *path);

/* Attaches such a mount over what target stands for. */
int mount_attach(int tree, int target);

/* Opens a path as O_PATH; resolve: RESOLVE_* of openat2(2). */
int mount_open_path(const char *path, uint64_t resolve);

#endif
