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
#include "fleet/fleet_fresh.h"
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
 * Revocations of this machine that their owners had taken over at a moment.
 * They go no earlier than a host can be stale: one that knows this machine
 * without the revocation, and the owner as he was before he took it over, would
 * take a token whose revocation was acknowledged long ago.
 */
struct fold_wait {
	char (*ids)[TOKEN_ID_LEN + 1]; /* in order */
	size_t count;
	int64_t since; /* nanoseconds after boot; 0: not looked yet */
};

/* Whether they have waited for long enough. */
bool fold_wait_is_over(
    const struct fold_wait *wait, const struct fleet_moment *moment);
void fold_wait_free(struct fold_wait *wait);

/*
 * Finds them in what is applied here; own is this machine's issuer, trusts whom
 * it believes. *wait, empty at first, is kept from one time to the next. Free
 * them, even after an error. ERR_NOMEM, or as fleet_store_open.
 */
enum err agent_folds_find(struct folds *folds, struct fold_wait *wait,
    const struct config *config, const char *own,
    const struct fleet_trusts *trusts, const struct fleet_moment *moment,
    struct error *why);
void agent_folds_free(struct folds *folds);

/* Does it, in a change of the issued store. Errors as store_put. */
enum err agent_folds_apply(const struct folds *folds, struct store *store,
    struct fleet_change *change, struct error *why);

#endif
