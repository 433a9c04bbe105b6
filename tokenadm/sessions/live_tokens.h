/* Tokens that have live sessions, by the list of sessions alone. */
#ifndef TOKENADM_LIVE_TOKENS_H
#define TOKENADM_LIVE_TOKENS_H

#include "cli/command.h"
#include "tokens/token_selection.h"

/*
 * Reads them: ids, and users, which are "" if a session's file is damaged; all
 * uids are -1. Free with select_free, even after an error. As session_each.
 */
enum err live_tokens_read(struct selection *tokens, struct error *why);

/* Called with the record of a local token. ERR_NOMEM. */
typedef enum err live_tokens_local(const struct record *record, void *arg);

/*
 * Takes those away that the store has, and passes them to local, unless it is
 * NULL: an id that a local token has is that token's, whatever a fleet says.
 * One that is damaged is taken away, too. As store_open; ERR_NOMEM.
 */
enum err live_tokens_drop_local(struct context *context,
    struct selection *tokens, live_tokens_local *local, void *arg);

/* Sets the uid that each owner has here, where it is -1, as of a fleet's. */
void live_tokens_bind(struct context *context, struct selection *tokens);

#endif
