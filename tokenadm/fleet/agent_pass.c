#include "fleet/agent_pass.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/text.h"
#include "fleet/agent_own.h"
#include "fleet/fleet_apply.h"
#include "fleet/fleet_fresh.h"
#include "fleet/fleet_renew.h"
#include "fleet/fleet_sight.h"
#include "session/rundir.h"
#include "sessions/fleet_sessions.h"
#include "store/lock.h"
#include "store/store.h"

#define ENGINE_PATIENCE 10000 /* milliseconds for one answer */
#define SAY_AGAIN 60000       /* milliseconds */
#define LISTINGS 2            /* of one issuer: it may change meanwhile */

enum err
agent_begin(struct agent *agent, struct context *context)
{
	struct error *why = &context->error;
	enum err rc;

	*agent = (struct agent){.context = context, .has_news = true};
	if (context->config.fleet.id[0] == '\0')
		return error_set(why, ERR_CONFIG,
		    "this machine is in no fleet: set [fleet] id, see "
		    "fleet(7)");
	rc = crypto_init(why);
	if (rc == ERR_OK)
		rc = fleet_key_read(
		    &agent->key, context->config.fleet.key, why);
	agent->is_issuer = rc == ERR_OK;
	if (rc == ERR_MISSING)
		rc = ERR_OK;
	if (rc == ERR_OK)
		rc = fleet_heartbeat_read(RUNDIR, &agent->heartbeat, why);
	if (rc == ERR_OK)
		rc = engine_open(&agent->engine, &context->config,
		    lock_deadline(ENGINE_PATIENCE), why);
	return rc;
}

void
agent_end(struct agent *agent)
{
	engine_close(&agent->engine);
	fleet_trusts_free(&agent->trusts);
	crypto_wipe(&agent->key, sizeof(agent->key));
}

static struct agent_said *
find_said(struct agent *agent, const char *about)
{
	const size_t most = sizeof(agent->said) / sizeof(agent->said[0]);
	struct agent_said *said = agent->said;

	for (size_t i = 0; i < agent->said_count; i++, said++) {
		if (strcmp(said->about, about) == 0)
			return said;
	}
	if (agent->said_count == most)
		return &agent->said[most - 1];
	agent->said_count++;
	*said = (struct agent_said){0};
	(void)snprintf(said->about, sizeof(said->about), "%s", about);
	return said;
}

void
agent_say(struct agent *agent, const char *about, const char *text)
{
	struct agent_said *said = find_said(agent, about);

	if (text != NULL)
		agent->has_failed = true;
	if (strcmp(said->text.text, text != NULL ? text : "") == 0)
		return;
	/* One trouble may have many words: how long it took, which port. */
	if (text != NULL && said->text.text[0] != '\0' &&
	    lock_deadline(0) < said->again)
		return;
	said->again = lock_deadline(SAY_AGAIN);
	fprintf(stderr, "tokenadm: fleet: ");
	if (text != NULL)
		text_print(stderr, text);
	else
		fprintf(stderr, "%s: all is well again", about);
	fputc('\n', stderr);
	(void)error_set(&said->text, ERR_OK, "%s", text != NULL ? text : "");
}

/* Where the heartbeat has an issuer, or will; NULL: too many. */
static struct fleet_beat *
find_beat(struct fleet_heartbeat *heartbeat, const char *issuer)
{
	for (size_t i = 0; i < heartbeat->count; i++) {
		if (strcmp(heartbeat->beats[i].issuer, issuer) == 0)
			return &heartbeat->beats[i];
	}
	if (heartbeat->count == FLEET_ISSUERS_MAX)
		return NULL;
	strcpy(heartbeat->beats[heartbeat->count].issuer, issuer);
	return &heartbeat->beats[heartbeat->count++];
}

/* All up to this head is applied, and it was the newest at that moment. */
static void
beat(struct agent *agent, const struct fleet_head *head, int64_t seen)
{
	struct fleet_beat *one = find_beat(&agent->heartbeat, head->issuer);

	if (one == NULL)
		return;
	one->epoch = head->epoch;
	one->seq = head->seq;
	one->seen = seen;
}

/* Forgets beats of another boot, and of whom nobody trusts any more. */
static void
tidy_heartbeat(struct agent *agent, const struct fleet_moment *moment)
{
	struct fleet_heartbeat *heartbeat = &agent->heartbeat;
	bool is_same = strcmp(heartbeat->boot, moment->boot) == 0;
	size_t kept = 0;

	for (size_t i = 0; is_same && i < heartbeat->count; i++) {
		if (fleet_trusts_find(&agent->trusts,
			heartbeat->beats[i].issuer, moment->now) != NULL)
			heartbeat->beats[kept++] = heartbeat->beats[i];
	}
	heartbeat->count = kept;
	strcpy(heartbeat->boot, moment->boot);
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

/* Brings what is applied up to the head that was read, or a later one. */
static enum err
catch_up(struct agent *agent, const struct fleet_trust *trust,
    const struct fleet_head *head, struct fleet_head *applied,
    struct error *why)
{
	const struct config *config = &agent->context->config;
	struct fleet_applied result;
	bool is_done = false;
	enum err rc = fleet_applied_head(
	    applied, config, trust->issuer, store_deadline(config), why);

	if (rc == ERR_OK && fleet_head_equals(head, applied))
		return ERR_OK;
	if (rc == ERR_OK || rc == ERR_NOT_FOUND)
		rc = fleet_renew(head, &is_done, config, trust, time(NULL),
		    store_deadline(config), why);
	if (rc == ERR_OK && is_done)
		return fleet_applied_head(applied, config, trust->issuer,
		    store_deadline(config), why);
	if (rc == ERR_OK)
		rc = list_and_apply(agent, trust, &result, why);
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

static enum err
take_issuer(struct agent *agent, const struct fleet_trust *trust,
    const struct fleet_engine_heads *heads, struct fleet_head *applied,
    struct error *why)
{
	const struct fleet_engine_head *there = fleet_engine_heads_find(
	    heads, trust->issuer);

	if (there == NULL)
		return error_set(why, ERR_NOT_FOUND,
		    "issuer %s: the engine has nothing of it", trust->issuer);
	if (there->rc != ERR_OK)
		return error_set(why, there->rc, "%s", there->why.text);
	return catch_up(agent, trust, &there->head, applied, why);
}

/* An error of one issuer is said, and no other's matter. */
static void
take_all(struct agent *agent, const struct fleet_engine_heads *heads,
    const struct fleet_moment *moment)
{
	for (size_t i = 0; i < agent->trusts.count; i++) {
		const struct fleet_trust *trust = &agent->trusts.each[i];
		struct fleet_head applied = {.seq = 0};
		struct error why;

		if (!fleet_trust_lasts(trust, moment->now))
			continue;
		if (take_issuer(agent, trust, heads, &applied, &why) ==
		    ERR_OK) {
			beat(agent, &applied, moment->boottime);
			agent_say(agent, trust->issuer, NULL);
		} else {
			agent_say(agent, trust->issuer, why.text);
		}
	}
}

static enum err
read_engine(struct agent *agent, struct error *why)
{
	const struct engine *engine = &agent->engine;
	struct fleet_engine_heads heads = {0};
	struct fleet_moment moment;
	/* Before the request is sent: an answer may be late. */
	enum err rc = fleet_moment_now(&moment, time(NULL), why);

	if (rc == ERR_OK)
		rc = engine->calls->read_heads(
		    engine->state, &heads, lock_deadline(ENGINE_PATIENCE), why);
	if (rc == ERR_OK) {
		tidy_heartbeat(agent, &moment);
		take_all(agent, &heads, &moment);
		rc = fleet_heartbeat_write(RUNDIR, &agent->heartbeat, why);
	}
	fleet_engine_heads_free(&heads);
	return rc;
}

enum err
agent_pass(struct agent *agent)
{
	struct context *context = agent->context;
	struct error why;
	bool had_news = agent->has_news;
	enum err rc;

	agent->has_failed = false;
	context->now = time(NULL);
	fleet_trusts_free(&agent->trusts);
	rc = fleet_trusts_read(
	    &agent->trusts, context->config.fleet.issuers, &context->error);
	if (rc != ERR_OK)
		return rc;
	if (agent->is_issuer && agent_own(agent, &why) != ERR_OK)
		agent_say(agent, "the outbox", why.text);
	else if (agent->is_issuer)
		agent_say(agent, "the outbox", NULL);
	/* What agent_own has applied is news, too. */
	if (had_news && !agent->is_issuer)
		agent->has_news = false;
	rc = read_engine(agent, &why);
	agent_say(agent, "the engine", rc == ERR_OK ? NULL : why.text);
	if (had_news || agent->has_news)
		rc = fleet_sessions_end(context);
	else
		rc = ERR_OK;
	agent_say(agent, "sessions", rc == ERR_OK ? NULL : context->error.text);
	return ERR_OK;
}
