/* Tokens that were used, but have no listed session to end. */
#ifndef TOKENADM_UNLISTED_H
#define TOKENADM_UNLISTED_H

#include <stdio.h>

#include "cli/command.h"
#include "tokens/token_selection.h"

/*
 * If any of the tokens were used since boot, prints a line that says what may
 * go on, and what to do. The store must be closed.
 */
void unlisted_print(struct context *context, const struct selection *tokens,
    const char *prefix, FILE *stream);

#endif
