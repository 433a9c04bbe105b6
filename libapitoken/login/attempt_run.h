/*
 * What comes of an attempt to log in, from the token to whether its session can
 * be confined: the same for the module and for who asks beforehand (tokenadm).
 * Nothing is written, printed or logged here.
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
	struct record record;      /* or empty where there is none */
	enum confine_mode confine; /* how the session has to be confined */
	bool is_over; /* refused since its session is: see until_logout_is_over
		       */
};

/* In the order in which they are come to. */
enum attempt_stage {
	ATTEMPT_EVALUATED, /* store and account have been asked */
	ATTEMPT_CONFINED,  /* it is known how the session is confined */
	ATTEMPT_LIFETIME,  /* and whether the token has ended by itself */
};

/* For whom it is made. */
struct attempt_host {
	const char *run; /* the list of sessions lies below it: rundir.h */
	/*
	 * Whether the session can be confined as the outcome says, as far as
	 * that is the host's to say; NULL: it cannot.
	 */
	enum err (*check_confine)(const struct attempt_outcome *outcome,
	    const struct attempt *attempt, const struct config *config,
	    struct error *why);
	/* Told of each stage that was come to, and of trouble there; or NULL */
	void (*see)(void *arg, enum attempt_stage stage, enum err rc);
	void *arg;
};

/* ERR_CONFIG: a set-uid program, which its user can stop, takes no tokens. */
enum err attempt_check_host(bool is_set_uid, struct error *why);

/*
 * Sets what the line and the config that setup has read ask of it: scopes,
 * confinement, deadline. The list of scopes is that of the options, which loses
 * `write` where confinement stands in for it.
 */
void attempt_set_demands(struct attempt *attempt, struct setup *setup);

/*
 * ERR_OK: the verdict of *outcome says whether it is accepted. Anything else is
 * trouble, of which why tells more, and accepts nothing.
 *
 * Without its text the token is evaluated and no more: where it was seen, the
 * rest has been settled. host may be NULL then.
 */
enum err attempt_run(struct attempt_outcome *outcome,
    const struct attempt *attempt, const struct config *config,
    const struct attempt_host *host, struct error *why);

#endif
