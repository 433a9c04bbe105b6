/*
 * Descriptors of the calling process that a session could use. They were opened
 * through other mounts, so the read-only ones do not cover them.
 */
#ifndef APITOKEN_DESCRIPTORS_H
#define APITOKEN_DESCRIPTORS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"

/*
 * Checks that a confined session of this uid could not change files through any
 * descriptor of this process. ERR_REFUSED: it could, through one that is
 *
 * - a directory, on any mount: `..` leads on from there;
 * - a file on a writable mount that is the user's, or that group or others may
 *   write to: /proc/self/fd is a path to it, on which chmod(2) and, where
 *   Landlock does not cover it, truncate(2) work;
 * - if the session executes programs, which inherit what is not close-on-exec:
 *   any other file that is open for writing or on a writable mount, and any
 *   device except terminals and those that store nothing.
 *
 * Pipes, sockets, memory and other descriptors without a path are harmless.
 * ERR_SYSTEM: cannot tell.
 */
enum err descriptors_check(uid_t uid, bool executes, struct error *why);

#endif
