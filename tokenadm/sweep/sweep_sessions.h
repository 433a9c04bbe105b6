/* The sessions of tokens that a sweep ends, if the config wants that. */
#ifndef TOKENADM_SWEEP_SESSIONS_H
#define TOKENADM_SWEEP_SESSIONS_H

#include "sweep/sweeping.h"
#include "tokens/token_selection.h"

/* Of those that a sweep has just deactivated. As terminate_sessions. */
enum err sweep_sessions_end(struct context *context, const struct sweeping *how,
    const struct selection *tokens);

/*
 * Of all that were deactivated before, or of a user's, if user is not NULL: by
 * a login, or by a sweep that was ended before it came to that. As
 * deactivated_find, terminate_sessions; for a watch, ERR_POLICY if one goes on.
 */
enum err sweep_sessions_end_left(
    struct context *context, const struct sweeping *how, const char *user);

#endif
