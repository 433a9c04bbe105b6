/* Finds a token's record by what people call it. */
#ifndef TOKENADM_TOKEN_LOOKUP_H
#define TOKENADM_TOKEN_LOOKUP_H

#include <stdint.h>

#include "base/error.h"
#include "cli/command.h"
#include "store/store.h"
#include "token/record.h"

/* Refuses to call a token by its secret. ERR_INVALID. */
enum err find_check(const char *called, struct error *why);

/*
 * Finds a token by its id or as USER/NAME. Of several with the name it is the
 * one that can log in; if none of several can, the name is ambiguous.
 * ERR_NOT_FOUND, ERR_EXISTS; or as store_get.
 */
enum err find_token(struct store *store, const char *called, int64_t now,
    struct record *record, struct error *why);

/* The same, but opens and closes the store. Errors as store_open, too. */
enum err find_closed(
    struct context *context, const char *called, struct record *record);

#endif
