#include "sessions/terminate.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/deadline.h"
#include "session/rundir.h"
#include "session/session_list.h"
#include "sessions/proc_signal.h"
#include "sessions/proctree.h"
#include "sessions/session_host.h"
#include "sessions/session_processes.h"
#include "sessions/unlisted.h"
#include "cli/signal_block.h"

#define GRACE 1500 /* milliseconds to wait after a signal */
#define ROUNDS 50  /* of signals, for processes that fork */
#define CALM 3     /* empty rounds in a row: a fork may outrun one */

/* A process to end, and the session that started it. */
struct target {
	struct process process;
	size_t session; /* index in struct ending */
};

/* The live sessions, and the tokens whose sessions are to end. */
struct ending {
	const struct selection *tokens;
	bool spares_root; /* but for the hosts: who asks could not end them */
	struct session *sessions;
	size_t count;
	struct target *targets; /* all processes ever found in a session */
	size_t target_count;
};

/* The token of the session, if the session is to end; or NULL. */
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
	grown[ending->count] = *session;
	session_host_spare_init(&grown[ending->count++]);
	return ERR_OK;
}

static bool
is_target(const struct ending *ending, const struct process *process)
{
	for (size_t i = 0; i < ending->target_count; i++) {
		if (process_is_same(&ending->targets[i].process, process))
			return true;
	}
	return false;
}

static bool
add_target(struct ending *ending, const struct process *process, size_t session)
{
	struct target *grown = reallocarray(
	    ending->targets, ending->target_count + 1, sizeof(*grown));

	if (grown == NULL)
		return false;
	ending->targets = grown;
	grown[ending->target_count++] = (struct target){*process, session};
	return true;
}

/* Marks what the process has started, taking it as the session's host. */
static void
mark(struct proctree *tree, const struct ending *ending,
    const struct session *session, const struct process *process)
{
	struct session one = *session;

	one.process = *process;
	session_processes_mark(tree, &one, token_of(ending, session)->uid,
	    ending->sessions, ending->count);
}

static bool
is_spared(const struct ending *ending, const struct proc *proc)
{
	return ending->spares_root && proc->uid == 0 && proc->euid == 0;
}

/* Adds the marked processes; false without memory. */
static bool
add_marked(struct ending *ending, const struct proctree *tree, size_t session)
{
	for (size_t i = 0; i < tree->count; i++) {
		const struct proc *proc = &tree->procs[i];

		if (proc->is_marked && !is_spared(ending, proc) &&
		    proc->process.pid != (uint64_t)getpid() &&
		    !is_target(ending, &proc->process) &&
		    !add_target(ending, &proc->process, session))
			return false;
	}
	return true;
}

/*
 * Finds the sessions' processes, and adds them to the targets. By a later round
 * the host, or a process between it and a target, may have ended; so a target
 * stays the session's, with all that it starts.
 */
static void
look_for_targets(struct ending *ending)
{
	struct proctree tree;
	bool ok = proctree_read(&tree, NULL) == ERR_OK;

	for (size_t i = 0; ok && i < ending->count; i++) {
		struct session session = ending->sessions[i];

		if (token_of(ending, &session) == NULL)
			continue;
		/* If it holds now, it did when the processes were read. */
		if (!session_host_is_there(&session))
			session.is_shared = true;
		mark(&tree, ending, &session, &session.process);
		ok = add_marked(ending, &tree, i);
	}
	for (size_t i = 0; ok && i < ending->target_count; i++) {
		const struct target target = ending->targets[i];

		if (proctree_find(&tree, &target.process) == NULL)
			continue;
		mark(&tree, ending, &ending->sessions[target.session],
		    &target.process);
		ok = add_marked(ending, &tree, target.session);
	}
	proctree_free(&tree);
}

/* Signals the targets from index from on; returns how many are alive. */
static size_t
send_to_targets(const struct ending *ending, size_t from, int number)
{
	size_t count = 0;

	for (size_t i = from; i < ending->target_count; i++)
		count += proc_signal(&ending->targets[i].process, number);
	return count;
}

/* Waits up to GRACE for all targets to end. */
static void
wait_for_targets(const struct ending *ending)
{
	int64_t end = deadline_in(GRACE);

	for (size_t i = 0; i < ending->target_count; i++)
		(void)proc_wait_for_end(
		    &ending->targets[i].process, deadline_poll(end));
}

/* Stops the targets first, and those that they fork in the meantime. */
static void
stop_targets(struct ending *ending)
{
	size_t before;
	unsigned calm = 0;

	for (int i = 0; i < ROUNDS && calm < CALM; i++) {
		before = ending->target_count;
		look_for_targets(ending);
		calm = ending->target_count == before ? calm + 1 : 0;
		(void)send_to_targets(ending, before, SIGSTOP);
	}
}

static void
kill_targets(struct ending *ending)
{
	unsigned calm = 0;

	for (int i = 0; i < ROUNDS && calm < CALM; i++) {
		look_for_targets(ending);
		calm = send_to_targets(ending, 0, SIGKILL) == 0 ? calm + 1 : 0;
		if (calm == 0)
			wait_for_targets(ending);
	}
}

/* If we are to end meanwhile, nothing stays stopped. */
static void
hang_up_targets(struct ending *ending)
{
	struct signal_block signals;

	signal_block_begin(&signals);
	stop_targets(ending);
	(void)send_to_targets(ending, 0, SIGHUP);
	(void)send_to_targets(ending, 0, SIGCONT);
	signal_block_end(&signals);
}

static void
end_processes(struct ending *ending)
{
	hang_up_targets(ending);
	wait_for_targets(ending);
	kill_targets(ending);
	for (size_t i = 0; i < ending->count; i++)
		if (token_of(ending, &ending->sessions[i]) != NULL &&
		    !ending->sessions[i].is_shared)
			session_host_end(ending->sessions[i]);
}

/* A live process of the session, its host first; or NULL. */
static const struct process *
find_living(const struct ending *ending, size_t session)
{
	struct session *one = &ending->sessions[session];

	if (!session_is_over(one) && session_host_is_there(one))
		return &one->process;
	for (size_t i = 0; i < ending->target_count; i++) {
		const struct target *target = &ending->targets[i];

		if (target->session == session &&
		    !process_is_gone(&target->process))
			return &target->process;
	}
	return NULL;
}

static enum err
goes_on(struct context *context, const struct session *session,
    const struct process *process)
{
	unsigned long long pid = process->pid;

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

/* Counts ended sessions, and collects the tokens that had none. */
static enum err
settle(struct context *context, const struct ending *ending,
    struct termination *done)
{
	enum err rc = ERR_OK;

	if (ending->sessions == NULL)
		return ERR_OK;
	for (size_t i = 0; i < ending->count; i++) {
		const struct session *one = &ending->sessions[i];
		const struct process *living;

		if (token_of(ending, one) == NULL)
			continue;
		living = find_living(ending, i);
		if (living == NULL)
			done->ended++;
		else
			rc = goes_on(context, one, living);
	}
	return rc;
}

/* Collects the tokens that have no session in the list. */
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
	struct ending ending = {
	    .tokens = tokens, .spares_root = context->self != NULL};
	enum err rc = session_each(
	    RUNDIR, NULL, add_session, &ending, &context->error);

	*done = (struct termination){.ended = 0};
	/* We may be ending our own terminal's session. */
	(void)signal(SIGHUP, SIG_IGN);
	if (rc == ERR_OK)
		rc = note_unlisted(&ending, &done->unlisted);
	if (rc == ERR_NOMEM)
		(void)error_plain(&context->error, rc);
	if (rc == ERR_OK && done->unlisted.count < tokens->count) {
		end_processes(&ending);
		rc = settle(context, &ending, done);
	}
	free(ending.targets);
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
