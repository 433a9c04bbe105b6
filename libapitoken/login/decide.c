#include "login/decide.h"

#include "base/deadline.h"
#include "lifecycle/single_use.h"
#include "lifecycle/until_logout.h"
#include "login/write_back.h"

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
note(struct attempt_outcome *outcome, const struct attempt *attempt,
    const struct config *config)
{
	if (outcome->is_over && write_back_is_possible())
		(void)until_logout_revoke(
		    config, attempt->id, attempt->now, deadline_in(0), NULL);
	/* At the door anybody can name an id. */
	if (!outcome->verdict.accepted &&
	    (attempt->text != NULL || !attempt->is_by_door))
		write_back_refused(config, attempt, outcome);
	if (outcome->verdict.accepted && attempt->text != NULL)
		write_back_accepted(
		    config, attempt, &outcome->verdict, &outcome->record);
}

enum err
decide_attempt(struct attempt_outcome *outcome, const struct attempt *attempt,
    const struct config *config, const struct attempt_host *host,
    struct error *why)
{
	enum err rc = attempt_run(outcome, attempt, config, host, why);

	if (rc == ERR_OK && outcome->verdict.accepted &&
	    attempt->text != NULL && outcome->record.lifetime == RECORD_ONCE)
		rc = spend(outcome, attempt, config, why);
	if (rc == ERR_OK)
		note(outcome, attempt, config);
	return rc;
}
