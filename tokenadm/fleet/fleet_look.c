#include "fleet/fleet_look.h"

#include <stdlib.h>
#include <string.h>

#include "base/deadline.h"
#include "fleet/fleet_host.h"
#include "fleet/fleet_issued.h"
#include "fleet/fleet_renew.h"
#include "fleet/fleet_lookup.h"
#include "outbox/engine.h"
#include "session/rundir.h"

#define SECOND INT64_C(1000000000)
#define PATIENCE 5000 /* milliseconds for the engine */

static void
look_at_outbox(
    struct fleet_look *look, const struct config *config, struct error *why)
{
	struct store *store = NULL;
	struct fleet_outbox outbox;
	struct config issued;
	enum err rc;

	fleet_issued_config(&issued, config);
	rc = store_open(
	    &store, &issued, STORE_READ, store_deadline(config), why);
	if (rc == ERR_OK)
		rc = fleet_issued_get_outbox(store, &outbox, why);
	store_close(store);
	if (rc == ERR_OK)
		look->outbox = outbox.next - outbox.first;
	else
		look->issuer_error = *why;
}

static enum err
look_at_own(
    struct fleet_look *look, const struct config *config, struct error *why)
{
	struct fleet_key key;
	enum err rc = fleet_key_read(&key, config->fleet.key, why);

	look->is_issuer = rc == ERR_OK;
	if (rc == ERR_OK) {
		strcpy(look->issuer, key.issuer);
		memcpy(look->key, key.key, sizeof(look->key));
		look_at_outbox(look, config, why);
	} else if (rc != ERR_MISSING) {
		look->issuer_error = *why;
	}
	crypto_wipe(&key, sizeof(key));
	return ERR_OK;
}

static void
look_at_engine(struct fleet_look *look, const struct config *config)
{
	int64_t deadline = deadline_in(PATIENCE);
	struct fleet_engine_heads heads = {0};
	struct engine engine;
	enum err rc = engine_open(
	    &engine, config, deadline, &look->engine_error);

	if (rc == ERR_OK)
		rc = engine.calls->read_heads(
		    engine.state, &heads, deadline, &look->engine_error);
	if (rc == ERR_OK)
		look->engine_error.text[0] = '\0';
	for (size_t i = 0; rc == ERR_OK && i < look->count; i++) {
		struct fleet_look_issuer *issuer = &look->issuers[i];
		const struct fleet_engine_head *there = fleet_engine_heads_find(
		    &heads, issuer->trust.issuer);

		issuer->has_there = there != NULL && there->rc == ERR_OK;
		if (issuer->has_there)
			issuer->there = there->head;
		else if (there != NULL)
			issuer->there_error = there->why;
	}
	fleet_engine_heads_free(&heads);
	engine_close(&engine);
}

static enum err
look_at_issuer(struct fleet_look_issuer *issuer, const struct config *config,
    const struct fleet_heartbeat *heartbeat, const struct fleet_moment *moment,
    struct error *why)
{
	const char *name = issuer->trust.issuer;
	const struct fleet_beat *beat = fleet_heartbeat_find(heartbeat, name);
	enum err rc = fleet_applied_head(
	    &issuer->applied, config, name, store_deadline(config), why);

	issuer->has_applied = rc == ERR_OK;
	issuer->is_trusted = fleet_trust_lasts(&issuer->trust, moment->now);
	issuer->freshness = fleet_fresh_judge(heartbeat, name,
	    issuer->has_applied ? &issuer->applied : NULL, moment,
	    config->fleet.stale_after);
	issuer->age = beat == NULL || strcmp(heartbeat->boot, moment->boot) != 0
	    ? -1
	    : (moment->boottime - beat->seen) / SECOND;
	return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(((const struct fleet_look_issuer *)a)->trust.issuer,
	    ((const struct fleet_look_issuer *)b)->trust.issuer);
}

static enum err
look_at_issuers(struct fleet_look *look, const struct config *config,
    const struct fleet_trusts *trusts, int64_t now, struct error *why)
{
	struct fleet_heartbeat heartbeat;
	struct fleet_moment moment;
	enum err rc = fleet_heartbeat_read(RUNDIR, &heartbeat, why);

	if (rc == ERR_OK)
		rc = fleet_moment_now(&moment, now, why);
	look->issuers = calloc(trusts->count + 1, sizeof(*look->issuers));
	if (rc == ERR_OK && look->issuers == NULL)
		rc = error_plain(why, ERR_NOMEM);
	for (size_t i = 0;
	     rc == ERR_OK && look->issuers != NULL && i < trusts->count; i++) {
		struct fleet_look_issuer *issuer = &look->issuers[i];

		look->count++;
		issuer->trust = trusts->each[i];
		rc = look_at_issuer(issuer, config, &heartbeat, &moment, why);
	}
	if (look->issuers != NULL && look->count > 1)
		qsort(look->issuers, look->count, sizeof(*look->issuers),
		    compare);
	return rc;
}

enum err
fleet_look_take(struct fleet_look *look, const struct config *config,
    bool asks_engine, int64_t now, struct error *why)
{
	struct fleet_trusts trusts = {0};
	enum err rc = crypto_init(why);

	*look = (struct fleet_look){.asks_engine = asks_engine};
	if (rc == ERR_OK && config->fleet.id[0] == '\0')
		rc = error_set(why, ERR_CONFIG,
		    "this machine is in no fleet: [fleet] id is not set");
	if (rc != ERR_OK)
		return rc;
	fleet_host_name(config, look->host);
	rc = look_at_own(look, config, why);
	if (rc == ERR_OK)
		rc = fleet_trusts_read(&trusts, config->fleet.issuers, why);
	if (rc == ERR_OK)
		rc = look_at_issuers(look, config, &trusts, now, why);
	if (rc == ERR_OK && asks_engine)
		look_at_engine(look, config);
	fleet_trusts_free(&trusts);
	return rc;
}

void
fleet_look_free(struct fleet_look *look)
{
	free(look->issuers);
	look->issuers = NULL;
	look->count = 0;
}

bool
fleet_look_agrees(const struct fleet_look_issuer *issuer)
{
	return issuer->has_there && issuer->has_applied &&
	    fleet_head_compare(&issuer->there, &issuer->applied) == 0 &&
	    crypto_equal(issuer->there.set, issuer->applied.set);
}

bool
fleet_look_is_good(const struct fleet_look *look)
{
	bool is_good = look->issuer_error.text[0] == '\0' &&
	    look->engine_error.text[0] == '\0' && look->outbox == 0;
	size_t trusted = 0;

	for (size_t i = 0; i < look->count; i++) {
		const struct fleet_look_issuer *issuer = &look->issuers[i];

		trusted += issuer->is_trusted;
		if (issuer->is_trusted &&
		    (issuer->freshness != FLEET_FRESH ||
			(look->asks_engine && !fleet_look_agrees(issuer))))
			is_good = false;
	}
	return is_good && trusted > 0;
}

const char *
fleet_look_state(const struct fleet_look_issuer *issuer)
{
	if (!issuer->is_trusted)
		return "not-trusted";
	switch (issuer->freshness) {
	case FLEET_BEHIND:
		return "behind";
	case FLEET_STALE:
		return "stale";
	case FLEET_FRESH:
		break;
	}
	return "fresh";
}
