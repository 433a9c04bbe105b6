/*
 * Revokes tokens. An unused successor takes its predecessor with it: to whoever
 * revokes it, the two are one.
 */
#ifndef APITOKEN_REVOCATION_H
#define APITOKEN_REVOCATION_H

#include <stdbool.h>

#include "base/error.h"
#include "lifecycle/owner_tokens.h"
#include "store/store.h"
#include "token/record.h"

/*
 * Called with each token that is revoked now; changed is false if it was so
 * before. Any return but ERR_OK ends the change.
 */
typedef enum err revocation_visitor(
    const struct record *record, bool changed, void *arg);

/*
 * Revokes the token with this id, within a change. Revoking twice succeeds, and
 * keeps what the first one said, unless that was the user himself; but a login
 * in progress that has used up a token for one login then fails. Who acts for
 * himself is self, else it is NULL: of his, what was deactivated stays so, and
 * so do tokens of another uid. visit may be NULL. Errors as store_put.
 */
enum err revocation_run(struct store *store, const char *id,
    const struct record_event *how, const struct token_owner *self,
    revocation_visitor *visit, void *arg, struct error *why);

#endif
