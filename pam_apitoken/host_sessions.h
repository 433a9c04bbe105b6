/* Whether the process that runs the hooks serves one session only. */
#ifndef PAM_APITOKEN_HOST_SESSIONS_H
#define PAM_APITOKEN_HOST_SESSIONS_H

#include <stdbool.h>

/* Counts a session that this process opens, with a token or without. */
void host_count_session(void);

/* Whether it has opened more than one, at the same time or not. */
bool host_has_many(void);

/*
 * Whether it may serve others, too: it has opened more than one session, or
 * listens for connections, as a server does but not what it forks for each.
 * True if that cannot be found out.
 */
bool host_may_be_shared(void);

#endif
