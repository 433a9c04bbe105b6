/* A sweep with all that belongs to it: what sweep does, and watch does often.
 */
#ifndef TOKENADM_SWEEPING_H
#define TOKENADM_SWEEPING_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/command.h"

struct sweeping {
	const char *by;    /* who deactivates */
	bool dry_run;      /* only say what would be done */
	bool force;        /* even where it is unlikely to be right */
	bool local_only;   /* only owners who are, or were, in /etc/passwd */
	bool is_quiet;     /* not a word where there was nothing to do */
	size_t most_alone; /* how many left alone are named */
};

/*
 * Looks at all owners, deactivates the tokens of those who are disabled, gone,
 * or another by now, and prints what it did. This may take SWEEP_PATIENCE
 * longer than the work. ERR_POLICY for a sweep that was stopped because it
 * would have taken too many.
 */
enum err sweeping_run(struct context *context, const struct sweeping *how);

/*
 * The same for one user who has just been deleted, says userdel; ERR_POLICY if
 * he is still there.
 */
enum err sweeping_deleted(
    struct context *context, const struct sweeping *how, const char *user);

#endif
