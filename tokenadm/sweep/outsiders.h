/*
 * Owners outside of the group that the policy requires. Their tokens are
 * refused at each login, so nothing is stored: this says who they are, and ends
 * their sessions if the config ends those of deactivated tokens.
 */
#ifndef TOKENADM_OUTSIDERS_H
#define TOKENADM_OUTSIDERS_H

#include <stdbool.h>

#include "lifecycle/sweep.h"
#include "sweep/sweeping.h"

/*
 * For the owners whose accounts a sweep has found in order. Asks the name
 * services, if a policy requires a group. Sessions are ended only of those who
 * are outside twice, SWEEP_PATIENCE apart, and not if they are unlikely many.
 * of_fleet: the sweep is of the fleet's tokens; of their owners, those who have
 * a session here are looked at. As session_each, store_open; ERR_NOMEM,
 * ERR_SYSTEM; ERR_POLICY if they are that many.
 */
enum err outsiders_run(struct context *context, const struct sweeping *how,
    const struct sweep *sweep, bool of_fleet);

#endif
