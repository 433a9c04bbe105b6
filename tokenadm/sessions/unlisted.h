/* Tokens that were used, and have no session in the list that could be ended.
 */
#ifndef TOKENADM_UNLISTED_H
#define TOKENADM_UNLISTED_H

#include <stdio.h>

#include "cli/command.h"
#include "tokens/token_selection.h"

/*
 * Of those tokens that have been used since the machine was started, prints a
 * line that says what may go on, and what to do; nothing if there are none. The
 * store has to be closed.
 */
void unlisted_print(struct context *context, const struct selection *tokens,
    const char *prefix, FILE *stream);

#endif
