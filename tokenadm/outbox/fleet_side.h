/*
 * A command with --fleet: it works on what this machine issues to its fleet, a
 * store of its own, and each change of that is published.
 */
#ifndef TOKENADM_FLEET_SIDE_H
#define TOKENADM_FLEET_SIDE_H

#include "cli/command.h"
#include "fleet/fleet_change.h"
#include "fleet/fleet_key.h"
#include "store/store.h"

/* Why a change was not confirmed. */
struct fleet_unconfirmed {
	bool is_sent; /* the engine has it; this machine does not obey it yet */
	struct error cause;
};

struct fleet_side {
	struct config local;  /* of the machine; the context's is the store's */
	struct fleet_key key; /* if is_issuer */
	bool is_issuer;
	bool has_hosts; /* --hosts */
	struct fleet_hosts hosts;
	struct fleet_change *change;          /* during a transaction */
	struct fleet_unconfirmed unconfirmed; /* the last that was not */
};

/* Whether the command is about the fleet: --fleet, or --local of approve. */
bool fleet_side_is_meant(const struct args *args);

/*
 * Turns the context to what the fleet has. End it in any case. ERR_CONFIG: this
 * machine is in no fleet; ERR_INVALID for --hosts; or as fleet_key_read.
 */
enum err fleet_side_begin(struct context *context, const struct args *args);
void fleet_side_end(struct context *context);

/* Whether this machine issues; the error says what makes it. ERR_MISSING. */
enum err fleet_side_check(struct context *context);

/* Reads --hosts: names of hosts, and @groups of them. ERR_INVALID. */
enum err fleet_side_hosts(
    struct fleet_hosts *hosts, const char *text, struct error *why);

/* Begins and ends the change of a transaction, before it is committed. */
enum err fleet_side_follow(struct context *context, struct store *store);
enum err fleet_side_sign(struct context *context);

/* It was committed, and the store is still open. */
void fleet_side_committed(struct context *context);

/* Forgets the change; before the store is closed. */
void fleet_side_forget(struct context *context);

/*
 * Once it is committed, and the store is closed: lets it hold on this machine,
 * and tells the engine. That is asked whether it has all also if nothing was
 * changed: an engine that was put back may have lost what this machine takes
 * for done, and to repeat a command is to ask again. ERR_UNCONFIRMED, with the
 * reason: one of both was not done, and will be by the agent.
 */
enum err fleet_side_publish(struct context *context);

#endif
