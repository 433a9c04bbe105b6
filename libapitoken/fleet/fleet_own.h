/* This machine as one that takes what it issues itself. */
#ifndef APITOKEN_FLEET_OWN_H
#define APITOKEN_FLEET_OWN_H

#include "base/error.h"
#include "config/config.h"
#include "fleet/fleet_apply.h"
#include "fleet/fleet_key.h"

/*
 * Brings fleet.tdb to what is in the issued store, whether or not the engine
 * has it. Nothing is done if this machine does not trust itself, or has issued
 * nothing. config is that of the machine. Errors as store_open, fleet_apply.
 */
enum err fleet_own_apply(struct fleet_applied *applied,
    const struct config *config, const struct fleet_key *key, int64_t now,
    int64_t deadline, struct error *why);

#endif
