/*
 * Finds the processes that a session has started and that may be ended with it.
 * We end only what is certainly the session's: strangers go on, and so may some
 * of its own processes that look like strangers.
 *
 * Below the host, which called the session's hooks: all its descendants,
 * whoever owns them by now (sudo), except
 * - sessions beneath it: the host of another listed session, or a root process
 * or a child of one, with an audit session or logind scope that began there (an
 * sshd started from the session);
 * - processes of another user, unless that is root; and a root process that
 * runs something for such a user: it may be a server.
 *
 * Outside the host's descendants, what has left its parents (setsid, a terminal
 * multiplexer): processes with the token user's real uid, except root, that are
 * in the session's audit session or scope or have its APITOKEN_ID in their
 * environment. Not below a process that has these as well but belongs to
 * another user, or is the host of another session: that is a server that the
 * session has started, and its clients are not part of the session.
 *
 * An audit session or a scope is the session's only if the host got it after
 * the token was accepted, and no process in it is older than the host: one that
 * the host was started with belongs to whoever started its daemon.
 */
#ifndef TOKENADM_SESSION_PROCESSES_H
#define TOKENADM_SESSION_PROCESSES_H

#include "session/session_list.h"
#include "sessions/proctree.h"

/*
 * Marks them, but never a session's host; keeps existing marks. If the
 * session's process is shared or gone, marks only what the environment shows.
 * uid is the token user's; all are the sessions known to be live, including
 * this one. Pure.
 */
void session_processes_mark(struct proctree *tree,
    const struct session *session, uid_t uid, const struct session *all,
    size_t count);

#endif
