/* Ending the sessions that tokens have opened. */
#ifndef TOKENADM_TERMINATE_H
#define TOKENADM_TERMINATE_H

#include <stddef.h>

#include "command.h"
#include "select.h"

/*
 * Ends all live sessions of the tokens: through logind where it knows them, or
 * their processes get SIGHUP, and SIGKILL if that does not do. Never a process
 * that has come by the pid of another. Sets *count to the number of sessions
 * that were ended. The store has to be closed. ERR_SYSTEM, if one goes on.
 */
enum err terminate_sessions(
    struct context *context, const struct selection *tokens, size_t *count);

#endif
