/*
 * The way to the door: the connection, before anything is said. Keeps no
 * descriptor, sets no signal, starts nothing; threads may knock at the same
 * time. Deadlines are as in deadline.h.
 */
#ifndef APITOKEN_DOOR_KNOCK_H
#define APITOKEN_DOOR_KNOCK_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/*
 * Knocks at the socket of this path until there is room, and sets *fd to a
 * connection that was greeted; the caller closes it, even after an error, if it
 * is not -1. ERR_MISSING: there is no door; ERR_BUSY: no room before the
 * deadline; ERR_UNSAFE: somebody else listens there; ERR_NEWER: it is of
 * another version; ERR_SYSTEM.
 */
enum err door_enter(
    int *fd, int64_t deadline, const char *path, struct error *why);

/*
 * Receives one packet of at most size bytes, and sets *len, 0 at the end of the
 * connection. ERR_BUSY at the deadline; ERR_SYSTEM.
 */
enum err door_receive(int fd, uint8_t *bytes, size_t size, size_t *len,
    int64_t deadline, const char *path, struct error *why);

/* ERR_SYSTEM, with errno's text. */
enum err door_failed(const char *path, struct error *why);

#endif
