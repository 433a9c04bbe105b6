/* Which tokens a command is about. */
#ifndef TOKENADM_TOKEN_SELECTION_H
#define TOKENADM_TOKEN_SELECTION_H

#include <stddef.h>

#include "cli/command.h"
#include "token/record.h"

struct selection {
	struct record *records; /* as they were when they were looked up */
	size_t count;
};

/*
 * The tokens that the operands call, or all of the user's if user is not NULL:
 * one of the two has to be given, ERR_USAGE. The store is closed afterwards.
 * To be freed by select_free in any case. Errors as find_token.
 */
enum err select_tokens(struct context *context, const struct args *args,
    const char *user, struct selection *selection);

/*
 * The tokens whose texts come on standard input, one a line, with whatever is
 * around it. Whoever has the whole of a token may name it so. ERR_INVALID for
 * a line that has none, or more, by its number; ERR_NOT_FOUND for one that is
 * not in the store.
 */
enum err select_from_stdin(
    struct context *context, struct selection *selection);

/* Adds a token, unless it is there already. ERR_NOMEM. */
enum err select_add(struct selection *selection, const struct record *record);

void select_free(struct selection *selection);

#endif
