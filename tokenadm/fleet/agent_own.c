#include "fleet/agent_own.h"

#include <string.h>
#include <time.h>

#include "base/deadline.h"
#include "cli/signal_block.h"
#include "fleet/agent_fold.h"
#include "fleet/fleet_change.h"
#include "fleet/fleet_own.h"
#include "outbox/outbox_send.h"

#define SEND_PATIENCE 30000 /* milliseconds */

/* Whether a head has to be signed anew: a third of its time is over. */
static bool
is_due(
    const struct config *config, const struct fleet_outbox *outbox, int64_t now)
{
	struct fleet_head head;
	size_t used;
	int64_t until = fleet_valid_until(config, now);

	/* What is under way has a head of its own. */
	if (outbox->first < outbox->next)
		return false;
	if (fleet_head_read(&head, outbox->head, strlen(outbox->head), &used) !=
	    ERR_OK)
		return true;
	/* The clock was ahead: other machines refuse what was signed then. */
	if (head.time > now)
		return true;
	if (until == TIME_NEVER || head.valid_until == TIME_NEVER)
		return until != head.valid_until;
	return head.valid_until > until ||
	    head.valid_until - now < config->fleet.valid_for / 3 * 2;
}

static enum err
change(struct agent *agent, struct store *store, const struct folds *folds,
    struct error *why)
{
	const struct config *config = &agent->context->config;
	struct fleet_change *change = NULL;
	struct fleet_outbox outbox;
	int64_t now = time(NULL);
	bool is_new = false;
	enum err rc = fleet_issued_get_outbox(store, &outbox, why);

	if (rc == ERR_OK)
		rc = fleet_change_begin(
		    &change, store, config, &agent->key, now, why);
	if (rc == ERR_OK && is_due(config, &outbox, now))
		fleet_change_renew(change);
	if (rc == ERR_OK)
		rc = agent_folds_apply(folds, store, change, why);
	if (rc == ERR_OK)
		rc = fleet_change_end(change, &is_new, why);
	if (rc == ERR_OK && is_new)
		rc = store_commit(store, why);
	if (rc == ERR_OK && is_new)
		fleet_change_committed(change);
	fleet_change_free(change);
	return rc;
}

/* Whether there is anything to change, without keeping others waiting. */
static enum err
look(struct agent *agent, const struct config *issued, bool *is_needed,
    struct error *why)
{
	struct store *store = NULL;
	struct fleet_outbox outbox;
	enum err rc = store_open(
	    &store, issued, STORE_READ, store_deadline(issued), why);

	if (rc == ERR_OK)
		rc = fleet_issued_get_outbox(store, &outbox, why);
	store_close(store);
	*is_needed = rc == ERR_OK &&
	    is_due(&agent->context->config, &outbox, time(NULL));
	return rc;
}

static enum err
change_issued(struct agent *agent, struct error *why)
{
	struct store *store = NULL;
	struct signal_block signals;
	struct folds folds = {0};
	struct config issued;
	struct fleet_moment moment;
	bool is_needed;
	enum err rc;

	fleet_issued_config(&issued, &agent->context->config);
	rc = look(agent, &issued, &is_needed, why);
	if (rc == ERR_OK)
		rc = fleet_moment_now(&moment, time(NULL), why);
	/* All is read for it: only when something is different, or ripe. */
	if (rc == ERR_OK &&
	    (agent->has_news || fold_wait_is_over(&agent->wait, &moment)))
		rc = agent_folds_find(&folds, &agent->wait,
		    &agent->context->config, agent->key.issuer, &agent->trusts,
		    &moment, why);
	if (rc != ERR_OK || (!is_needed && folds.count == 0)) {
		agent_folds_free(&folds);
		return rc;
	}
	signal_block_begin(&signals);
	rc = store_open(
	    &store, &issued, STORE_WRITE, store_deadline(&issued), why);
	if (rc == ERR_OK)
		rc = change(agent, store, &folds, why);
	store_close(store);
	signal_block_end(&signals);
	agent_folds_free(&folds);
	return rc;
}

enum err
agent_own_send(struct agent *agent, struct error *why)
{
	return outbox_send(&agent->context->config, &agent->key, &agent->engine,
	    deadline_in(SEND_PATIENCE), why);
}

enum err
agent_own(struct agent *agent, struct error *why)
{
	const struct config *config = &agent->context->config;
	struct fleet_applied applied;
	struct error cause;
	enum err rc = change_issued(agent, why), own;

	if (rc != ERR_OK)
		return rc;
	agent->has_news = false;
	own = fleet_own_apply(&applied, config, &agent->key, time(NULL),
	    store_deadline(config), &cause);
	agent->has_news = agent->has_news || applied.is_new;
	rc = agent_own_send(agent, why);
	if (rc == ERR_OK && own != ERR_OK)
		rc = error_set(why, own, "%s", cause.text);
	return rc;
}
