#include "door/door_knock.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/deadline.h"
#include "door/door_message.h"

#define PAUSE 20 /* milliseconds before another try at a full door */

enum err
door_failed(const char *path, struct error *why)
{
	return error_set(
	    why, ERR_SYSTEM, "the door at %s: %s", path, strerror(errno));
}

static enum err
is_missing(const char *path, struct error *why)
{
	return error_set(why, ERR_MISSING,
	    "there is no door at %s, where programs without root's rights and "
	    "set-uid ones ask; run `systemctl enable --now apitoken-door`",
	    path);
}

static enum err
is_late(const char *path, struct error *why)
{
	return error_set(why, ERR_BUSY,
	    "the door at %s does not answer in time; see "
	    "`systemctl status apitoken-door`",
	    path);
}

/* Whether the other end is root's: nobody else may judge. */
static enum err
check_peer(int fd, const char *path, struct error *why)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) != 0)
		return door_failed(path, why);
	if (peer.uid != 0)
		return error_set(why, ERR_UNSAFE,
		    "the door at %s: uid %lu listens there, and not root", path,
		    (unsigned long)peer.uid);
	return ERR_OK;
}

/* Sets *fd to a connection. ERR_BUSY: not now. */
static enum err
enter(int *fd, const char *path, struct error *why)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	enum err rc;

	if (strlen(path) >= sizeof(address.sun_path))
		return error_set(
		    why, ERR_CONFIG, "the door at %s: too long a path", path);
	strcpy(address.sun_path, path);
	*fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (*fd < 0)
		return door_failed(path, why);
	if (connect(*fd, (struct sockaddr *)&address, sizeof(address)) == 0) {
		rc = check_peer(*fd, path, why);
	} else if (errno == EAGAIN) {
		rc = ERR_BUSY;
	} else if (errno == ENOENT || errno == ECONNREFUSED) {
		rc = is_missing(path, why);
	} else {
		rc = door_failed(path, why);
	}
	return rc;
}

enum err
door_receive(int fd, uint8_t *bytes, size_t size, size_t *len, int64_t deadline,
    const char *path, struct error *why)
{
	for (;;) {
		struct pollfd ready = {.fd = fd, .events = POLLIN};
		ssize_t got = recv(fd, bytes, size, 0);
		int left = deadline_poll(deadline);

		if (got >= 0) {
			*len = (size_t)got;
			return ERR_OK;
		}
		if (errno == ECONNRESET) {
			*len = 0;
			return ERR_OK;
		}
		if (errno != EAGAIN && errno != EINTR)
			return door_failed(path, why);
		if (left == 0)
			return is_late(path, why);
		if (errno == EAGAIN)
			(void)poll(&ready, 1, left);
	}
}

/* Enters, and waits to be greeted. ERR_BUSY: there is no room now. */
static enum err
knock(int *fd, int64_t deadline, const char *path, struct error *why)
{
	uint8_t bytes[sizeof(DOOR_HELLO)];
	size_t len = 0;
	enum err rc = enter(fd, path, why);

	if (rc == ERR_OK)
		rc = door_receive(
		    *fd, bytes, sizeof(bytes), &len, deadline, path, why);
	if (rc != ERR_OK)
		return rc;
	if (len == 0)
		return ERR_BUSY;
	if (len == sizeof(DOOR_HELLO) - 1 &&
	    memcmp(bytes, DOOR_HELLO, len) == 0)
		return ERR_OK;
	return error_set(why, ERR_NEWER,
	    "the door at %s is of another version; restart this service and "
	    "apitoken-door",
	    path);
}

enum err
door_enter(int *fd, int64_t deadline, const char *path, struct error *why)
{
	static const struct timespec SHORT = {.tv_nsec = PAUSE * 1000000L};
	enum err rc;

	for (;;) {
		*fd = -1;
		rc = knock(fd, deadline, path, why);
		if (rc != ERR_BUSY)
			return rc;
		if (*fd >= 0)
			(void)close(*fd);
		*fd = -1;
		if (deadline_poll(deadline) == 0)
			return is_late(path, why);
		(void)nanosleep(&SHORT, NULL);
	}
}
