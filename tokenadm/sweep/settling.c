#include "sweep/settling.h"

#include "lifecycle/rotation.h"
#include "lifecycle/until_logout.h"
#include "session/rundir.h"
#include "store/last_use.h"
#include "store/store.h"

/* Deleted or damaged in the meantime: it lets nobody in. */
static enum err
unless_gone(enum err rc)
{
	return rc == ERR_NOT_FOUND || rc == ERR_DAMAGED ? ERR_OK : rc;
}

static enum err
settle_begun(struct context *context, const struct sweep *sweep)
{
	const struct sweep_token *one = sweep->begun;
	enum err rc = ERR_OK;

	for (; rc == ERR_OK && one != NULL; one = one->next)
		rc = unless_gone(until_logout_settle(&context->config, RUNDIR,
		    one->id, context->now, &context->error));
	return rc;
}

/* Of which there is a use: notes and store are not open at the same time. */
static void
look_for_uses(const struct config *config, struct sweep_token *one)
{
	struct last_use_notes *notes = last_use_open(
	    config, store_deadline(config));

	for (; one != NULL; one = one->next) {
		struct last_use usage;

		(void)last_use_get(notes, one->id, &usage);
		one->is_due = usage.at != 0;
	}
	last_use_close(notes);
}

/* A login with a successor does not wait for the lock to revoke the other. */
static enum err
finish_rotations(struct context *context, const struct sweep *sweep)
{
	const struct config *config = &context->config;
	const struct sweep_token *one = sweep->successors;
	enum err rc = ERR_OK;

	if (one != NULL)
		look_for_uses(config, sweep->successors);
	for (; rc == ERR_OK && one != NULL; one = one->next)
		if (one->is_due)
			rc = unless_gone(
			    rotation_finish(config, one->id, context->now,
				store_deadline(config), &context->error));
	return rc;
}

enum err
settling_run(struct context *context, const struct sweep *sweep)
{
	enum err rc = settle_begun(context, sweep);

	return rc == ERR_OK ? finish_rotations(context, sweep) : rc;
}
