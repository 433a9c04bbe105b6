/* Ending the sessions that tokens have opened. */
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
 * Ends all live sessions of the tokens: the processes that they have begun
 * (session_processes.h) get SIGHUP, and SIGKILL if that does not do; then the
 * process that opened the session is given time to end by itself. Never a
 * process that has come by the pid of another. The store has to be closed;
 * *done is to be freed by terminate_free in any case. ERR_SYSTEM, if a session
 * goes on, because its process does not end or may serve others, too.
 */
enum err terminate_sessions(struct context *context,
    const struct selection *tokens, struct termination *done);

/*
 * Prints how many sessions were ended. Where tokens that have been used since
 * the machine was started had none in the list, a line says so: a service that
 * closes its PAM session at login, or opens none, may go on. The store has to
 * be closed.
 */
void terminate_report(
    struct context *context, const struct termination *done, FILE *stream);

void terminate_free(struct termination *done);

#endif
