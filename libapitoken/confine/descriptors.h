/*
 * What the calling process has open, and a session would get at. The mounts
 * that become read-only do not cover it: it was opened by the way of others.
 */
#ifndef APITOKEN_DESCRIPTORS_H
#define APITOKEN_DESCRIPTORS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"

/*
 * Whether a confined session of this uid could change files by any descriptor
 * of this process. ERR_REFUSED: it could, by one that is
 *
 * - a directory, of whatever mount: `..` leads on from there;
 * - a file on a writable mount that is the user's, or that group or others may
 *   write to: /proc/self/fd is a path to it, on which chmod(2) and, where
 *   Landlock has no say in it, truncate(2) work;
 * - if the session executes programs, so that they get what is not
 *   close-on-exec: any other file that is open for writing, or on a writable
 *   mount, and any device, but for terminals and those that keep nothing.
 *
 * What no path leads to is none of these: pipes, sockets, memory, and what else
 * the kernel has as descriptors. ERR_SYSTEM: it cannot be found out.
 */
enum err descriptors_check(uid_t uid, bool executes, struct error *why);

#endif
