/* A head whose records are applied already: only what it says of itself is new.
 */
#ifndef APITOKEN_FLEET_RENEW_H
#define APITOKEN_FLEET_RENEW_H

#include <stdbool.h>

#include "base/error.h"
#include "config/config.h"
#include "fleet/fleet_head.h"
#include "fleet/fleet_trust.h"

/*
 * Reads the head of an issuer that was applied last. ERR_NOT_FOUND: none was;
 * or as fleet_store_open.
 */
enum err fleet_applied_head(struct fleet_head *applied,
    const struct config *config, const char *issuer, int64_t deadline,
    struct error *why);

/*
 * Judges the head as fleet_verify does. If it stands for the very records that
 * are applied, keeps it; *is_done says so. Else its records have to be listed.
 * One with the same seq that was signed before the one that is kept changes
 * nothing. Errors as fleet_apply.
 */
enum err fleet_renew(const struct fleet_head *head, bool *is_done,
    const struct config *config, const struct fleet_trust *trust, int64_t now,
    int64_t deadline, struct error *why);

#endif
