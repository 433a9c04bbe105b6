/* The part of a sweep that is about the fleet's tokens, on this machine. */
#ifndef TOKENADM_FLEET_SWEEP_H
#define TOKENADM_FLEET_SWEEP_H

#include "cli/command.h"
#include "sweep/sweeping.h"

/*
 * Deactivates here, for good, those of accounts that are disabled, and those
 * that are bound to one that is gone or has another uid, by the rules of a
 * sweep of the store's. Prints what it did. With a user, whom userdel has just
 * deleted, only his. Without a fleet nothing is looked at. Errors, with a text
 * that says whose tokens are meant: ERR_POLICY if it would have been too many,
 * or the user still exists; as fleet_usable_each, but what could be read has
 * been done by then.
 */
enum err fleet_sweep_run(
    struct context *context, const struct sweeping *how, const char *deleted);

#endif
