#include "door/door_peer.h"

#include <elf.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "session/process.h"

/* What uids are shown as that have no number here: user_namespaces(7). */
#define OVERFLOW_UID 65534

/*
 * Who started a process that is entirely root's by now, as Cockpit's set-uid
 * program makes itself: AT_UID of getauxval(3). 0 if that is not known.
 */
static uid_t
started_by(uint64_t pid)
{
	char text[4096];
	unsigned long entry[2];
	size_t len;

	(void)process_read_file(pid, "auxv", text, sizeof(text), &len);
	for (size_t at = 0; at + sizeof(entry) <= len; at += sizeof(entry)) {
		memcpy(entry, text + at, sizeof(entry));
		if (entry[0] == AT_UID)
			return (uid_t)entry[1];
	}
	return 0;
}

bool
door_peer_read(int fd, struct door_peer *peer)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);
	uid_t uids[3];

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) != 0)
		return false;
	*peer = (struct door_peer){fd, cred.pid, cred.uid, cred.uid};
	if (!process_read_uids((uint64_t)cred.pid, uids))
		return false;
	peer->real_uid = uids[0] != 0 ? uids[0]
				      : started_by((uint64_t)cred.pid);
	return cred.uid != OVERFLOW_UID;
}

bool
door_peer_is_there(int fd)
{
	struct pollfd end = {.fd = fd, .events = POLLRDHUP};

	return poll(&end, 1, 0) == 0;
}
