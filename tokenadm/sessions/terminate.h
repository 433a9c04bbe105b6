/* Ends the sessions that tokens have opened. */
#ifndef TOKENADM_TERMINATE_H
#define TOKENADM_TERMINATE_H

#include <stddef.h>
#include <stdio.h>

#include "cli/command.h"
#include "tokens/token_selection.h"

struct termination {
	size_t ended;              /* sessions */
	struct selection unlisted; /* tokens that had none in the list */
};

/*
 * Ends all live sessions of the tokens: their processes (session_processes.h)
 * get SIGHUP, then SIGKILL if needed; then the process that opened the session
 * gets time to exit by itself. A process that reused a pid is never signalled.
 * The store must be closed; call terminate_free on *done in any case.
 * At the door, root's processes in it stay, such as what sudo(8) has started.
 * ERR_SYSTEM if a session goes on, because its process does not end or may
 * serve others.
 */
enum err terminate_sessions(struct context *context,
    const struct selection *tokens, struct termination *done);

/*
 * Prints how many sessions were ended. If tokens used since boot had none in
 * the list, warns that a service that closes its PAM session at login, or opens
 * none, may go on. The store must be closed.
 */
void terminate_report(
    struct context *context, const struct termination *done, FILE *stream);

void terminate_free(struct termination *done);

#endif
