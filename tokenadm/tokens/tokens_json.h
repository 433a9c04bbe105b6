/* The tokens that a command was about, as JSON. */
#ifndef TOKENADM_TOKENS_JSON_H
#define TOKENADM_TOKENS_JSON_H

#include <stddef.h>

#include "cli/command.h"
#include "token/record.h"

/*
 * Prints `{"tokens": [...]}` with the records, and their last use as it is now.
 * sessions_ended: a number to be told, too; NULL: none. The store has to be
 * closed. ERR_NOMEM.
 */
enum err tokens_json_print(struct context *context,
    const struct record *records, size_t count, const size_t *sessions_ended);

#endif
