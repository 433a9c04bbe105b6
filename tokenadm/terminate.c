#include "terminate.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <time.h>
#include <unistd.h>

#include "logind.h"
#include "proctree.h"
#include "rundir.h"
#include "session.h"

#define GRACE 1500 /* milliseconds between SIGHUP and SIGKILL */
#define ROUNDS 10  /* of SIGKILL, for those that fork meanwhile */

/* The live sessions that are to end. */
struct ending {
	const struct selection *tokens;
	struct session *sessions;
	size_t count;
};

static bool
is_meant(const struct selection *tokens, const char *id)
{
	for (size_t i = 0; i < tokens->count; i++)
		if (strcmp(tokens->records[i].id, id) == 0)
			return true;
	return false;
}

static enum err
add_session(const struct session *session, void *arg)
{
	struct ending *ending = arg;
	struct session *grown;

	if (!is_meant(ending->tokens, session->id) || session_is_over(session))
		return ERR_OK;
	grown = reallocarray(
	    ending->sessions, ending->count + 1, sizeof(*grown));
	if (grown == NULL)
		return ERR_NOMEM;
	ending->sessions = grown;
	ending->sessions[ending->count++] = *session;
	return ERR_OK;
}

/* Whose processes they are: their owner's, as the token has him. */
static uid_t
uid_of(const struct selection *tokens, const struct session *session)
{
	for (size_t i = 0; i < tokens->count; i++)
		if (strcmp(tokens->records[i].id, session->id) == 0)
			return tokens->records[i].uid;
	return (uid_t)-1;
}

/* Marks the session's processes, but not the one that called the hooks. */
static void
mark(struct proctree *tree, const struct ending *ending,
    const struct session *session)
{
	char variable[sizeof("APITOKEN_ID=") + TOKEN_ID_LEN];
	uid_t uid = uid_of(ending->tokens, session);
	struct proc *host = proctree_find(tree, &session->process);

	if (host != NULL) {
		proctree_mark_below(tree, host);
		proctree_mark_login(tree, host->login);
		host->marked = false;
	}
	(void)snprintf(
	    variable, sizeof(variable), "APITOKEN_ID=%s", session->id);
	if (uid != 0)
		proctree_mark_environment(tree, uid, variable);
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

/* Sends the signal to all that are marked; how many could be reached. */
static size_t
send_to_marked(const struct proctree *tree, int number)
{
	size_t count = 0;

	for (size_t i = 0; i < tree->count; i++) {
		const struct proc *one = &tree->procs[i];
		int fd;

		if (!one->marked || one->process.pid == (uint64_t)getpid())
			continue;
		fd = open_process(&one->process);
		if (fd < 0)
			continue;
		if (pidfd_send_signal(fd, number, NULL, 0) == 0)
			count++;
		(void)close(fd);
	}
	return count;
}

/* Waits for the process to end, for so many milliseconds at most. */
static bool
wait_for_end(const struct process *process, int timeout)
{
	struct pollfd wait = {
	    .fd = open_process(process),
	    .events = POLLIN,
	};
	bool ended;

	if (wait.fd < 0)
		return true;
	ended = poll(&wait, 1, timeout) > 0;
	(void)close(wait.fd);
	return ended;
}

/* Signals all processes of the sessions; how many were reached. */
static size_t
signal_all(const struct ending *ending, int number)
{
	struct proctree tree;
	size_t count = 0;

	if (proctree_read(&tree, NULL) == ERR_OK) {
		for (size_t i = 0; i < ending->count; i++)
			mark(&tree, ending, &ending->sessions[i]);
		count = send_to_marked(&tree, number);
	}
	proctree_free(&tree);
	return count;
}

/* What called the hooks ends by itself, mostly, and clears up behind it. */
static void
end_host(const struct session *session)
{
	static const int SIGNALS[] = {SIGTERM, SIGKILL};
	int fd;

	for (size_t i = 0; i < 2; i++) {
		if (wait_for_end(&session->process, GRACE))
			return;
		fd = open_process(&session->process);
		if (fd < 0)
			return;
		(void)pidfd_send_signal(fd, SIGNALS[i], NULL, 0);
		(void)close(fd);
	}
	(void)wait_for_end(&session->process, GRACE);
}

static void
pause_briefly(void)
{
	static const struct timespec PAUSE = {.tv_nsec = 20 * 1000 * 1000};

	(void)nanosleep(&PAUSE, NULL);
}

/* Ends what is left when logind has been asked. */
static void
end_processes(const struct ending *ending)
{
	int left = GRACE;

	if (signal_all(ending, SIGHUP) > 0) {
		/* Signal 0 reaches those that are still there. */
		for (; left > 0 && signal_all(ending, 0) > 0; left -= 20)
			pause_briefly();
		for (int i = 0; i < ROUNDS; i++) {
			if (signal_all(ending, SIGKILL) == 0)
				break;
			pause_briefly();
		}
	}
	for (size_t i = 0; i < ending->count; i++)
		end_host(&ending->sessions[i]);
}

static enum err
report(struct context *context, const struct ending *ending, size_t *count)
{
	enum err rc = ERR_OK;

	for (size_t i = 0; i < ending->count; i++) {
		const struct session *one = &ending->sessions[i];

		if (session_is_over(one)) {
			++*count;
			continue;
		}
		rc = error_set(&context->error, ERR_SYSTEM,
		    "session of %s goes on: process %llu does not end", one->id,
		    (unsigned long long)one->process.pid);
	}
	return rc;
}

enum err
terminate_sessions(
    struct context *context, const struct selection *tokens, size_t *count)
{
	struct ending ending = {.tokens = tokens};
	enum err rc = session_each(
	    RUNDIR, NULL, add_session, &ending, &context->error);

	*count = 0;
	/* The terminal that we were called from may be among them. */
	(void)signal(SIGHUP, SIG_IGN);
	if (rc == ERR_NOMEM)
		(void)error_plain(&context->error, rc);
	if (rc == ERR_OK && ending.count > 0) {
		for (size_t i = 0; i < ending.count; i++)
			logind_terminate(&ending.sessions[i].process);
		end_processes(&ending);
		rc = report(context, &ending, count);
	}
	free(ending.sessions);
	return rc;
}
