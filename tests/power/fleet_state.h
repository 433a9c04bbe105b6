/* What a power loss leaves of a fleet, on a machine that issues to it. */
#ifndef TESTS_POWER_FLEET_STATE_H
#define TESTS_POWER_FLEET_STATE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"
#include "config/config.h"

/*
 * Prints what is issued: the same text for the same content. False, with the
 * reason, if it is not sound, or if fleet.tdb or the engine is not whole, or if
 * the engine is behind what it has acknowledged. Nothing without a fleet.
 */
bool fleet_state_describe(
    const struct config *config, FILE *out, struct error *why);

#endif
