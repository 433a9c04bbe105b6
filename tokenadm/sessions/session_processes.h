/*
 * Which processes a session has begun, and may be ended with it. What ends here
 * has to be the session's for certain: strangers go on, and so may some of its
 * own that look like them.
 *
 * Below the host, which called the session's hooks: all that descend from it,
 * whoever's they are by now (sudo), but for
 * - sessions beneath it: the host of another one in the list, or a process of
 *   root's, or a child of one, with an audit session or a scope of logind's
 *   that began there (an sshd that was started from the session);
 * - processes of another user's, unless that is root; and one of root's that
 *   runs something for such a user: it may be a server.
 *
 * Beyond the host, what has left its parents (setsid, a terminal multiplexer):
 * processes of the token's user, root excepted, by their real uid, that are in
 * the session's audit session or scope or have its APITOKEN_ID in their
 * environment. Not below one that has these as well, but is not the user's, or
 * is the host of another session: it is a server that the session has started,
 * and what it serves is no part of the session.
 *
 * An audit session or a scope is the session's only if the host got it after
 * the token had been accepted, and nothing in it is older than the host: one
 * that the host was started with belongs to whoever started its daemon.
 */
#ifndef TOKENADM_SESSION_PROCESSES_H
#define TOKENADM_SESSION_PROCESSES_H

#include "session/session_list.h"
#include "sessions/proctree.h"

/*
 * Marks them, but never the host of a session, in addition to those that are
 * marked already. Of a session whose process is shared, or gone, only what its
 * environment shows. uid is that of the token's user; all are the sessions that
 * are known to live, this one among them. Pure.
 */
void session_processes_mark(struct proctree *tree,
    const struct session *session, uid_t uid, const struct session *all,
    size_t count);

#endif
