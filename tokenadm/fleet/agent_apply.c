#include "fleet/agent_apply.h"

#include <string.h>
#include <time.h>

#include "base/deadline.h"
#include "fleet/fleet_apply.h"
#include "store/store.h"

#define LISTINGS 2 /* of one issuer: it may change meanwhile */

#define MILLISECOND INT64_C(1000000)

/* How long a change that the heads tell may be on its way, in milliseconds. */
#define BEHIND_MOST 200

/* How long a list rests that was refused, in milliseconds. */
#define REST_LEAST 4000
#define REST_MOST 60000

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
		    deadline_in(LIST_PATIENCE), why);
		if (rc == ERR_OK)
			rc = fleet_apply(applied, config, &list.list, trust,
			    time(NULL), store_deadline(config), why);
		fleet_engine_list_free(&list);
	}
	return rc;
}

enum err
agent_apply_news(
    struct agent *agent, const struct fleet_trust *trust, struct error *why)
{
	const struct config *config = &agent->context->config;
	const struct fleet_news_issuer *told = fleet_news_find(
	    &agent->news, trust->issuer);
	struct agent_issuer *issuer = find_issuer(agent, trust->issuer);
	struct fleet_applied applied = {0};
	struct fleet_list changes = {0};
	enum err rc;

	if (told == NULL || issuer == NULL)
		return ERR_OK;
	rc = fleet_news_changes(&changes, told, why);
	if (rc == ERR_OK)
		rc = fleet_apply_changes(&applied, &issuer->known, config,
		    &changes, trust, time(NULL), store_deadline(config), why);
	fleet_list_free(&changes);
	agent->has_news = agent->has_news || applied.is_new;
	return rc;
}

bool
agent_awaits_news(struct agent *agent, const char *name)
{
	struct agent_issuer *issuer = find_issuer(agent, name);
	int64_t now = deadline_in(0);

	/* One of whom nothing is applied is listed. */
	if (!agent->engine.calls->has_news || agent->is_once ||
	    issuer == NULL || !issuer->known.is_read)
		return false;
	if (issuer->behind == 0)
		issuer->behind = now;
	if (now - issuer->behind < BEHIND_MOST * MILLISECOND)
		return true;
	issuer->behind = 0;
	return false;
}

void
agent_keep_known(struct agent *agent, const char *name)
{
	const struct config *config = &agent->context->config;
	struct agent_issuer *issuer = find_issuer(agent, name);
	struct fleet_head head;
	bool has_head;

	if (issuer == NULL || !agent->engine.calls->has_news || agent->is_once)
		return;
	issuer->behind = 0;
	(void)fleet_known_refresh(&issuer->known, &head, &has_head, config,
	    issuer->issuer, store_deadline(config), NULL);
}

static enum err
list_now(struct agent *agent, const struct fleet_trust *trust,
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

/*
 * What was wrong with a list will be wrong in a moment, too, and all machines
 * of a fleet would read all of it every two seconds.
 */
static void
rest(struct agent_issuer *issuer, const struct fleet_head *head, int64_t now,
    const struct error *why)
{
	uint32_t random = 0;
	bool is_same = issuer->again != 0 &&
	    fleet_head_equals(head, &issuer->refused);

	issuer->rest = is_same ? 2 * issuer->rest : REST_LEAST;
	if (issuer->rest > REST_MOST)
		issuer->rest = REST_MOST;
	/* Not all machines at the same moment; but in any case. */
	if (crypto_random(&random, sizeof(random)) != ERR_OK)
		random = 0;
	issuer->again = now +
	    (issuer->rest + random % (issuer->rest / 2)) * MILLISECOND;
	issuer->refused = *head;
	issuer->refusal = *why;
}

/* An engine that does not answer is asked again, as for its heads. */
static bool
is_refusal(enum err rc)
{
	return rc == ERR_REFUSED || rc == ERR_NEWER || rc == ERR_INVALID;
}

enum err
agent_list(struct agent *agent, const struct fleet_trust *trust,
    const struct fleet_head *head, struct fleet_head *applied, int64_t now,
    struct error *why)
{
	struct agent_issuer *issuer = find_issuer(agent, trust->issuer);
	enum err rc;

	if (issuer != NULL && now < issuer->again &&
	    fleet_head_equals(head, &issuer->refused))
		return error_set(why, ERR_REFUSED, "%s", issuer->refusal.text);
	rc = list_now(agent, trust, head, applied, why);
	if (issuer != NULL && is_refusal(rc))
		rest(issuer, head, now, why);
	else if (issuer != NULL)
		issuer->again = 0;
	return rc;
}
