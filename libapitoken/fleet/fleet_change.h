/*
 * A change of what this machine issues: follows which tokens are put and
 * removed in a transaction of the issued store, and at its end publishes what
 * is different: signs the heads, and leaves the steps in the outbox.
 */
#ifndef APITOKEN_FLEET_CHANGE_H
#define APITOKEN_FLEET_CHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "config/config.h"
#include "fleet/fleet_issued.h"
#include "fleet/fleet_key.h"

#define FLEET_STEP_MAX 125 /* records: a transaction of etcd has 128 parts */

struct fleet_change;

/* For what hosts a token is: lists, both "" for all. */
struct fleet_hosts {
	char hosts[FLEET_HOSTS_LEN];
	char groups[FLEET_HOSTS_LEN];
};

/*
 * Begins to follow an issued store that is open for writing; store and key have
 * to outlive it. Free it before the store is closed. ERR_NOMEM.
 */
enum err fleet_change_begin(struct fleet_change **change, struct store *store,
    const struct config *config, const struct fleet_key *key, int64_t now,
    struct error *why);
void fleet_change_free(struct fleet_change *change);

/*
 * For what hosts the tokens are that are drawn from now on. A successor is for
 * those of its predecessor.
 */
void fleet_change_set_default(
    struct fleet_change *change, const struct fleet_hosts *hosts);

/* For what hosts a token is from now on. ERR_NOT_FOUND, ERR_NOMEM. */
enum err fleet_change_set_hosts(struct fleet_change *change,
    const char id[TOKEN_ID_LEN + 1], const struct fleet_hosts *hosts,
    struct error *why);

/* A revocation of another issuer's token. */
struct fleet_revocation {
	struct record_event ended;
	int64_t expires; /* the token does */
	bool ends_sessions;
};

/*
 * Publishes it; or that it is published no more (NULL). ERR_NOMEM.
 */
enum err fleet_change_revoke(struct fleet_change *change,
    const char id[TOKEN_ID_LEN + 1], const struct fleet_revocation *revocation,
    struct error *why);

/*
 * A token of its own ends its sessions on all machines, if it is revoked by
 * now. ERR_NOMEM.
 */
enum err fleet_change_end_sessions(struct fleet_change *change,
    const char id[TOKEN_ID_LEN + 1], struct error *why);

/*
 * Continues what another has signed, as whose head the outbox has: with the
 * next epoch, so that nothing that was signed meanwhile counts.
 */
void fleet_change_adopt(struct fleet_change *change);

/* Signs anew even if no record is different: to renew valid_until. */
void fleet_change_renew(struct fleet_change *change);

/*
 * Publishes what is different, before the store is committed; *is_new says
 * whether anything is. Errors as store_get; ERR_INVALID for a token that does
 * not fit into a fleet's record, ERR_POLICY if there would be too many.
 */
enum err fleet_change_end(
    struct fleet_change *change, bool *is_new, struct error *why);

/* Call it after the commit, if anything was new: so the next change is faster.
 */
void fleet_change_committed(struct fleet_change *change);

/* The head that a change now would sign next is valid until then. */
int64_t fleet_valid_until(const struct config *config, int64_t now);

#endif
