/* Going through the tokens without holding the lock while they are printed. */
#ifndef TOKENADM_TOKEN_PAGES_H
#define TOKENADM_TOKEN_PAGES_H

#include "cli/command.h"
#include "store/last_use.h"
#include "token/record.h"

/* Takes one token and its last use; what is not ERR_OK ends the search. */
typedef enum err token_pages_visitor(
    const struct record *record, const struct last_use *usage, void *arg);

/*
 * Gives every token of a user, or of all users in the order of their names if
 * user is NULL, to the visitor: a user's in order of issue. They are read in
 * batches, and the store is closed while the visitor works. What cannot be
 * read is left out; its error is returned when all others have been visited.
 */
enum err token_pages_each(struct context *context, const char *user,
    token_pages_visitor *visitor, void *arg);

#endif
