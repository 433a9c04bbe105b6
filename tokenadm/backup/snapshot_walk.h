/* Going through a private copy of the database, which needs no lock. */
#ifndef TOKENADM_SNAPSHOT_WALK_H
#define TOKENADM_SNAPSHOT_WALK_H

#include <stdint.h>

#include "base/error.h"
#include "store/store.h"
#include "token/record.h"

/* Takes one token; what is not ERR_OK ends the walk. */
typedef enum err snapshot_walk_visitor(const struct record *record, void *arg);

/*
 * Gives every token that an index leads to to the visitor: a user's together,
 * in order of issue. An index that leads to nothing, or to another's token, is
 * ERR_DAMAGED. Or as store_get.
 */
enum err snapshot_walk_tokens(struct store *store,
    snapshot_walk_visitor *visitor, void *arg, struct error *why);

/* How many tokens there are, with or without an index. Errors as store_get. */
enum err snapshot_walk_count(
    struct store *store, uint64_t *count, struct error *why);

#endif
