#include "own/own_session.h"

#include <stdlib.h>
#include <unistd.h>

#include "session/rundir.h"
#include "session/session_list.h"
#include "sessions/proctree.h"
#include "sessions/session_processes.h"

struct live {
	struct session *sessions;
	size_t count;
};

static enum err
add(const struct session *session, void *arg)
{
	struct live *live = arg;
	struct session *grown;

	if (session_is_over(session))
		return ERR_OK;
	grown = reallocarray(live->sessions, live->count + 1, sizeof(*grown));
	if (grown == NULL)
		return ERR_NOMEM;
	live->sessions = grown;
	grown[live->count++] = *session;
	return ERR_OK;
}

static enum err
mark_all(struct proctree *tree, uid_t uid, struct error *why)
{
	struct live live = {0};
	enum err rc = session_each(RUNDIR, NULL, add, &live, why);

	for (size_t i = 0; rc == ERR_OK && i < live.count; i++)
		session_processes_mark(
		    tree, &live.sessions[i], uid, live.sessions, live.count);
	free(live.sessions);
	return rc;
}

static const struct proc *
find(const struct proctree *tree, pid_t pid)
{
	for (size_t i = 0; i < tree->count; i++) {
		if (tree->procs[i].process.pid == (uint64_t)pid)
			return &tree->procs[i];
	}
	return NULL;
}

/*
 * One that is not seen here may be of any session. One that is younger than
 * this process, which began when it came to the door, has taken over its pid.
 */
static bool
is_marked(const struct proctree *tree, pid_t pid)
{
	const struct proc *one = find(tree, pid), *own = find(tree, getpid());

	return one == NULL || own == NULL ||
	    one->process.start > own->process.start || one->is_marked ||
	    one->token[0] != '\0';
}

enum err
own_session_check(pid_t pid, uid_t uid, struct error *why)
{
	struct proctree tree = {0};
	enum err rc = proctree_read(&tree, why);

	if (rc == ERR_OK)
		rc = mark_all(&tree, uid, why);
	if (rc == ERR_OK && is_marked(&tree, pid))
		rc = error_about(why, NULL, "token_session",
		    error_set(why, ERR_POLICY,
			"this session was opened with a token, and a token "
			"makes no tokens"));
	proctree_free(&tree);
	return rc;
}
