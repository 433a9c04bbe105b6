/* revoke --fleet: the tokens that other machines have issued. */
#ifndef TOKENADM_REVOKE_FLEET_H
#define TOKENADM_REVOKE_FLEET_H

#include "cli/command.h"
#include "lifecycle/revocation.h"
#include "outbox/fleet_others.h"
#include "tokens/token_selection.h"

/* All of other issuers, and which of them are meant. Starts as zeroes. */
struct others_meant {
	struct context *context;
	struct fleet_others others;
	bool *are_meant;
	bool has_users; /* some of them are the user's */
};

/*
 * Reads them, and finds what the arguments mean: with --stdin by their texts.
 * This machine's own are selected (of a user: none, they are looked up in the
 * transaction); what two issuers call the same is both. Call revoke_fleet_free
 * in any case. ERR_POLICY: some are meant, and this machine may not revoke
 * them; or as find_token, select_from_stdin, fleet_others_read.
 */
enum err revoke_fleet_select(struct others_meant *meant,
    struct context *context, const struct args *args, find_wanted *wanted,
    struct selection *selection);

/*
 * Within the transaction: revokes those that are meant, and passes each to
 * take. Errors as fleet_change_revoke, or take's.
 */
enum err revoke_fleet_run(struct others_meant *meant, struct context *context,
    const struct record_event *event, bool ends_sessions,
    revocation_visitor *take, void *arg);

void revoke_fleet_free(struct others_meant *meant);

#endif
