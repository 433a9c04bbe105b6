#include "fleet/agent_pass.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/deadline.h"
#include "cli/text.h"
#include "fleet/agent_apply.h"
#include "fleet/agent_own.h"
#include "fleet/fleet_fresh.h"
#include "fleet/fleet_renew.h"
#include "fleet/fleet_lookup.h"
#include "session/rundir.h"
#include "sessions/fleet_sessions.h"
#include "store/store.h"

#define SAY_AGAIN 60000     /* milliseconds */
#define SESSIONS_PAUSE 5000 /* until the next try to end them */

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
		    deadline_in(ENGINE_PATIENCE), why);
	return rc;
}

void
agent_end(struct agent *agent)
{
	engine_close(&agent->engine);
	fleet_trusts_free(&agent->trusts);
	fleet_news_free(&agent->news);
	fold_wait_free(&agent->wait);
	for (size_t i = 0; i < agent->issuer_count; i++)
		fleet_known_free(&agent->issuers[i].known);
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
	    deadline_in(0) < said->again)
		return;
	said->again = deadline_in(SAY_AGAIN);
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

/*
 * All up to this head is applied, and it was the newest at that moment. Nothing
 * goes back: with an older fleet.tdb, and an engine that has no newer, what was
 * revoked meanwhile would be good again.
 */
static enum err
beat(struct agent *agent, const struct fleet_head *head, int64_t seen,
    struct error *why)
{
	struct fleet_beat *one = find_beat(&agent->heartbeat, head->issuer);

	if (one == NULL)
		return error_set(why, ERR_POLICY,
		    "issuer %s: more issuers than a heartbeat has room for",
		    head->issuer);
	if (head->epoch < one->epoch ||
	    (head->epoch == one->epoch && head->seq < one->seq))
		return error_set(why, ERR_REFUSED,
		    "issuer %s: this machine had newer records; fleet.tdb was "
		    "put back, and the engine is as old; if the fleet was made "
		    "anew, remove " RUNDIR "/" RUNDIR_FLEET "/heartbeat",
		    head->issuer);
	one->epoch = head->epoch;
	one->seq = head->seq;
	one->seen = seen;
	return ERR_OK;
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

/* Whether all of that head is applied; it may have been signed anew. */
static enum err
take_head(struct agent *agent, const struct fleet_trust *trust,
    const struct fleet_head *head, struct fleet_head *applied, bool *is_done,
    struct error *why)
{
	const struct config *config = &agent->context->config;
	enum err rc = fleet_renew(head, is_done, config, trust, time(NULL),
	    store_deadline(config), why);

	return rc == ERR_OK && *is_done
	    ? fleet_applied_head(
		  applied, config, trust->issuer, store_deadline(config), why)
	    : rc;
}

/* One look at the engine: the heads that it has, and when that was asked. */
struct reading {
	struct fleet_engine_heads heads;
	struct fleet_moment moment;
	/* Of each trust: something has changed that is not applied */
	bool is_behind[FLEET_ISSUERS_MAX];
};

/* What needs no list: it takes no time. */
static enum err
take_issuer(struct agent *agent, size_t number, struct reading *reading,
    struct error *why)
{
	const struct fleet_trust *trust = &agent->trusts.each[number];
	const struct fleet_engine_head *there = fleet_engine_heads_find(
	    &reading->heads, trust->issuer);
	struct fleet_head applied;
	bool is_done;
	enum err rc;

	if (there == NULL)
		return error_set(why, ERR_NOT_FOUND,
		    "issuer %s: the engine has nothing of it", trust->issuer);
	if (there->rc != ERR_OK)
		return error_set(why, there->rc, "%s", there->why.text);
	rc = take_head(agent, trust, &there->head, &applied, &is_done, why);
	reading->is_behind[number] = rc == ERR_OK && !is_done;
	if (rc != ERR_OK || !is_done)
		return rc;
	agent_keep_known(agent, trust->issuer);
	return beat(agent, &applied, reading->moment.boottime, why);
}

/* An error of one issuer is said, and no other's matter. */
static void
take_all(struct agent *agent, struct reading *reading)
{
	for (size_t i = 0; i < agent->trusts.count; i++) {
		const struct fleet_trust *trust = &agent->trusts.each[i];
		struct error why;
		enum err rc;

		if (!fleet_trust_lasts(trust, reading->moment.now))
			continue;
		rc = take_issuer(agent, i, reading, &why);
		if (!reading->is_behind[i])
			agent_say(agent, trust->issuer,
			    rc == ERR_OK ? NULL : why.text);
	}
}

/* Reads the heads, takes what needs no list, and says so in the heartbeat. */
static enum err
read_heads(struct agent *agent, struct reading *reading, struct error *why)
{
	const struct engine *engine = &agent->engine;
	enum err rc;

	fleet_engine_heads_free(&reading->heads);
	*reading = (struct reading){.heads = {.count = 0}};
	/* Before the request is sent: an answer may be late. */
	rc = fleet_moment_now(&reading->moment, time(NULL), why);
	if (rc == ERR_OK)
		rc = engine->calls->read_heads(engine->state, &reading->heads,
		    deadline_in(ENGINE_PATIENCE), why);
	if (rc != ERR_OK)
		return rc;
	tidy_heartbeat(agent, &reading->moment);
	take_all(agent, reading);
	return fleet_heartbeat_write(RUNDIR, &agent->heartbeat, why);
}

static enum err
catch_up(struct agent *agent, size_t number, const struct reading *reading,
    struct error *why)
{
	const struct fleet_trust *trust = &agent->trusts.each[number];
	const struct fleet_engine_head *there = fleet_engine_heads_find(
	    &reading->heads, trust->issuer);
	struct fleet_head applied;
	enum err rc = agent_list(agent, trust, &there->head, &applied,
	    reading->moment.boottime, why);

	return rc == ERR_OK
	    ? beat(agent, &applied, reading->moment.boottime, why)
	    : rc;
}

/*
 * A list may take long, and what is known of others would get old meanwhile: so
 * their heads are read again after each.
 */
static enum err
read_engine(struct agent *agent, struct error *why)
{
	struct reading *reading = calloc(1, sizeof(*reading));
	enum err rc = ERR_NOMEM;

	if (reading == NULL)
		return error_plain(why, rc);
	agent->is_behind = false;
	rc = read_heads(agent, reading, why);
	for (size_t i = 0; rc == ERR_OK && i < agent->trusts.count; i++) {
		const char *issuer = agent->trusts.each[i].issuer;
		struct error cause;

		if (!reading->is_behind[i])
			continue;
		if (agent_awaits_news(agent, issuer)) {
			agent->is_behind = true;
			continue;
		}
		agent_say(agent, issuer,
		    catch_up(agent, i, reading, &cause) == ERR_OK ? NULL
								  : cause.text);
		rc = read_heads(agent, reading, why);
	}
	fleet_engine_heads_free(&reading->heads);
	free(reading);
	return rc;
}

/*
 * One that goes on is no reason to keep the heartbeat waiting, nor to be
 * forgotten.
 */
static void
end_sessions(struct agent *agent, bool has_news)
{
	bool is_due = agent->sessions_next != 0 &&
	    deadline_in(0) >= agent->sessions_next;
	enum err rc;

	if (!has_news && !is_due)
		return;
	rc = fleet_sessions_end(agent->context);
	agent->sessions_next = rc == ERR_OK ? 0 : deadline_in(SESSIONS_PAUSE);
	agent_say(agent, "sessions",
	    rc == ERR_OK ? NULL : agent->context->error.text);
}

/*
 * What it issues goes to the engine even if nobody can be believed here for the
 * moment: a revocation must not wait for a file that somebody mends.
 */
static void
pass_own(struct agent *agent, bool has_trusts)
{
	struct error why;
	enum err rc;

	if (!agent->is_issuer)
		return;
	rc = has_trusts ? agent_own(agent, &why) : agent_own_send(agent, &why);
	agent_say(agent, "the outbox", rc == ERR_OK ? NULL : why.text);
}

void
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
	    &agent->trusts, context->config.fleet.issuers, &why);
	agent_say(agent, "the issuers", rc == ERR_OK ? NULL : why.text);
	pass_own(agent, rc == ERR_OK);
	if (rc != ERR_OK)
		return;
	/* What agent_own has applied is news, too. */
	if (had_news && !agent->is_issuer)
		agent->has_news = false;
	rc = read_engine(agent, &why);
	agent_say(agent, "the engine", rc == ERR_OK ? NULL : why.text);
	end_sessions(agent, had_news || agent->has_news);
}

bool
agent_take_news(struct agent *agent)
{
	/* Of whom nobody trusts, or without a head, it is nobody's matter. */
	bool is_done = agent->news.count > 0;

	agent->context->now = time(NULL);
	for (size_t i = 0; i < agent->trusts.count; i++) {
		const struct fleet_trust *trust = &agent->trusts.each[i];
		struct error why;

		if (fleet_trust_lasts(trust, agent->context->now) &&
		    agent_apply_news(agent, trust, &why) != ERR_OK)
			is_done = false;
	}
	/* What was not good for it is listed. */
	fleet_news_free(&agent->news);
	end_sessions(agent, agent->has_news);
	return is_done;
}
