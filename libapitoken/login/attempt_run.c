#include "login/attempt_run.h"

#include "confine/confine_rule.h"
#include "confine/confinement.h"
#include "lifecycle/until_logout.h"
#include "login/evaluate.h"
#include "store/store.h"

void
attempt_set_demands(struct attempt *attempt, struct setup *setup)
{
	attempt->need = setup->options.need;
	attempt->confine = setup->options.confine;
	attempt->deadline = store_deadline(&setup->config);
	confine_need(&setup->config, attempt->service, attempt->confine,
	    setup->options.need);
}

void
attempt_set_demands_outside(struct attempt *attempt, const struct setup *setup)
{
	attempt->need = setup->options.need;
	attempt->confine = CONFINE_NEVER;
	attempt->deadline = store_deadline(&setup->config);
}

/* Whether the kernel, this process and the host allow that confinement. */
static enum err
check_confinement(const struct attempt_outcome *outcome,
    const struct attempt *attempt, const struct config *config,
    const struct attempt_host *host, struct error *why)
{
	enum err rc = confinement_check(outcome->record.uid, why);

	if (rc == ERR_OK)
		rc = host->check_confine != NULL
		    ? host->check_confine(outcome, attempt, config, why)
		    : error_plain(why, ERR_INTERNAL);
	return rc;
}

static enum err
decide_confinement(struct attempt_outcome *outcome,
    const struct attempt *attempt, const struct config *config,
    const struct attempt_host *host, struct error *why)
{
	switch (confine_verdict(config, attempt->service,
	    outcome->record.scopes, attempt->confine)) {
	case CONFINE_UNNEEDED:
		return ERR_OK;
	case CONFINE_NEEDED:
		outcome->confine = attempt->confine;
		return check_confinement(outcome, attempt, config, host, why);
	case CONFINE_REFUSED:
		break;
	}
	return error_set(why, ERR_REFUSED,
	    "a token without write has to be confined, and [confine] does not "
	    "list this service");
}

/* Refuses a token whose session is over, even if that is not written yet. */
static enum err
check_lifetime(
    struct attempt_outcome *outcome, const char *run, struct error *why)
{
	enum err rc = until_logout_is_over(
	    run, &outcome->record, &outcome->is_over, why);

	if (rc == ERR_OK && outcome->is_over)
		verdict_end(&outcome->verdict);
	return rc;
}

static enum err
come_to(const struct attempt_host *host, enum attempt_stage stage, enum err rc)
{
	if (host != NULL && host->see != NULL)
		host->see(host->arg, stage, rc);
	return rc;
}

enum err
attempt_run(struct attempt_outcome *outcome, const struct attempt *attempt,
    const struct config *config, const struct attempt_host *host,
    struct error *why)
{
	enum err rc;

	outcome->confine = CONFINE_NEVER;
	outcome->is_over = false;
	outcome->is_logged = false;
	outcome->deactivated = 0;
	rc = come_to(host, ATTEMPT_EVALUATED,
	    evaluate_attempt(
		&outcome->verdict, &outcome->record, config, attempt, why));
	if (rc == ERR_OK && outcome->verdict.accepted &&
	    attempt->text != NULL) {
		rc = come_to(host, ATTEMPT_CONFINED,
		    decide_confinement(outcome, attempt, config, host, why));
		if (rc == ERR_OK)
			rc = come_to(host, ATTEMPT_LIFETIME,
			    check_lifetime(outcome, host->run, why));
	}
	if (rc != ERR_OK)
		outcome->verdict.accepted = false;
	return rc;
}
