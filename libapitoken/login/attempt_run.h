/*
 * Judges an attempt to log in, from the token to whether its session can be
 * confined, for the module and for tokenadm, which asks beforehand. Nothing is
 * written, printed or logged here.
 */
#ifndef APITOKEN_ATTEMPT_RUN_H
#define APITOKEN_ATTEMPT_RUN_H

#include "base/error.h"
#include "login/attempt.h"
#include "login/module_setup.h"
#include "login/verdict.h"
#include "token/record.h"

struct attempt_outcome {
	struct verdict verdict;
	struct record record;      /* empty if there is none */
	enum confine_mode confine; /* how the session has to be confined */
	bool is_over;              /* refused: see until_logout_is_over */
	bool is_logged;            /* by whoever was asked, see door_client.h */
	/* The owner's tokens, if these were deactivated, and why. */
	size_t deactivated;
	char deactivated_reason[RECORD_REASON_MAX + 1];
};

/* In the order in which they are reached. */
enum attempt_stage {
	ATTEMPT_EVALUATED, /* store and account have been asked */
	ATTEMPT_CONFINED,  /* so is how the session is confined */
	ATTEMPT_LIFETIME,  /* and whether the token ended by itself */
};

/* What the caller provides. */
struct attempt_host {
	const char *run; /* where the list of sessions is: rundir.h */
	/*
	 * Whether this host can confine the session as the outcome says; NULL:
	 * it cannot.
	 */
	enum err (*check_confine)(const struct attempt_outcome *outcome,
	    const struct attempt *attempt, const struct config *config,
	    struct error *why);
	/* Called at each stage that is reached, with its error; or NULL */
	void (*see)(void *arg, enum attempt_stage stage, enum err rc);
	void *arg;
};

/*
 * Sets what the module's line and the config in setup demand: scopes,
 * confinement, deadline. The list of scopes is that of the options, which loses
 * `write` if confinement replaces it.
 */
void attempt_set_demands(struct attempt *attempt, struct setup *setup);

/*
 * The same where the store is not, and the door is asked: nothing is confined
 * there, so that all that the line needs is needed.
 */
void attempt_set_demands_outside(
    struct attempt *attempt, const struct setup *setup);

/*
 * ERR_OK: the verdict of *outcome says whether it is accepted. Anything else is
 * trouble, explained by why, and accepts nothing.
 *
 * Without its text the token is only evaluated: the hook that saw it has
 * settled the rest. host may be NULL then.
 */
enum err attempt_run(struct attempt_outcome *outcome,
    const struct attempt *attempt, const struct config *config,
    const struct attempt_host *host, struct error *why);

#endif
