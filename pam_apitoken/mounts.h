/*
 * A mount namespace of a process's own, in which all is read-only but the
 * places that are said.
 */
#ifndef PAM_APITOKEN_MOUNTS_H
#define PAM_APITOKEN_MOUNTS_H

#include "error.h"
#include "places.h"

/* Whether this kernel can do it. Changes nothing. ERR_SYSTEM. */
enum err mounts_check(struct error *why);

/*
 * Moves the calling process there, with its working directory; and into an IPC
 * namespace of its own, since shared memory and queues outside are not behind
 * any mount. In places, each that could be mounted has its tree from then on.
 *
 * A place that is not there is left out. One with a symbolic link in it is an
 * error: a user might point it elsewhere.
 * ERR_SYSTEM: what has been done until then stays done.
 */
enum err mounts_enter(struct places *places, struct error *why);

#endif
