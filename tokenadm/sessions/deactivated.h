/* Tokens that were deactivated on this machine, and have live sessions. */
#ifndef TOKENADM_DEACTIVATED_H
#define TOKENADM_DEACTIVATED_H

#include "cli/command.h"
#include "tokens/token_selection.h"

/*
 * Finds them, by whatever they were deactivated but a repair: all, or a user's,
 * if user is not NULL; the fleet's, too. Those that were revoked are none of
 * them. Nothing is read where no session lives. What is damaged is passed over.
 * Free with select_free, even after an error; what was found by then counts. As
 * session_each, store_open, fleet_store_open.
 */
enum err deactivated_find(
    struct context *context, const char *user, struct selection *tokens);

#endif
