#include "door/door_listener.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/deadline.h"
#include "cli/daemon_signals.h"
#include "cli/file_watch.h"
#include "cli/sd_notify.h"
#include "cli/text.h"
#include "door/door_message.h"
#include "door/door_peer.h"
#include "door/door_shares.h"
#include "door/door_socket.h"
#include "door/door_uids.h"

/*
 * Milliseconds that a worker may take: somebody types, the lock is waited for,
 * and what was written is read.
 */
#define LIFE 200000
#define DRAIN 10000 /* milliseconds, for what goes on when it ends */
#define PAUSE 100   /* milliseconds, when the machine has no room */

struct worker {
	pid_t pid;
	int64_t deadline;
};

struct listener {
	struct context *context;
	const struct door_trade *trade;
	struct file_watch watch;
	struct door_uids uids;
	int fd, lock, signals;
	/* Both in the same order; the places are what the shares count. */
	struct worker workers[DOOR_WORKERS_MAX];
	struct door_place places[DOOR_WORKERS_MAX];
	size_t count;
	bool is_over;
};

static enum err
begin_watching(struct listener *listener)
{
	const char *const paths[] = {
	    "/etc/passwd",
	    "/etc/subuid",
	    config_file_name(listener->context->config_file),
	};

	return file_watch_begin(&listener->watch, paths,
	    sizeof(paths) / sizeof(paths[0]), &listener->context->error);
}

static enum err
begin(struct listener *listener)
{
	struct context *context = listener->context;
	struct error *why = &context->error;
	enum err rc = daemon_signals_open(&listener->signals, why);

	if (rc == ERR_OK)
		rc = begin_watching(listener);
	if (rc == ERR_OK)
		rc = door_uids_read(&listener->uids, &context->config, why);
	if (rc == ERR_OK)
		rc = door_socket_open(listener->trade->socket,
		    listener->trade->mode, &listener->fd, &listener->lock, why);
	return rc;
}

/* What cannot be read now stays as it was: workers read it for themselves. */
static void
read_again(struct listener *listener)
{
	struct context *context = listener->context;
	struct config fresh;
	struct error why = {""};
	enum err rc = config_read(&fresh, context->config_file, &why);

	if (rc == ERR_OK)
		rc = door_uids_read(&listener->uids, &fresh, &why);
	config_free(&fresh);
	if (rc == ERR_OK)
		return;
	fputs("tokenadm: door: ", stderr);
	text_print(stderr, why.text);
	fputc('\n', stderr);
}

static void
forget(struct listener *listener, pid_t pid)
{
	size_t i = 0;

	while (i < listener->count && listener->workers[i].pid != pid)
		i++;
	if (i == listener->count)
		return;
	listener->count--;
	listener->workers[i] = listener->workers[listener->count];
	listener->places[i] = listener->places[listener->count];
}

static void
reap(struct listener *listener)
{
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		forget(listener, pid);
}

/* A worker that was not reaped yet keeps its number. */
static void
end_late(const struct listener *listener)
{
	for (size_t i = 0; i < listener->count; i++) {
		if (deadline_poll(listener->workers[i].deadline) == 0)
			(void)kill(listener->workers[i].pid, SIGKILL);
	}
}

static void
take_signals(struct listener *listener)
{
	struct signalfd_siginfo info;

	while (read(listener->signals, &info, sizeof(info)) ==
	    (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			reap(listener);
		else if (info.ssi_signo == SIGHUP)
			read_again(listener);
		else
			listener->is_over = true;
	}
}

/* Only who is let in is greeted: then it is worth asking. */
static bool
greet(int fd)
{
	static const char HELLO[] = DOOR_HELLO;

	return send(fd, HELLO, sizeof(HELLO) - 1, MSG_NOSIGNAL) ==
	    (ssize_t)sizeof(HELLO) - 1;
}

/* In the worker's process. */
static _Noreturn void
work(const struct listener *listener, int fd, const struct door_peer *peer,
    pid_t parent)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_SUCCESS);
	(void)close(listener->fd);
	(void)close(listener->lock);
	daemon_signals_give_back();
	if (greet(fd))
		listener->trade->serve(listener->context, fd, peer);
	_exit(EXIT_SUCCESS);
}

/* Starts a worker for a connection; false if there is no room for one. */
static bool
start(struct listener *listener, int fd, const struct door_peer *peer)
{
	const struct door_place place = door_uids_place(
	    &listener->uids, peer->real_uid);
	pid_t parent = getpid(), pid;

	if (listener->count == DOOR_WORKERS_MAX ||
	    !door_shares_allow(listener->places, listener->count, &place))
		return false;
	pid = fork();
	if (pid < 0)
		return false;
	if (pid == 0)
		work(listener, fd, peer, parent);
	listener->workers[listener->count] = (struct worker){
	    pid, deadline_in(LIFE)};
	listener->places[listener->count++] = place;
	return true;
}

/* Takes one connection. Whoever finds no room sees it closed, and tries again.
 */
static void
take_connection(struct listener *listener)
{
	struct door_peer peer;
	int fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0) {
		if (errno == EMFILE || errno == ENFILE || errno == ENOMEM)
			(void)poll(NULL, 0, PAUSE);
		return;
	}
	if (door_peer_read(fd, &peer))
		(void)start(listener, fd, &peer);
	(void)close(fd);
}

/* Watches anew before it reads, so that no change is missed. */
static enum err
take_changes(struct listener *listener)
{
	enum err rc;

	if (!file_watch_read(&listener->watch))
		return ERR_OK;
	file_watch_end(&listener->watch);
	rc = begin_watching(listener);
	if (rc == ERR_OK)
		read_again(listener);
	return rc;
}

/* Milliseconds until the first worker is late; -1: there is none. */
static int
time_to_first(const struct listener *listener)
{
	int64_t first = INT64_MAX;
	int left;

	for (size_t i = 0; i < listener->count; i++) {
		if (listener->workers[i].deadline < first)
			first = listener->workers[i].deadline;
	}
	if (first == INT64_MAX)
		return -1;
	/* One that was killed needs a moment. */
	left = deadline_poll(first);
	return left > 0 ? left : PAUSE;
}

static enum err
wait_and_take(struct listener *listener)
{
	struct pollfd fds[] = {
	    {.fd = listener->fd, .events = POLLIN},
	    {.fd = listener->signals, .events = POLLIN},
	    {.fd = listener->watch.fd, .events = POLLIN},
	};

	if (poll(fds, 3, time_to_first(listener)) < 0 && errno != EINTR)
		return error_set(&listener->context->error, ERR_SYSTEM,
		    "poll: %s", strerror(errno));
	end_late(listener);
	take_signals(listener);
	if ((fds[0].revents & POLLIN) != 0)
		take_connection(listener);
	return take_changes(listener);
}

/*
 * Whoever has begun something finishes it, but waits for nobody at the other
 * end (own_streams.h).
 */
static void
drain(struct listener *listener)
{
	int64_t until = deadline_in(DRAIN);
	int left = DRAIN;

	for (size_t i = 0; i < listener->count; i++)
		(void)kill(listener->workers[i].pid, SIGTERM);
	while (listener->count > 0 && left > 0) {
		struct pollfd ended = {
		    .fd = listener->signals, .events = POLLIN};

		(void)poll(&ended, 1, left);
		take_signals(listener);
		left = deadline_poll(until);
	}
}

static void
end(struct listener *listener)
{
	if (listener->fd >= 0) {
		(void)unlink(listener->trade->socket);
		(void)close(listener->fd);
	}
	drain(listener);
	if (listener->lock >= 0)
		(void)close(listener->lock);
	if (listener->signals >= 0)
		(void)close(listener->signals);
	file_watch_end(&listener->watch);
	door_uids_free(&listener->uids);
}

enum err
door_listener_run(struct context *context, const struct door_trade *trade)
{
	struct listener *listener = calloc(1, sizeof(*listener));
	enum err rc;

	if (listener == NULL)
		return error_plain(&context->error, ERR_NOMEM);
	listener->context = context;
	listener->trade = trade;
	listener->watch.fd = -1;
	listener->fd = listener->lock = listener->signals = -1;
	rc = begin(listener);
	if (rc == ERR_OK)
		notify_manager("READY=1");
	while (rc == ERR_OK && !listener->is_over)
		rc = wait_and_take(listener);
	notify_manager("STOPPING=1");
	end(listener);
	free(listener);
	return rc;
}
