/* What a login, or the end of a session, could not write: a sweep does. */
#ifndef TOKENADM_SETTLING_H
#define TOKENADM_SETTLING_H

#include "cli/command.h"
#include "lifecycle/sweep.h"

/*
 * Of those that the survey has found: ends the tokens until log-out whose
 * session is no longer listed, and the predecessors of those that were used.
 * As until_logout_settle, rotation_finish.
 */
enum err settling_run(struct context *context, const struct sweep *sweep);

#endif
