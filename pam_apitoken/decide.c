#include "decide.h"

#include <time.h>

#include "confine_hook.h"
#include "door/door_client.h"
#include "host_rights.h"
#include "log.h"
#include "login/decide.h"
#include "session/rundir.h"
#include "store/store.h"

static enum err
decide_outside(struct attempt_outcome *outcome, struct attempt *attempt,
    struct setup *setup, struct error *why)
{
	if (attempt->text != NULL)
		attempt_set_demands_outside(attempt, setup);
	return door_ask(outcome, attempt, setup->config.door.socket, why);
}

static enum err
decide_here(struct attempt_outcome *outcome, struct attempt *attempt,
    struct setup *setup, struct error *why)
{
	static const struct attempt_host HOST = {
	    .run = RUNDIR,
	    .check_confine = confine_hook_check,
	};
	enum err rc;

	if (attempt->text != NULL)
		attempt_set_demands(attempt, setup);
	rc = decide_attempt(outcome, attempt, &setup->config, &HOST, why);
	if (rc == ERR_OK && outcome->deactivated > 0)
		log_deactivated(
		    attempt, outcome->deactivated, outcome->deactivated_reason);
	return rc;
}

enum err
decide(struct attempt_outcome *outcome, struct attempt *attempt,
    struct setup *setup, struct error *why)
{
	enum err rc = setup_read_config(setup, why);

	if (rc != ERR_OK)
		return rc;
	attempt->now = time(NULL);
	attempt->deadline = store_deadline(&setup->config);
	return host_is_outside(&setup->config)
	    ? decide_outside(outcome, attempt, setup, why)
	    : decide_here(outcome, attempt, setup, why);
}

static struct witness_time
read_clocks(void)
{
	struct witness_time now = {0};

	(void)clock_gettime(CLOCK_REALTIME, &now.real);
	(void)clock_gettime(CLOCK_BOOTTIME, &now.boot);
	return now;
}

enum err
decide_witnessed(struct attempt_outcome *outcome, struct witness *witness,
    struct attempt *attempt, struct setup *setup, struct error *why)
{
	struct witness_time now = read_clocks();
	enum err rc = setup_read_options(setup, why);

	if (rc != ERR_OK)
		return rc;
	witness_begin(witness, setup->options.config, &now);
	rc = setup_read_config(setup, why);
	if (rc != ERR_OK)
		return rc;
	/* What the door reads is not to be seen from here. */
	if (host_is_outside(&setup->config))
		return decide(outcome, attempt, setup, why);
	witness_look(witness, &setup->config);
	rc = decide(outcome, attempt, setup, why);
	if (rc == ERR_OK)
		witness_finish(witness, attempt, outcome);
	return rc;
}

bool
decide_again(
    const struct witness *witness, struct attempt *attempt, struct setup *setup)
{
	struct witness_time now = read_clocks();

	if (setup_read_options(setup, NULL) != ERR_OK)
		return false;
	attempt->now = now.real.tv_sec;
	return witness_stands(witness, attempt, setup->options.config, &now);
}
