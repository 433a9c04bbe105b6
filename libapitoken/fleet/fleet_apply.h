/*
 * Brings fleet.tdb to what an issuer has signed: all of one step in one
 * transaction, so that whoever is killed leaves the old state or the new.
 */
#ifndef APITOKEN_FLEET_APPLY_H
#define APITOKEN_FLEET_APPLY_H

#include "base/error.h"
#include "config/config.h"
#include "fleet/fleet_known.h"
#include "fleet/fleet_snapshot.h"
#include "fleet/fleet_trust.h"

/* What an apply has changed. */
struct fleet_applied {
	size_t written, removed; /* records */
	bool is_new;             /* the head was not the one applied before */
	struct fleet_head head;  /* what is applied now */
};

/*
 * Applies the list of the issuer whom trust is about, after fleet_verify has
 * judged it; makes the database if there is none. What is applied already is
 * not written again. now is in seconds, deadline the lock's.
 *
 * Errors as fleet_verify, fleet_store_create, fleet_store_open. ERR_BUSY also
 * if others apply at the same time.
 */
enum err fleet_apply(struct fleet_applied *applied, const struct config *config,
    const struct fleet_list *list, const struct fleet_trust *trust, int64_t now,
    int64_t deadline, struct error *why);

/*
 * The same of changes of what is applied: its items are what has changed, one
 * without bytes goes. known is what the caller keeps of the issuer between
 * calls, at first empty. ERR_REFUSED also if something between is missing: then
 * all has to be listed.
 */
enum err fleet_apply_changes(struct fleet_applied *applied,
    struct fleet_known *known, const struct config *config,
    const struct fleet_list *changes, const struct fleet_trust *trust,
    int64_t now, int64_t deadline, struct error *why);

/*
 * Applies a step of this machine's own, after fleet_verify_step has judged it.
 * ERR_BUSY if before is not the head that is applied: use fleet_apply then.
 * Other errors likewise.
 */
enum err fleet_apply_step(struct fleet_applied *applied,
    const struct config *config, const struct fleet_head *before,
    const struct fleet_list *step, const struct fleet_trust *trust, int64_t now,
    int64_t deadline, struct error *why);

#endif
