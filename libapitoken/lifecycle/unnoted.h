/*
 * Uses that could not be noted in usage.tdb: the login leaves a file in the
 * runtime directory, named after the token, so that it does not end as unused.
 * They are lost with the boot; so is what usage_clock.h had counted, unless a
 * watch was stopped before and noted them.
 */
#ifndef APITOKEN_UNNOTED_H
#define APITOKEN_UNNOTED_H

#include <stdint.h>

#include "base/error.h"
#include "config/config.h"

/* Leaves one for this use, in place of an earlier one. Best effort. */
void unnoted_leave(const char *run, const char *id, int64_t now);

/*
 * Notes what was left below run, and removes it. An error means that some of it
 * may still be there: last_use_note, rundir_each.
 */
enum err unnoted_settle(
    const struct config *config, const char *run, struct error *why);

#endif
