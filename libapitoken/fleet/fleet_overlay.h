/* What a host itself says of a fleet's token: see struct fleet_overlay. */
#ifndef APITOKEN_FLEET_OVERLAY_H
#define APITOKEN_FLEET_OVERLAY_H

#include "base/error.h"
#include "config/config.h"
#include "fleet/fleet_entry.h"

/* Which token: two issuers may have given out one id. */
struct fleet_name {
	char id[TOKEN_ID_LEN + 1];
	char issuer[PARSE_HOST_MAX + 1];
};

/*
 * Binds the token to an account's uid, unless it is bound, and notes whether
 * /etc/passwd lists the account. deadline is the lock's. Errors as
 * fleet_store_open, fleet_store_get; ERR_NOT_FOUND.
 */
enum err fleet_overlay_bind(const struct config *config,
    const struct fleet_name *name, uid_t uid, bool is_local, int64_t deadline,
    struct error *why);

/*
 * Revokes or deactivates it on this host, unless either was done; *is_new says
 * whether it was not. It stays so whatever an issuer says. Errors likewise.
 */
enum err fleet_overlay_end(const struct config *config,
    const struct fleet_name *name, enum record_state state,
    const struct record_event *event, bool *is_new, int64_t deadline,
    struct error *why);

/*
 * Takes back what the host has said of its state; *is_new: there was something.
 * Errors likewise.
 */
enum err fleet_overlay_approve(const struct config *config,
    const struct fleet_name *name, bool *is_new, int64_t deadline,
    struct error *why);

#endif
