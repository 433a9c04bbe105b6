/* Whether the process that the hooks run in is there for one session only. */
#ifndef PAM_APITOKEN_HOST_SESSIONS_H
#define PAM_APITOKEN_HOST_SESSIONS_H

#include <stdbool.h>

/* Counts a session that this process opens, with a token or without. */
void host_count_session(void);

/* Whether it has opened more than one, at the same time or not. */
bool host_has_many(void);

/*
 * Whether it may serve others, too: it has opened more than one session, or
 * waits for connections, as a server does and not what it forks for one of
 * them. True where that cannot be found out.
 */
bool host_may_be_shared(void);

#endif
