/* The socket that the door listens at. */
#ifndef TOKENADM_DOOR_SOCKET_H
#define TOKENADM_DOOR_SOCKET_H

#include <sys/types.h>

#include "base/error.h"

/*
 * Makes it, with this mode, in a directory that only root may
 * write to, which is made if it is missing. *lock keeps others from listening
 * there. The caller closes both. ERR_EXISTS: one listens already; ERR_UNSAFE,
 * ERR_SYSTEM.
 */
enum err door_socket_open(
    const char *path, mode_t mode, int *fd, int *lock, struct error *why);

#endif
