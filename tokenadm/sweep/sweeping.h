/* A complete sweep, for the commands sweep and watch. */
#ifndef TOKENADM_SWEEPING_H
#define TOKENADM_SWEEPING_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/command.h"
#include "lifecycle/sweep.h"

struct sweeping {
	const char *by;    /* for the log and the tokens: who did it */
	bool dry_run;      /* only print what would be done */
	bool force;        /* even if it looks like an error */
	bool local_only;   /* only owners who are or were in /etc/passwd */
	bool is_quiet;     /* print nothing if there was nothing to do */
	size_t most_alone; /* how many of those left alone to name */
};

/*
 * Checks all owners, deactivates the tokens of those who are disabled or gone,
 * or whose uid has changed, and, unless local_only, those that are unused, and
 * prints what it did. This may take SWEEP_PATIENCE longer than the work.
 * ERR_POLICY if the sweep stopped because it would have deactivated too many.
 * The fleet's tokens come last, see fleet_sweep.h.
 */
enum err sweeping_run(struct context *context, const struct sweeping *how);

/*
 * The same for one user whom userdel has just deleted; ERR_POLICY if the
 * account still exists.
 */
enum err sweeping_deleted(
    struct context *context, const struct sweeping *how, const char *user);

/*
 * Whether the account is gone as userdel leaves it: if it is, finds all owners
 * absent beyond doubt. ERR_POLICY.
 */
enum err sweeping_check_deleted(
    struct context *context, const struct sweep *sweep, const char *user);

/*
 * Waits until what was seen has lasted long enough to be believed
 * (SWEEP_PATIENCE). What was printed so far can be read meanwhile.
 */
void sweeping_wait(void);

#endif
