#include "decide.h"

#include <time.h>

#include "confine_hook.h"
#include "lifecycle/single_use.h"
#include "lifecycle/until_logout.h"
#include "session/rundir.h"
#include "store/lock.h"
#include "store/store.h"
#include "write_back.h"

/* Uses up a token for one login. */
static enum err
spend(struct attempt_outcome *outcome, const struct attempt *attempt,
    const struct config *config, struct error *why)
{
	struct record *record = &outcome->record;
	enum err rc;

	if (!write_back_is_possible())
		return error_set(why, ERR_SYSTEM,
		    "a token for one login cannot be used up under a "
		    "file size limit (RLIMIT_FSIZE)");
	rc = single_use_spend(config, record->id, attempt->now,
	    attempt->deadline, record->ticket, why);
	if (rc != ERR_REFUSED)
		return rc;
	/* Another login was faster. */
	verdict_end(&outcome->verdict);
	return ERR_OK;
}

/* What the attempt leaves behind, now that it is decided. */
static void
note(const struct attempt_outcome *outcome, const struct attempt *attempt,
    const struct config *config)
{
	if (outcome->is_over && write_back_is_possible())
		(void)until_logout_revoke(
		    config, attempt->id, attempt->now, lock_deadline(0), NULL);
	if (!outcome->verdict.accepted)
		write_back_refused(
		    config, attempt, &outcome->record, &outcome->verdict);
	else if (attempt->text != NULL)
		write_back_accepted(config, attempt, &outcome->record);
}

enum err
decide(struct attempt_outcome *outcome, struct attempt *attempt,
    struct setup *setup, struct error *why)
{
	static const struct attempt_host HOST = {
	    .run = RUNDIR,
	    .check_confine = confine_hook_check,
	};
	const struct config *config = &setup->config;
	enum err rc = setup_read_config(setup, why);

	if (rc != ERR_OK)
		return rc;
	attempt->now = time(NULL);
	attempt->deadline = store_deadline(config);
	if (attempt->text != NULL)
		attempt_set_demands(attempt, setup);
	rc = attempt_run(outcome, attempt, config, &HOST, why);
	if (rc == ERR_OK && outcome->verdict.accepted &&
	    attempt->text != NULL && outcome->record.lifetime == RECORD_ONCE)
		rc = spend(outcome, attempt, config, why);
	if (rc == ERR_OK)
		note(outcome, attempt, config);
	return rc;
}
