#include "fleet/fleet_adopt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/deadline.h"
#include "base/hex.h"
#include "fleet/fleet_renew.h"
#include "fleet/fleet_verify.h"
#include "lifecycle/life_table.h"
#include "outbox/engine.h"
#include "outbox/fleet_side.h"
#include "store/create.h"
#include "store/store_values.h"
#include "tokens/actor.h"
#include "tokens/audit.h"
#include "tokens/transaction.h"

#define PATIENCE 30000 /* milliseconds for the engine */

/*
 * What the engine must have at least: what this machine has applied of itself,
 * but for steps that were not acknowledged. ERR_NOT_FOUND: nothing is known.
 */
static enum err
read_least(struct context *context, struct fleet_head *least)
{
	const struct fleet_side *side = context->fleet;
	struct error *why = &context->error;
	int64_t deadline = store_deadline(&side->local);
	struct fleet_head present, acknowledged;
	struct store *store = NULL;
	struct fleet_outbox outbox;
	size_t used;
	enum err rc = fleet_applied_head(
	    least, &side->local, side->key.issuer, deadline, why);

	if (rc != ERR_OK)
		return rc;
	rc = store_open(&store, &context->config, STORE_READ, deadline, why);
	if (rc == ERR_OK)
		rc = fleet_issued_get_outbox(store, &outbox, why);
	store_close(store);
	if (rc == ERR_OK &&
	    fleet_head_read(
		&present, outbox.head, strlen(outbox.head), &used) == ERR_OK &&
	    fleet_head_equals(&present, least) &&
	    fleet_head_read(&acknowledged, outbox.acknowledged,
		strlen(outbox.acknowledged), &used) == ERR_OK)
		*least = acknowledged;
	return rc;
}

/*
 * The key that signed it: the one that is trusted here, or this machine's. What
 * this machine has applied of it is not given up: the engine may have lost
 * revocations.
 */
static enum err
verify(struct context *context, const struct fleet_list *list)
{
	const struct fleet_side *side = context->fleet;
	struct fleet_head applied;
	struct fleet_trust trust = {
	    .may_issue = true, .may_revoke = true, .not_after = TIME_NEVER};
	struct fleet_expected expected = {.trust = &trust, .now = context->now};
	struct fleet_trusts trusts;
	uint8_t(*hashes)[CRYPTO_HASH_LEN] = calloc(
	    list->count + 1, sizeof(*hashes));
	enum err rc = fleet_trusts_read(
	    &trusts, side->local.fleet.issuers, &context->error);

	strcpy(trust.issuer, side->key.issuer);
	memcpy(trust.key, side->key.key, sizeof(trust.key));
	for (size_t i = 0; rc == ERR_OK && i < trusts.count; i++) {
		if (strcmp(trusts.each[i].issuer, trust.issuer) == 0 &&
		    memcmp(list->head.key, side->key.key, sizeof(trust.key)) !=
			0)
			memcpy(
			    trust.key, trusts.each[i].key, sizeof(trust.key));
	}
	if (rc == ERR_OK &&
	    !hex_get(expected.fleet, FLEET_ID_LEN, side->local.fleet.id))
		rc = error_plain(&context->error, ERR_CONFIG);
	if (rc == ERR_OK && hashes == NULL)
		rc = error_plain(&context->error, ERR_NOMEM);
	if (rc == ERR_OK)
		rc = read_least(context, &applied);
	if (rc == ERR_OK)
		expected.applied = &applied;
	if (rc == ERR_OK || rc == ERR_NOT_FOUND)
		rc = fleet_verify(list, &expected, hashes, &context->error);
	fleet_trusts_free(&trusts);
	free(hashes);
	return rc;
}

/* What is only known here is kept: description, who, and what was revoked. */
static void
fill(struct record *record, const struct fleet_record *there, int64_t now)
{
	const struct record *token = &there->token;
	struct record before = *record;

	strcpy(record->user, token->user);
	strcpy(record->name, token->name);
	strcpy(record->services, token->services);
	strcpy(record->scopes, token->scopes);
	memcpy(record->from, token->from, sizeof(record->from));
	record->from_count = token->from_count;
	record->starts = token->starts;
	record->expires = token->expires;
	record->created.at = token->created.at;
	record->uid = (uid_t)-1;
	record->state = token->state;
	record->ended = token->ended;
	if (before.state == RECORD_REVOKED)
		(void)life_apply(record, LIFE_REVOKE, &before.ended);
	if (record->created.by[0] == '\0')
		(void)snprintf(
		    record->created.by, sizeof(record->created.by), "adopted");
	if (record->created.at == 0)
		record->created.at = now;
}

static enum err
adopt_item(struct context *context, struct store *store,
    const struct fleet_item *item, struct fleet_record *there)
{
	struct error *why = &context->error;
	struct record record = {0};
	enum err rc = fleet_record_decode(there, item->bytes, item->len);
	bool is_new;

	if (rc == ERR_OK)
		rc = fleet_issued_put(store, item, why);
	if (rc != ERR_OK || there->kind != FLEET_TOKEN)
		return rc;
	rc = store_get(store, item->id, &record, why);
	is_new = rc == ERR_NOT_FOUND;
	if (rc != ERR_OK && !is_new)
		return rc;
	strcpy(record.id, item->id);
	key_digest_of_hash(
	    store_keys(store), there->token.digest, record.digest);
	fill(&record, there, context->now);
	return is_new ? store_add(store, &record, why)
		      : store_put(store, &record, why);
}

static const struct fleet_item *
find_item(const struct fleet_list *list, const char *id)
{
	for (size_t low = 0, high = list->count; low < high;) {
		size_t middle = (low + high) / 2;
		int order = strcmp(list->items[middle].id, id);

		if (order == 0)
			return &list->items[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static enum err
remove_token(struct context *context, struct store *store, const char *id)
{
	struct record record;
	enum err rc = store_get(store, id, &record, &context->error);

	if (rc == ERR_NOT_FOUND)
		return ERR_OK;
	return rc == ERR_OK ? store_remove(store, &record, &context->error)
			    : rc;
}

/*
 * A token that is published here and not there was deleted meanwhile. What was
 * revoked of others' is published again: it may never have arrived.
 */
static enum err
remove_one(struct context *context, struct store *store,
    const struct fleet_item *item, struct fleet_record *here)
{
	struct fleet_item gone = {.bytes = NULL};
	struct fleet_revocation kept;
	enum err rc = fleet_record_decode(here, item->bytes, item->len);

	strcpy(gone.id, item->id);
	if (rc == ERR_OK)
		rc = fleet_issued_put(store, &gone, &context->error);
	if (rc != ERR_OK)
		return rc;
	if (here->kind == FLEET_TOKEN)
		return remove_token(context, store, item->id);
	kept = (struct fleet_revocation){
	    here->token.ended, here->token.expires, here->ends_sessions};
	return fleet_change_revoke(
	    context->fleet->change, item->id, &kept, &context->error);
}

static enum err
remove_others(struct context *context, struct store *store,
    const struct fleet_list *list, struct fleet_record *here)
{
	struct fleet_engine_list own;
	enum err rc = fleet_issued_list(store, &own, &context->error);

	if (rc == ERR_NOT_FOUND)
		rc = ERR_OK;
	for (size_t i = 0; rc == ERR_OK && i < own.list.count; i++) {
		if (find_item(list, own.list.items[i].id) == NULL)
			rc = remove_one(
			    context, store, &own.list.items[i], here);
	}
	fleet_engine_list_free(&own);
	return rc;
}

/* Tokens here of which there is nothing: their ids, one behind the other. */
struct strays {
	const struct fleet_list *list;
	char (*ids)[TOKEN_ID_LEN + 1];
	size_t count;
};

static enum err
find_stray(const char id[TOKEN_ID_LEN + 1], void *arg)
{
	struct strays *strays = arg;
	void *grown;

	if (find_item(strays->list, id) != NULL)
		return ERR_OK;
	grown = reallocarray(
	    strays->ids, strays->count + 1, sizeof(*strays->ids));
	if (grown == NULL)
		return ERR_NOMEM;
	strays->ids = grown;
	strcpy(strays->ids[strays->count++], id);
	return ERR_OK;
}

static enum err
remove_strays(
    struct context *context, struct store *store, const struct fleet_list *list)
{
	struct strays strays = {.list = list};
	enum err rc = store_each_id(
	    store, find_stray, &strays, &context->error);

	for (size_t i = 0; rc == ERR_OK && i < strays.count; i++)
		rc = remove_token(context, store, strays.ids[i]);
	free(strays.ids);
	return rc;
}

/* The outbox goes on from the head that is there. */
static enum err
reset_outbox(
    struct context *context, struct store *store, const fleet_head_text head)
{
	struct error *why = &context->error;
	struct fleet_outbox outbox;
	enum err rc = fleet_issued_get_outbox(store, &outbox, why);

	for (; rc == ERR_OK && outbox.first < outbox.next; outbox.first++)
		rc = fleet_issued_remove_step(store, outbox.first, why);
	strcpy(outbox.head, head);
	strcpy(outbox.acknowledged, head);
	return rc == ERR_OK ? fleet_issued_put_outbox(store, &outbox, why) : rc;
}

static enum err
adopt_all(struct context *context, struct store *store,
    const struct fleet_list *list, const fleet_head_text head)
{
	struct fleet_record *there = calloc(1, sizeof(*there));
	enum err rc;

	if (there == NULL)
		return error_plain(&context->error, ERR_NOMEM);
	rc = remove_others(context, store, list, there);
	if (rc == ERR_OK)
		rc = remove_strays(context, store, list);
	for (size_t i = 0; rc == ERR_OK && i < list->count; i++)
		rc = adopt_item(context, store, &list->items[i], there);
	if (rc == ERR_OK)
		rc = reset_outbox(context, store, head);
	if (rc == ERR_OK)
		fleet_change_adopt(context->fleet->change);
	free(there);
	return rc;
}

/* Reads the head that is there, and its records. */
static enum err
read_engine(struct context *context, struct fleet_engine_list *list,
    fleet_head_text head)
{
	const struct fleet_side *side = context->fleet;
	int64_t deadline = deadline_in(PATIENCE);
	const struct fleet_engine_head *own;
	struct fleet_engine_heads heads = {0};
	struct engine engine;
	enum err rc = engine_open(
	    &engine, &side->local, deadline, &context->error);

	if (rc == ERR_OK)
		rc = engine.calls->list(engine.state, side->key.issuer, list,
		    deadline, &context->error);
	if (rc == ERR_OK)
		rc = engine.calls->read_heads(
		    engine.state, &heads, deadline, &context->error);
	own = fleet_engine_heads_find(&heads, side->key.issuer);
	if (rc == ERR_OK &&
	    (own == NULL || !fleet_head_equals(&own->head, &list->list.head)))
		rc = error_set(&context->error, ERR_BUSY,
		    "issuer %s: its records change just now: does another "
		    "machine issue under this name?",
		    side->key.issuer);
	if (rc == ERR_OK && own != NULL)
		strcpy(head, own->text);
	if (rc == ERR_NOT_FOUND)
		rc = error_set(&context->error, ERR_MISSING,
		    "issuer %s: the engine has nothing of it",
		    side->key.issuer);
	fleet_engine_heads_free(&heads);
	engine_close(&engine);
	return rc;
}

/*
 * With a new key nothing of it holds before its NAME.pub is on a machine; not
 * on this one, either, which has the old one to check what it adopts.
 */
static enum err
tell_of_new_key(const struct context *context, enum err rc)
{
	const struct fleet_side *side = context->fleet;

	if (rc == ERR_UNCONFIRMED && !side->unconfirmed.is_sent)
		return rc;
	printf("signed with a new key: put its %s.pub into %s of all machines; "
	       "until it is there they refuse the tokens\n",
	    side->key.issuer, side->local.fleet.issuers);
	return ERR_OK;
}

static enum err
adopt(struct context *context)
{
	struct fleet_engine_list list = {0};
	struct transaction change;
	fleet_head_text head;
	char by[RECORD_BY_MAX + 1], detail[64];
	enum err rc = read_engine(context, &list, head);

	if (rc == ERR_OK)
		rc = verify(context, &list.list);
	if (rc == ERR_OK)
		rc = transaction_begin(&change, context);
	if (rc == ERR_OK) {
		rc = adopt_all(context, change.store, &list.list, head);
		rc = transaction_end(&change, context, rc);
	}
	if (rc == ERR_OK || rc == ERR_UNCONFIRMED) {
		actor_name(by);
		(void)snprintf(
		    detail, sizeof(detail), "%zu records", list.list.count);
		audit_store("adopted", by, detail);
		printf("%s of issuer %s\n", detail, context->fleet->key.issuer);
		if (memcmp(list.list.head.key, context->fleet->key.key,
			sizeof(list.list.head.key)) != 0)
			rc = tell_of_new_key(context, rc);
	}
	fleet_engine_list_free(&list);
	return rc;
}

enum err
fleet_adopt(struct context *context, const struct args *args)
{
	bool created;
	enum err rc = fleet_side_begin(context, args);

	if (rc == ERR_OK)
		rc = fleet_side_check(context);
	/* It may be lost. */
	if (rc == ERR_OK)
		rc = create_store(&context->config,
		    store_deadline(&context->config), &created,
		    &context->error);
	return rc == ERR_OK ? adopt(context) : rc;
}
