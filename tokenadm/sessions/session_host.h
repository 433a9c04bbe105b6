/* The process that has begun a session, and is to end with it. */
#ifndef TOKENADM_SESSION_HOST_H
#define TOKENADM_SESSION_HOST_H

#include <stdbool.h>

#include "session/session_list.h"

/* Never end init, whatever the session's file says: it counts as shared. */
void session_host_spare_init(struct session *session);

/*
 * Looks again: meanwhile, the process may have left the session, or taken
 * others. False: it has left it.
 */
bool session_host_is_there(struct session *session);

/*
 * Ends it, unless it serves others by then. It usually exits by itself, and
 * cleans up, once nothing of its session is left.
 */
void session_host_end(struct session session);

#endif
