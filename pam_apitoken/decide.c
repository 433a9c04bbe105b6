#include "decide.h"

#include <string.h>
#include <time.h>

#include "base/list.h"
#include "confine_hook.h"
#include "lifecycle/single_use.h"
#include "lifecycle/until_logout.h"
#include "login/evaluate.h"
#include "session/rundir.h"
#include "store/lock.h"
#include "store/store.h"
#include "write_back.h"

/* Refuses a token whose session is over, though nobody could write it yet. */
static enum err
check_logout(const struct config *config, const struct candidate *candidate,
    const struct record *record, struct verdict *verdict, struct error *why)
{
	bool over;
	enum err rc = until_logout_is_over(RUNDIR, record, &over, why);

	if (rc != ERR_OK || !over)
		return rc;
	if (write_back_is_possible())
		(void)until_logout_revoke(config, candidate->id,
		    candidate->request.now, lock_deadline(0), NULL);
	verdict_end(verdict);
	return ERR_OK;
}

/* Uses up a token that is for one login. */
static enum err
spend(const struct config *config, const struct candidate *candidate,
    struct record *record, struct verdict *verdict, struct error *why)
{
	enum err rc;

	if (!write_back_is_possible())
		return error_set(why, ERR_SYSTEM,
		    "a token for one login cannot be used up under a limit of "
		    "file sizes (RLIMIT_FSIZE)");
	rc = single_use_spend(config, record->id, candidate->request.now,
	    candidate->deadline, record->ticket, why);
	if (rc != ERR_REFUSED)
		return rc;
	/* Another login was faster. */
	verdict_end(verdict);
	return ERR_OK;
}

/* Of tokens that end by themselves: whether this one has, or does so now. */
static enum err
end_by_itself(const struct config *config, const struct candidate *candidate,
    struct record *record, struct verdict *verdict, struct error *why)
{
	switch (record->lifetime) {
	case RECORD_LASTING:
		return ERR_OK;
	case RECORD_ONCE:
		return spend(config, candidate, record, verdict, why);
	case RECORD_UNTIL_LOGOUT:
		return check_logout(config, candidate, record, verdict, why);
	}
	return ERR_INTERNAL;
}

/*
 * What the account hook is to ask again. A token whose session is not confined
 * because it may write is to be one that may write then, too.
 */
static void
keep_need(struct evidence *evidence, const struct module_options *options)
{
	if (evidence->confine != CONFINE_NEVER ||
	    options->confine == CONFINE_NEVER ||
	    list_has(evidence->need, "write"))
		return;
	/* module_options_parse leaves room for a scope more. */
	strcat(evidence->need, ",write");
}

/* The rest of what authenticate has to see to, which has seen the secret. */
static enum err
settle(const struct config *config, const struct module_options *options,
    const struct candidate *candidate, struct evidence *evidence,
    struct record *record, struct verdict *verdict, struct error *why)
{
	enum err rc = confine_hook_decide(&evidence->confine, config,
	    options->confine, candidate->request.service, record, why);

	if (rc == ERR_OK)
		rc = confine_hook_check_program(config, evidence->confine, why);
	if (rc == ERR_OK)
		rc = confine_hook_check_descriptors(
		    evidence->confine, record->uid, why);
	if (rc == ERR_OK)
		rc = end_by_itself(config, candidate, record, verdict, why);
	keep_need(evidence, options);
	return rc;
}

enum err
decide(struct verdict *verdict, struct record *record,
    const struct module_options *options, const struct subject *subject,
    struct evidence *evidence, struct error *why)
{
	struct candidate candidate = {
	    .id = subject->id,
	    .text = evidence->text,
	    .user = subject->user,
	    .ticket = evidence->ticket,
	    .request =
		{
		    .service = subject->service,
		    .need = evidence->need,
		    .from = subject->from,
		    .now = time(NULL),
		},
	};
	struct config config;
	enum err rc = config_read(&config, options->config, why);

	candidate.deadline = store_deadline(&config);
	if (rc == ERR_OK && evidence->text != NULL)
		confine_need(&config, subject->service, options->confine,
		    evidence->need);
	if (rc == ERR_OK)
		rc = judge(verdict, record, &config, &candidate, why);
	if (rc == ERR_OK && verdict->accepted && evidence->text != NULL)
		rc = settle(&config, options, &candidate, evidence, record,
		    verdict, why);
	if (rc == ERR_OK && !verdict->accepted)
		write_back_refused(
		    &config, subject, record, verdict, candidate.request.now);
	else if (rc == ERR_OK && evidence->text != NULL)
		write_back_accepted(
		    &config, subject, record, candidate.request.now);
	config_free(&config);
	return rc;
}
