#include "login/syslog_wait.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* Set by a wait in vain. */
static atomic_bool jammed;

static int64_t
milliseconds(void)
{
	struct timespec now = {0};

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/* EAGAIN: no room within the milliseconds; EINTR; anything else is final. */
static int
try_once(const char *path, int type, int patience)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	/* For connect, which waits on a stream; 0 would be no limit. */
	struct timeval limit = {
	    .tv_sec = patience / 1000,
	    .tv_usec = patience % 1000 * 1000 + 1,
	};
	struct pollfd room = {.events = POLLOUT};
	int result = 0, count;

	strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
	room.fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
	if (room.fd < 0)
		return errno;
	if (setsockopt(
		room.fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) != 0 ||
	    connect(room.fd, (struct sockaddr *)&address, sizeof(address)) != 0)
		result = errno;
	/* On a datagram socket: whether the peer's queue is full. */
	if (result == 0) {
		count = poll(&room, 1, patience);
		if (count <= 0)
			result = count == 0 ? EAGAIN : errno;
	}
	(void)close(room.fd);
	return result;
}

bool
syslog_wait(const char *path, int patience)
{
	int64_t now = milliseconds(), end = now + (jammed ? 0 : patience);
	int type = SOCK_DGRAM, result;
	struct stat st;

	/* No log, as in a container: nobody to wait for. */
	if (stat(path, &st) != 0 && errno == ENOENT) {
		jammed = false;
		return true;
	}
	do {
		result = try_once(path, type, (int)(end - now));
		/* The same two that syslog(3) tries. */
		if (result == EPROTOTYPE && type == SOCK_DGRAM) {
			type = SOCK_STREAM;
			result = EINTR;
		}
		now = milliseconds();
	} while (result == EINTR && now <= end);
	jammed = result == EAGAIN || result == EINTR;
	return !jammed;
}
