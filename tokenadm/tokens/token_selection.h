/* The tokens that a command works on. */
#ifndef TOKENADM_TOKEN_SELECTION_H
#define TOKENADM_TOKEN_SELECTION_H

#include <stddef.h>

#include "cli/command.h"
#include "token/record.h"
#include "tokens/token_lookup.h"

struct selection {
	struct record *records; /* as of their look-up */
	size_t count;
};

/*
 * The tokens named by the operands, or all of the user's: exactly one of the
 * two must be given, or ERR_USAGE. With wanted (see find_token), says on
 * standard error which of several of a name was taken. The store is closed
 * afterwards. Call select_free in any case. Errors as find_token.
 */
enum err select_tokens(struct context *context, const struct args *args,
    const char *user, find_wanted *wanted, struct selection *selection);

/*
 * The tokens whose texts are on standard input, one per line, whatever is
 * around them. Whoever has a token's text may name it so. ERR_INVALID with the
 * line's number if it has none or more than one; ERR_NOT_FOUND if it is not in
 * the store. elsewhere (NULL: nobody) is asked for those that are not: it takes
 * them itself, or returns ERR_NOT_FOUND.
 */
typedef enum err select_elsewhere(
    struct store *store, const char *text, const char *id, void *arg);
enum err select_from_stdin(struct context *context, struct selection *selection,
    select_elsewhere *elsewhere, void *arg);

/* Adds a token unless it is already selected. ERR_NOMEM. */
enum err select_add(struct selection *selection, const struct record *record);

void select_free(struct selection *selection);

#endif
