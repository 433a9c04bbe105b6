/*
 * Whether a process belongs to a session that was opened with a token: a token
 * makes no tokens.
 */
#ifndef TOKENADM_OWN_SESSION_H
#define TOKENADM_OWN_SESSION_H

#include <sys/types.h>

#include "base/error.h"

/*
 * ERR_POLICY: it does, as far as that is known (see session_processes.h: what
 * cron, at and systemd-run start has left its session); ERR_SYSTEM, ERR_NOMEM:
 * that cannot be told.
 */
enum err own_session_check(pid_t pid, uid_t uid, struct error *why);

#endif
