/* Walks a private copy of the database, without a lock. */
#ifndef TOKENADM_SNAPSHOT_WALK_H
#define TOKENADM_SNAPSHOT_WALK_H

#include <stdint.h>

#include "base/error.h"
#include "store/store.h"
#include "token/record.h"

/* Gets one token; anything but ERR_OK ends the walk. */
typedef enum err snapshot_walk_visitor(const struct record *record, void *arg);

/*
 * Visits every token in an index: grouped by user, in order of issue. An index
 * entry without a token, or with another user's, is ERR_DAMAGED. Or as
 * store_get.
 */
enum err snapshot_walk_tokens(struct store *store,
    snapshot_walk_visitor *visitor, void *arg, struct error *why);

/* Counts all tokens, whether in an index or not. Errors as store_get. */
enum err snapshot_walk_count(
    struct store *store, uint64_t *count, struct error *why);

#endif
