/*
 * Who is at the other end of a connection. His authority is that of the
 * effective uid which the kernel keeps for the connection (SO_PEERCRED,
 * unix(7)); his share of the door is his real uid's, so that what he starts
 * as set-uid programs is his.
 */
#ifndef TOKENADM_DOOR_PEER_H
#define TOKENADM_DOOR_PEER_H

#include <stdbool.h>
#include <sys/types.h>

struct door_peer {
	int fd;
	pid_t pid;      /* only to be shown, or for files in /proc */
	uid_t uid;      /* the effective one: authority */
	uid_t real_uid; /* for the share */
};

/* False if it cannot be known, or no uid of this namespace. */
bool door_peer_read(int fd, struct door_peer *peer);

/*
 * Whether the other end is still open. What was read before of the peer's
 * process is then of that process: its number cannot be another's yet.
 */
bool door_peer_is_there(int fd);

#endif
