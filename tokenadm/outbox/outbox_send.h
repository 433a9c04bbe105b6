/*
 * The way of what this machine issues to the engine: step by step, the same
 * bytes again whenever it is not known whether they arrived.
 */
#ifndef TOKENADM_OUTBOX_SEND_H
#define TOKENADM_OUTBOX_SEND_H

#include "base/error.h"
#include "config/config.h"
#include "fleet/fleet_key.h"
#include "outbox/engine.h"

/*
 * Sends what is not acknowledged, and notes what is. An engine that has lost
 * something is written anew; one that knows more than this machine, or has
 * somebody else under its name, is left as it is: ERR_REFUSED. config is that
 * of the machine; the deadline is for all of it.
 *
 * Other errors: as store_open, or why the engine did not acknowledge; all steps
 * are still in the outbox.
 */
enum err outbox_send(const struct config *config, const struct fleet_key *key,
    const struct engine *engine, int64_t deadline, struct error *why);

#endif
