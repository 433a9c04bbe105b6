#include "terminate.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <time.h>
#include <unistd.h>

#include "proctree.h"
#include "rundir.h"
#include "session.h"
#include "session_processes.h"
#include "unlisted.h"

#define GRACE 1500 /* milliseconds that a signal has to work */
#define ROUNDS 10  /* of signals, for those that fork meanwhile */

/* The sessions that live, and the tokens whose sessions are to end. */
struct ending {
	const struct selection *tokens;
	struct session *sessions;
	size_t count;
};

/* The token of the session, if that is to end; or NULL. */
static const struct record *
token_of(const struct ending *ending, const struct session *session)
{
	for (size_t i = 0; i < ending->tokens->count; i++)
		if (strcmp(ending->tokens->records[i].id, session->id) == 0)
			return &ending->tokens->records[i];
	return NULL;
}

static enum err
add_session(const struct session *session, void *arg)
{
	struct ending *ending = arg;
	struct session *grown;

	if (session_is_over(session))
		return ERR_OK;
	grown = reallocarray(
	    ending->sessions, ending->count + 1, sizeof(*grown));
	if (grown == NULL)
		return ERR_NOMEM;
	ending->sessions = grown;
	ending->sessions[ending->count++] = *session;
	/* Nothing ends the first process, whatever it says of itself. */
	if (session->process.pid == 1)
		grown[ending->count - 1].is_shared = true;
	return ERR_OK;
}

static void
mark_all(struct proctree *tree, const struct ending *ending)
{
	for (size_t i = 0; i < ending->count; i++) {
		const struct session *one = &ending->sessions[i];
		const struct record *token = token_of(ending, one);

		if (token != NULL)
			session_processes_mark(tree, one, token->uid,
			    ending->sessions, ending->count);
	}
}

/* A descriptor of the process, if the pid is still its own; or -1. */
static int
open_process(const struct process *process)
{
	struct process now;
	uint64_t parent;
	int fd = pidfd_open((pid_t)process->pid, 0);

	if (fd < 0)
		return -1;
	/* Opened first: what is read now is what the descriptor means. */
	if (process_read(process->pid, &now, &parent, NULL) == ERR_OK &&
	    now.start == process->start)
		return fd;
	(void)close(fd);
	return -1;
}

static bool
has_ended(int fd, int timeout)
{
	struct pollfd wait = {.fd = fd, .events = POLLIN};

	return poll(&wait, 1, timeout) > 0;
}

/* Signals a process that lives; false if there is none any more. */
static bool
send_signal(const struct process *process, int number)
{
	int fd = open_process(process);
	bool sent = fd >= 0 && !has_ended(fd, 0) &&
	    pidfd_send_signal(fd, number, NULL, 0) == 0;

	if (fd >= 0)
		(void)close(fd);
	return sent;
}

/* Signals all that are marked, but this process; how many live. */
static size_t
send_to_marked(const struct proctree *tree, int number)
{
	size_t count = 0;

	for (size_t i = 0; i < tree->count; i++) {
		const struct proc *one = &tree->procs[i];

		if (one->is_marked && one->process.pid != (uint64_t)getpid() &&
		    send_signal(&one->process, number))
			count++;
	}
	return count;
}

/* Waits for the process to end, for so many milliseconds at most. */
static bool
wait_for_end(const struct process *process, int timeout)
{
	int fd = open_process(process);
	bool ended = fd < 0 || has_ended(fd, timeout);

	if (fd >= 0)
		(void)close(fd);
	return ended;
}

static int64_t
now_in_ms(void)
{
	struct timespec now = {0};

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits for all that are marked to end, GRACE in all. */
static void
wait_for_marked(const struct proctree *tree)
{
	int64_t end = now_in_ms() + GRACE;

	for (size_t i = 0; i < tree->count; i++) {
		const struct proc *one = &tree->procs[i];
		int64_t left = end - now_in_ms();

		if (one->is_marked && one->process.pid != (uint64_t)getpid())
			(void)wait_for_end(
			    &one->process, left > 0 ? (int)left : 0);
	}
}

/* Signals all processes of the sessions, and waits; how many were there. */
static size_t
signal_all(const struct ending *ending, int number)
{
	struct proctree tree;
	size_t count = 0;

	if (proctree_read(&tree, NULL) == ERR_OK) {
		mark_all(&tree, ending);
		count = send_to_marked(&tree, number);
		if (count > 0)
			wait_for_marked(&tree);
	}
	proctree_free(&tree);
	return count;
}

/* What called the hooks ends by itself, mostly, and clears up behind it. */
static void
end_host(const struct session *session)
{
	static const int SIGNALS[] = {SIGTERM, SIGKILL};

	for (size_t i = 0; i < 2; i++) {
		if (wait_for_end(&session->process, GRACE))
			return;
		(void)send_signal(&session->process, SIGNALS[i]);
	}
	(void)wait_for_end(&session->process, GRACE);
}

static void
end_processes(const struct ending *ending)
{
	int number = SIGHUP;

	for (int i = 0; i < ROUNDS && signal_all(ending, number) > 0; i++)
		number = SIGKILL;
	for (size_t i = 0; i < ending->count; i++)
		if (token_of(ending, &ending->sessions[i]) != NULL &&
		    !ending->sessions[i].is_shared)
			end_host(&ending->sessions[i]);
}

static enum err
goes_on(struct context *context, const struct session *session)
{
	unsigned long long pid = session->process.pid;

	if (session->is_shared)
		return error_set(&context->error, ERR_SYSTEM,
		    "session of %s goes on: its process %llu (%s) may serve "
		    "others, too, and is not ended; restart that service",
		    session->id, pid,
		    session->service[0] != '\0' ? session->service : "unknown");
	return error_set(&context->error, ERR_SYSTEM,
	    "session of %s goes on: process %llu does not end", session->id,
	    pid);
}

/* Counts what has ended, and notes the tokens that had no session. */
static enum err
settle(struct context *context, const struct ending *ending,
    struct termination *done)
{
	enum err rc = ERR_OK;

	for (size_t i = 0; i < ending->count; i++) {
		const struct session *one = &ending->sessions[i];

		if (token_of(ending, one) == NULL)
			continue;
		if (session_is_over(one))
			done->ended++;
		else
			rc = goes_on(context, one);
	}
	return rc;
}

/* The tokens that have no session in the list. */
static enum err
note_unlisted(const struct ending *ending, struct selection *unlisted)
{
	enum err rc = ERR_OK;

	for (size_t i = 0; rc == ERR_OK && i < ending->tokens->count; i++) {
		const struct record *token = &ending->tokens->records[i];
		bool found = false;

		for (size_t j = 0; !found && j < ending->count; j++)
			found = strcmp(ending->sessions[j].id, token->id) == 0;
		if (!found)
			rc = select_add(unlisted, token);
	}
	return rc;
}

enum err
terminate_sessions(struct context *context, const struct selection *tokens,
    struct termination *done)
{
	struct ending ending = {.tokens = tokens};
	enum err rc = session_each(
	    RUNDIR, NULL, add_session, &ending, &context->error);

	*done = (struct termination){.ended = 0};
	/* The terminal that we were called from may be among them. */
	(void)signal(SIGHUP, SIG_IGN);
	if (rc == ERR_OK)
		rc = note_unlisted(&ending, &done->unlisted);
	if (rc == ERR_NOMEM)
		(void)error_plain(&context->error, rc);
	if (rc == ERR_OK && done->unlisted.count < tokens->count) {
		end_processes(&ending);
		rc = settle(context, &ending, done);
	}
	free(ending.sessions);
	return rc;
}

void
terminate_report(
    struct context *context, const struct termination *done, FILE *stream)
{
	const char *prefix = stream == stderr ? "tokenadm: " : "";

	fprintf(stream, "%s%zu session%s ended\n", prefix, done->ended,
	    done->ended == 1 ? "" : "s");
	unlisted_print(context, &done->unlisted, prefix, stream);
}

void
terminate_free(struct termination *done)
{
	select_free(&done->unlisted);
}
