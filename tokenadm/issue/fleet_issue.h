/* What is different when a token is issued to a fleet: issue, edit, rotate. */
#ifndef TOKENADM_FLEET_ISSUE_H
#define TOKENADM_FLEET_ISSUE_H

#include "cli/command.h"
#include "outbox/fleet_side.h"
#include "store/store.h"
#include "token/record.h"

/*
 * Whether the options are for tokens of a fleet: what needs a write at a login
 * is not, nor a short token. ERR_USAGE, with the reason; also for --hosts
 * without --fleet.
 */
enum err fleet_issue_check(struct context *context, const struct args *args);

/* Sets the owner, who need not have an account here. ERR_INVALID. */
enum err fleet_issue_owner(
    struct context *context, const char *user, struct record *record);

/*
 * Judges the name against the usable tokens that others have issued to the same
 * user, and counts them in the policy. ERR_EXISTS; or as fleet_others_read.
 */
enum err fleet_issue_room(struct context *context, const struct record *record,
    struct policy *policy);

/*
 * Before a rotation: the first one has ended by then, since no login tells.
 * Within a transaction. ERR_POLICY; or as store_put.
 */
enum err fleet_issue_settle(struct context *context, struct store *store,
    const char id[TOKEN_ID_LEN + 1]);

/* The error after a token that was not confirmed; rc is that of withdrawing. */
enum err fleet_issue_unconfirmed(struct context *context,
    const struct record *record, const struct fleet_unconfirmed *reason,
    enum err rc);

#endif
