/* Walks the tokens without holding the lock while they are printed. */
#ifndef TOKENADM_TOKEN_PAGES_H
#define TOKENADM_TOKEN_PAGES_H

#include "cli/command.h"
#include "store/last_use.h"
#include "token/record.h"

/* Gets one token and its last use; anything but ERR_OK ends the walk. */
typedef enum err token_pages_visitor(
    const struct record *record, const struct last_use *usage, void *arg);

/*
 * Visits every token of a user in order of issue, or of all users sorted by
 * name if user is NULL. Reads them in batches, with the store closed while the
 * visitor works. Skips unreadable tokens, and returns the first such error
 * after all others have been visited.
 */
enum err token_pages_each(struct context *context, const char *user,
    token_pages_visitor *visitor, void *arg);

#endif
