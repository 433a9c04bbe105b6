/* What this machine knows of its fleet, for fleet status and doctor. */
#ifndef TOKENADM_FLEET_LOOK_H
#define TOKENADM_FLEET_LOOK_H

#include <stdbool.h>

#include "base/error.h"
#include "config/config.h"
#include "fleet/fleet_fresh.h"
#include "fleet/fleet_key.h"
#include "fleet/fleet_trust.h"

/* One issuer who is trusted. */
struct fleet_look_issuer {
	struct fleet_trust trust;
	bool is_trusted; /* now: not_after is not over */
	bool has_applied;
	struct fleet_head applied;
	int64_t age; /* seconds since it was compared last; -1: never */
	enum fleet_freshness freshness;
	bool has_there; /* the engine has a head of it */
	struct fleet_head there;
	struct error there_error; /* why it has none that is understood; "" */
};

struct fleet_look {
	char host[PARSE_HOST_MAX + 1];
	bool is_issuer;
	char issuer[PARSE_HOST_MAX + 1];
	uint8_t key[CRYPTO_SIGNATURE_KEY_LEN];
	struct error issuer_error; /* the key or what it issues; "" */
	uint64_t outbox;           /* steps that are not acknowledged */
	bool asks_engine;
	struct error engine_error; /* "" if it answered, or was not asked */
	struct fleet_look_issuer *issuers; /* by name */
	size_t count;
};

/*
 * Looks at it, and asks the engine if it may. Free it, even after an error.
 * ERR_CONFIG: in no fleet; or trouble with the files of this machine.
 */
enum err fleet_look_take(struct fleet_look *look, const struct config *config,
    bool asks_engine, int64_t now, struct error *why);
void fleet_look_free(struct fleet_look *look);

/* Whether the machine has what the engine has. */
bool fleet_look_agrees(const struct fleet_look_issuer *issuer);

/*
 * Whether all is in order: somebody is trusted, and all of those are fresh and
 * in agreement; nothing is in the outbox.
 */
bool fleet_look_is_good(const struct fleet_look *look);

/* In a word: fresh, stale, behind, not-trusted. */
const char *fleet_look_state(const struct fleet_look_issuer *issuer);

#endif
