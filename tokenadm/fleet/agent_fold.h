/*
 * What others have revoked becomes part of the tokens' own records, and
 * revocations that nobody needs any more go.
 */
#ifndef TOKENADM_AGENT_FOLD_H
#define TOKENADM_AGENT_FOLD_H

#include <stddef.h>

#include "base/error.h"
#include "config/config.h"
#include "fleet/fleet_change.h"
#include "fleet/fleet_trust.h"

struct fold {
	char id[TOKEN_ID_LEN + 1];
	struct record_event ended; /* at 0: the revocation goes */
	bool ends_sessions;
};

struct folds {
	struct fold *each;
	size_t count;
};

/*
 * Finds them in what is applied here; own is this machine's issuer, trusts whom
 * it believes. Free them, even after an error. ERR_NOMEM, or as
 * fleet_store_open.
 */
enum err agent_folds_find(struct folds *folds, const struct config *config,
    const char *own, const struct fleet_trusts *trusts, int64_t now,
    struct error *why);
void agent_folds_free(struct folds *folds);

/* Does it, in a change of the issued store. Errors as store_put. */
enum err agent_folds_apply(const struct folds *folds, struct store *store,
    struct fleet_change *change, struct error *why);

#endif
