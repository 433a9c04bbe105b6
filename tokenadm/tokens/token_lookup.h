/* From what a person calls a token to its record. */
#ifndef TOKENADM_TOKEN_LOOKUP_H
#define TOKENADM_TOKEN_LOOKUP_H

#include <stdint.h>

#include "base/error.h"
#include "cli/command.h"
#include "store/store.h"
#include "token/record.h"

/*
 * Finds the token that is called by its id or as USER/NAME. Of several that
 * bear a name it is the one that can log in; where none can and there are
 * several, the name is ambiguous. ERR_NOT_FOUND, ERR_EXISTS; or as store_get.
 */
enum err find_token(struct store *store, const char *called, int64_t now,
    struct record *record, struct error *why);

/*
 * The same, with the store opened for it and closed again. Errors as
 * store_open, too.
 */
enum err find_closed(
    struct context *context, const char *called, struct record *record);

#endif
