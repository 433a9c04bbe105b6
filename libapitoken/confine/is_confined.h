/*
 * Asks the kernel whether a process is confined. It does not matter which
 * process did the confining, or was forked.
 */
#ifndef APITOKEN_IS_CONFINED_H
#define APITOKEN_IS_CONFINED_H

#include "base/error.h"
#include "confine/mount_ns.h"

/*
 * Checks that the calling process, running as root, is in this mount namespace,
 * one that confinement made, in a Landlock domain, and cannot gain privileges.
 * ERR_REFUSED: it is not. ERR_SYSTEM: cannot tell.
 */
enum err confined_check(const struct mount_ns *ns, struct error *why);

#endif
