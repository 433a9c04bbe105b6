/* Revokes what others have issued: by a record of this issuer's own. */
#ifndef TOKENADM_FLEET_REVOKE_H
#define TOKENADM_FLEET_REVOKE_H

#include "cli/command.h"
#include "outbox/fleet_others.h"

/*
 * Whether this machine may revoke tokens of other issuers, as far as it trusts
 * itself. ERR_POLICY, with what would allow it; or as fleet_trusts_read.
 */
enum err fleet_revoke_check(struct context *context);

/*
 * Revokes it, within a transaction, and so that its sessions end; *changed is
 * false if it was so already, and other->token has the event that counts. What
 * others have revoked, or only this machine takes for revoked, is published all
 * the same: it is to hold whatever becomes of their records. Errors as
 * fleet_change_revoke.
 */
enum err fleet_revoke_run(struct context *context, struct fleet_other *other,
    const struct record_event *event, bool ends_sessions, bool *changed);

#endif
