#include "sessions/session_processes.h"

#include <string.h>

/* A session and the processes among which to look. */
struct view {
	const struct proctree *tree;
	const struct session *session;
	const struct session *all; /* sessions, including this one */
	size_t count;
	uid_t uid;
	const struct proc *host; /* or NULL: do not use it */
	bool has_audit;          /* its audit session began with the session */
	bool has_scope;          /* its scope did */
};

static bool
shares_audit(const struct proc *one, const struct proc *other)
{
	return one->login.audit == other->login.audit &&
	    one->login.audit != LOGIN_IDS_NO_AUDIT;
}

static bool
shares_scope(const struct proc *one, const struct proc *other)
{
	return one->login.scope[0] != '\0' &&
	    strcmp(one->login.scope, other->login.scope) == 0;
}

/* Whether no process that shares it with the host is older. */
static bool
is_oldest(const struct view *view,
    bool (*shares)(const struct proc *, const struct proc *))
{
	for (size_t i = 0; i < view->tree->count; i++) {
		const struct proc *one = &view->tree->procs[i];

		if (one->process.start < view->host->process.start &&
		    shares(one, view->host))
			return false;
	}
	return true;
}

static struct view
look(const struct proctree *tree, const struct session *session)
{
	struct view view = {.tree = tree, .session = session};
	const struct login_ids *before = &session->before;

	if (!session->is_shared)
		view.host = proctree_find(tree, &session->process);
	if (view.host == NULL)
		return view;
	view.has_audit = login_ids_audit_is_new(before, &view.host->login) &&
	    is_oldest(&view, shares_audit);
	view.has_scope = login_ids_scope_is_new(before, &view.host->login) &&
	    is_oldest(&view, shares_scope);
	return view;
}

static bool
is_other_host(const struct view *view, const struct proc *proc)
{
	for (size_t i = 0; i < view->count; i++) {
		const struct process *host = &view->all[i].process;

		if (process_is_same(host, &proc->process) &&
		    !process_is_same(host, &view->session->process))
			return true;
	}
	return false;
}

/* Whether it is in a login that its parent is not in, nor was the host. */
static bool
is_in_new_login(const struct login_ids *before, const struct login_ids *parent,
    const struct login_ids *own)
{
	struct login_ids above = *parent, host = *before;

	/* Take unknown as none: in doubt, it is a different login. */
	above.is_known = host.is_known = true;
	return (login_ids_audit_is_new(&above, own) &&
		   login_ids_audit_is_new(&host, own)) ||
	    (login_ids_scope_is_new(&above, own) &&
		login_ids_scope_is_new(&host, own));
}

/*
 * Whether a new login begins with the process. Only root can begin one that
 * counts: a user can set an audit session if he has none.
 */
static bool
begins_login(
    const struct view *view, const struct proc *proc, const struct proc *parent)
{
	return (proc->uid == 0 || parent->uid == 0) &&
	    is_in_new_login(
		&view->session->before, &parent->login, &proc->login);
}

static bool
is_of_another_user(const struct view *view, const struct proc *proc)
{
	if (proc->uid != 0)
		return proc->uid != view->uid;
	return proc->euid != 0 && proc->euid != view->uid;
}

/*
 * Spares another user's process, and root's processes above it, up to the
 * process of the token's user that started them.
 */
static void
spare(const struct view *view, struct proc *one)
{
	size_t steps = view->tree->count;

	one->is_spared = true;
	while (steps-- > 0) {
		one = proctree_parent(view->tree, one);
		if (one == NULL || one == view->host || one->uid != 0)
			return;
		one->is_spared = true;
	}
}

static void
spare_others(const struct view *view)
{
	for (size_t i = 0; i < view->tree->count; i++)
		view->tree->procs[i].is_spared = false;
	for (size_t i = 0; i < view->tree->count; i++)
		if (is_of_another_user(view, &view->tree->procs[i]))
			spare(view, &view->tree->procs[i]);
}

/* Limit the climb: a snapshot may contain loops. */
static bool
is_below_host(const struct view *view, const struct proc *one)
{
	size_t steps = view->tree->count;

	while (view->host != NULL && steps-- > 0) {
		const struct proc *parent = proctree_parent(view->tree, one);

		if (parent == NULL || one->is_spared ||
		    is_other_host(view, one) || begins_login(view, one, parent))
			return false;
		if (parent == view->host)
			return true;
		one = parent;
	}
	return false;
}

/* Whether there is proof that the session started it or an ancestor. */
static bool
bears_sign(const struct view *view, const struct proc *one)
{
	return (view->has_audit && shares_audit(one, view->host)) ||
	    (view->has_scope && shares_scope(one, view->host)) ||
	    strcmp(one->token, view->session->id) == 0;
}

static bool
was_left_behind(const struct view *view, const struct proc *one)
{
	size_t steps = view->tree->count;

	if (view->uid == 0 || !bears_sign(view, one))
		return false;
	while (one != NULL && bears_sign(view, one) && steps-- > 0) {
		if (one->uid != view->uid || is_other_host(view, one))
			return false;
		one = proctree_parent(view->tree, one);
	}
	return true;
}

void
session_processes_mark(struct proctree *tree, const struct session *session,
    uid_t uid, const struct session *all, size_t count)
{
	struct view view = look(tree, session);

	view.all = all;
	view.count = count;
	view.uid = uid;
	spare_others(&view);
	for (size_t i = 0; i < tree->count; i++) {
		struct proc *one = &tree->procs[i];

		if (one != view.host &&
		    (is_below_host(&view, one) || was_left_behind(&view, one)))
			one->is_marked = true;
	}
}
