#include "fleet/fleet_helper.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fleet/fleet_patience.h"

/* Standard input only, and no signal blocked or ignored. */
static int
spawn(pid_t *pid, const char *path, int input)
{
	char *argv[] = {(char *)(uintptr_t)path, NULL}, *environment[] = {NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, all;
	int rc;

	(void)sigemptyset(&none);
	(void)sigfillset(&all);
	rc = posix_spawn_file_actions_init(&actions);
	if (rc != 0)
		return rc;
	rc = posix_spawnattr_init(&attributes);
	if (rc != 0)
		goto out;
	(void)posix_spawnattr_setsigmask(&attributes, &none);
	(void)posix_spawnattr_setsigdefault(&attributes, &all);
	(void)posix_spawnattr_setflags(&attributes,
	    POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
		POSIX_SPAWN_SETPGROUP);
	rc = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
	if (rc == 0)
		rc = posix_spawn_file_actions_addclosefrom_np(
		    &actions, STDERR_FILENO + 1);
	if (rc == 0)
		rc = posix_spawn(
		    pid, path, &actions, &attributes, argv, environment);
	(void)posix_spawnattr_destroy(&attributes);
out:
	(void)posix_spawn_file_actions_destroy(&actions);
	return rc;
}

enum err
fleet_helper_start(
    struct fleet_helper *helper, const char *path, struct error *why)
{
	const char *slash = strrchr(path, '/');
	int ends[2], rc;

	helper->len = helper->taken = 0;
	helper->name = slash == NULL ? path : slash + 1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return error_set(
		    why, ERR_SYSTEM, "socketpair: %s", strerror(errno));
	rc = spawn(&helper->pid, path, ends[1]);
	(void)close(ends[1]);
	if (rc == 0) {
		helper->socket = ends[0];
		return ERR_OK;
	}
	helper->pid = 0;
	(void)close(ends[0]);
	if (rc == ENOENT)
		return error_set(why, ERR_MISSING,
		    "%s is not there: install the package tokenadm-fleet",
		    path);
	return error_set(why, ERR_SYSTEM, "%s: %s", path, strerror(rc));
}

void
fleet_helper_end(struct fleet_helper *helper)
{
	if (helper->pid == 0)
		return;
	(void)close(helper->socket);
	(void)kill(helper->pid, SIGKILL);
	while (waitpid(helper->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	helper->pid = 0;
	helper->len = helper->taken = 0;
}

static enum err
fail(struct fleet_helper *helper, enum err rc, const char *text,
    struct error *why)
{
	fleet_helper_end(helper);
	return error_set(why, rc, "%s %s", helper->name, text);
}

/* Until the socket is ready for the events. */
static enum err
wait_for(struct fleet_helper *helper, short events, int64_t deadline,
    struct error *why)
{
	struct pollfd fd = {.fd = helper->socket, .events = events};
	int ready;

	do
		ready = poll(&fd, 1, fleet_patience_left(deadline));
	while ((ready < 0 && errno == EINTR) ||
	    (ready == 0 && fleet_patience_left(deadline) > 0));
	if (ready > 0)
		return ERR_OK;
	return fail(helper, ERR_BUSY, "did not answer in time", why);
}

static enum err
send_part(struct fleet_helper *helper, const void *part, size_t len,
    int64_t deadline, struct error *why)
{
	const char *at = part;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && len > 0) {
		ssize_t sent = send(
		    helper->socket, at, len, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (sent > 0) {
			at += sent;
			len -= (size_t)sent;
		} else if (errno == EAGAIN) {
			rc = wait_for(helper, POLLOUT, deadline, why);
		} else if (errno != EINTR) {
			rc = fail(helper, ERR_SYSTEM, "has ended", why);
		}
	}
	return rc;
}

enum err
fleet_helper_send(struct fleet_helper *helper, enum fleet_frame_kind kind,
    const void *front, size_t front_len, const void *back, size_t back_len,
    int64_t deadline, struct error *why)
{
	uint8_t head[FLEET_FRAME_HEAD];
	enum err rc;

	if (front_len + back_len > FLEET_FRAME_MAX)
		return error_set(why, ERR_INVALID, "too long for a frame");
	fleet_frame_head(head, kind, front_len + back_len);
	rc = send_part(helper, head, sizeof(head), deadline, why);
	if (rc == ERR_OK)
		rc = send_part(helper, front, front_len, deadline, why);
	if (rc == ERR_OK)
		rc = send_part(helper, back, back_len, deadline, why);
	return rc;
}

static enum err
receive_more(struct fleet_helper *helper, int64_t deadline, struct error *why)
{
	ssize_t got;
	enum err rc;

	helper->len -= helper->taken;
	memmove(helper->in, helper->in + helper->taken, helper->len);
	helper->taken = 0;
	rc = wait_for(helper, POLLIN, deadline, why);
	if (rc != ERR_OK)
		return rc;
	got = recv(helper->socket, helper->in + helper->len,
	    sizeof(helper->in) - helper->len, MSG_DONTWAIT);
	if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN))
		return fail(helper, ERR_SYSTEM, "has ended", why);
	if (got > 0)
		helper->len += (size_t)got;
	return ERR_OK;
}

enum err
fleet_helper_receive(struct fleet_helper *helper, struct fleet_frame *frame,
    int64_t deadline, struct error *why)
{
	size_t used = 0;
	enum err rc = ERR_OK;

	while (rc == ERR_OK) {
		if (!fleet_frame_take(frame, helper->in + helper->taken,
			helper->len - helper->taken, &used))
			return fail(
			    helper, ERR_SYSTEM, "is not understood", why);
		if (used > 0)
			break;
		rc = receive_more(helper, deadline, why);
	}
	helper->taken += used;
	return rc;
}

void
fleet_helper_wait(const struct fleet_helper *helper, int wake, int64_t deadline)
{
	struct pollfd fds[] = {
	    {.fd = helper->socket, .events = POLLIN},
	    {.fd = wake, .events = POLLIN},
	};

	if (helper->len > helper->taken)
		return;
	while (poll(fds, 2, fleet_patience_left(deadline)) == 0 &&
	    fleet_patience_left(deadline) > 0)
		continue;
}
