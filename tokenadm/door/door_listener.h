/*
 * The door's listener: accepts, counts, forks, and does nothing else, so that
 * no caller can keep it busy. Each connection gets a process of its own, which
 * ends at a deadline; one over its caller's share is closed at once. (systemd's
 * Accept=yes was tried: any user could stop such a socket for everybody.)
 */
#ifndef TOKENADM_DOOR_LISTENER_H
#define TOKENADM_DOOR_LISTENER_H

#include <sys/types.h>

#include "base/error.h"
#include "cli/command.h"
#include "door/door_peer.h"

/* What is done behind it. */
struct door_trade {
	const char *socket;
	mode_t mode; /* of the socket: who may come */
	/* Serves one caller, in a process of its own, which SIGTERM ends. */
	void (*serve)(
	    struct context *context, int fd, const struct door_peer *peer);
};

/*
 * Listens until SIGTERM or SIGINT, and lets what goes on come to its end then.
 * Accounts and config are read again when their files change. ERR_EXISTS:
 * another one listens there; ERR_UNSAFE, ERR_SYSTEM, ERR_NOMEM.
 */
enum err door_listener_run(
    struct context *context, const struct door_trade *trade);

#endif
