/*
 * Revoking tokens. Of a rotation, the new token takes the old one with it until
 * it has been used: they are one to whoever revokes it.
 */
#ifndef APITOKEN_REVOCATION_H
#define APITOKEN_REVOCATION_H

#include <stdbool.h>

#include "base/error.h"
#include "store/store.h"
#include "token/record.h"

/*
 * Takes a token that is revoked now: by this, or, if changed is false, before.
 * What is not ERR_OK ends the change.
 */
typedef enum err revocation_visitor(
    const struct record *record, bool changed, void *arg);

/*
 * Revokes the token with this id, within a change. Revoking twice succeeds, and
 * leaves what the first one said; but a login that goes on by the use of a
 * token for one login does not go through then. visit may be NULL. As
 * store_put.
 */
enum err revocation_run(struct store *store, const char *id,
    const struct record_event *how, revocation_visitor *visit, void *arg,
    struct error *why);

#endif
