#include "fleet/agent_apply.h"

#include <string.h>
#include <time.h>

#include "fleet/fleet_apply.h"
#include "fleet/fleet_renew.h"
#include "store/lock.h"
#include "store/store.h"

#define LISTINGS 2 /* of one issuer: it may change meanwhile */

/* How long a change that the heads tell may be on its way, in milliseconds. */
#define BEHIND_MOST 200

/* What is kept of an issuer; NULL: there are too many. */
static struct agent_issuer *
find_issuer(struct agent *agent, const char *name)
{
	struct agent_issuer *issuer = agent->issuers;

	for (size_t i = 0; i < agent->issuer_count; i++, issuer++) {
		if (strcmp(issuer->issuer, name) == 0)
			return issuer;
	}
	if (agent->issuer_count == FLEET_ISSUERS_MAX)
		return NULL;
	agent->issuer_count++;
	*issuer = (struct agent_issuer){0};
	strcpy(issuer->issuer, name);
	return issuer;
}

/* Lists an issuer's records and applies them. */
static enum err
list_and_apply(struct agent *agent, const struct fleet_trust *trust,
    struct fleet_applied *applied, struct error *why)
{
	const struct config *config = &agent->context->config;
	const struct engine *engine = &agent->engine;
	enum err rc = ERR_REFUSED;

	for (unsigned i = 0; rc == ERR_REFUSED && i < LISTINGS; i++) {
		struct fleet_engine_list list;

		rc = engine->calls->list(engine->state, trust->issuer, &list,
		    lock_deadline(ENGINE_PATIENCE), why);
		if (rc == ERR_OK)
			rc = fleet_apply(applied, config, &list.list, trust,
			    time(NULL), store_deadline(config), why);
		fleet_engine_list_free(&list);
	}
	return rc;
}

enum err
agent_apply_news(struct agent *agent, const struct fleet_trust *trust,
    bool *is_done, struct error *why)
{
	const struct config *config = &agent->context->config;
	const struct fleet_news_issuer *told = fleet_news_find(
	    &agent->news, trust->issuer);
	struct agent_issuer *issuer = find_issuer(agent, trust->issuer);
	struct fleet_applied applied = {0};
	struct fleet_list changes = {0};
	enum err rc;

	*is_done = false;
	if (told == NULL || issuer == NULL)
		return ERR_OK;
	rc = fleet_news_changes(&changes, told, why);
	if (rc == ERR_OK)
		rc = fleet_apply_changes(&applied, &issuer->known, config,
		    &changes, trust, time(NULL), store_deadline(config), why);
	fleet_list_free(&changes);
	*is_done = rc == ERR_OK;
	agent->has_news = agent->has_news || applied.is_new;
	return rc;
}

/* Whether it is worth while to wait for what the engine will tell. */
static bool
is_on_its_way(const struct agent *agent, struct agent_issuer *issuer)
{
	int64_t now = lock_deadline(0);

	if (!agent->engine.calls->has_news || agent->is_once || issuer == NULL)
		return false;
	if (issuer->behind == 0)
		issuer->behind = now;
	if (now - issuer->behind < BEHIND_MOST * INT64_C(1000000))
		return true;
	issuer->behind = 0;
	return false;
}

/* What the next change needs is read while there is time. */
static void
keep_known(struct agent *agent, struct agent_issuer *issuer)
{
	const struct config *config = &agent->context->config;
	struct fleet_head head;
	bool has_head;

	if (issuer == NULL || !agent->engine.calls->has_news || agent->is_once)
		return;
	issuer->behind = 0;
	(void)fleet_known_refresh(&issuer->known, &head, &has_head, config,
	    issuer->issuer, store_deadline(config), NULL);
}

static enum err
list_all(struct agent *agent, const struct fleet_trust *trust,
    const struct fleet_head *head, struct fleet_head *applied,
    struct error *why)
{
	struct fleet_applied result;
	enum err rc = list_and_apply(agent, trust, &result, why);

	if (rc != ERR_OK)
		return rc;
	*applied = result.head;
	agent->has_news = agent->has_news || result.is_new;
	/* It was there, and is gone: nobody goes back. */
	if (fleet_head_compare(applied, head) < 0)
		return error_set(why, ERR_REFUSED,
		    "issuer %s: the engine lists older records than its head "
		    "says",
		    trust->issuer);
	return ERR_OK;
}

enum err
agent_catch_up(struct agent *agent, const struct fleet_trust *trust,
    const struct fleet_head *head, struct fleet_head *applied, bool *is_behind,
    struct error *why)
{
	const struct config *config = &agent->context->config;
	struct agent_issuer *issuer = find_issuer(agent, trust->issuer);
	bool is_done = false, is_first;
	enum err rc = fleet_applied_head(
	    applied, config, trust->issuer, store_deadline(config), why);

	is_first = rc == ERR_NOT_FOUND;
	if (rc == ERR_OK && fleet_head_equals(head, applied)) {
		keep_known(agent, issuer);
		return ERR_OK;
	}
	if (rc == ERR_OK || is_first)
		rc = fleet_renew(head, &is_done, config, trust, time(NULL),
		    store_deadline(config), why);
	if (rc == ERR_OK && is_done)
		return fleet_applied_head(applied, config, trust->issuer,
		    store_deadline(config), why);
	if (rc != ERR_OK)
		return rc;
	*is_behind = !is_first && is_on_its_way(agent, issuer);
	return *is_behind ? ERR_OK : list_all(agent, trust, head, applied, why);
}
