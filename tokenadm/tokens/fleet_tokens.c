#include "tokens/fleet_tokens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fleet/fleet_issued.h"
#include "outbox/fleet_others.h"
#include "outbox/fleet_side.h"
#include "tokens/token_pages.h"
#include "tokens/transaction.h"

struct walk {
	struct context *context;
	fleet_token_visitor *visitor;
	void *arg;
	/* What this machine has published */
	struct fleet_engine_list published;
	struct fleet_record record;
	char places[FLEET_PLACES_LEN];
};

static int
compare_id(const void *id, const void *item)
{
	return strcmp(id, ((const struct fleet_item *)item)->id);
}

static enum err
visit_own(const struct record *record, const struct last_use *usage, void *arg)
{
	struct walk *walk = arg;
	const struct fleet_list *list = &walk->published.list;
	const struct fleet_item *item = list->count == 0
	    ? NULL
	    : bsearch(record->id, list->items, list->count,
		  sizeof(*list->items), compare_id);
	struct origin origin = {walk->context->fleet->key.issuer, walk->places};

	walk->places[0] = '\0';
	if (item != NULL &&
	    fleet_record_decode(&walk->record, item->bytes, item->len) ==
		ERR_OK)
		fleet_places_text(
		    walk->record.hosts, walk->record.groups, walk->places);
	return walk->visitor(record, usage, &origin, walk->arg);
}

static enum err
each_own(struct walk *walk, const char *user)
{
	struct context *context = walk->context;
	struct store *store = NULL;
	enum err rc = transaction_read(&store, context);

	if (rc == ERR_OK)
		rc = fleet_issued_list(
		    store, &walk->published, &context->error);
	store_close(store);
	if (rc == ERR_OK)
		rc = token_pages_each(context, user, visit_own, walk);
	return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}

static const char *
own_name(const struct context *context)
{
	return context->fleet->is_issuer ? context->fleet->key.issuer : NULL;
}

static enum err
each_other(struct walk *walk, const char *user)
{
	struct context *context = walk->context;
	const struct config *local = &context->fleet->local;
	struct fleet_others others;
	enum err rc = fleet_others_read(&others, local, own_name(context), user,
	    context->now, &context->error);

	for (size_t i = 0; rc == ERR_OK && i < others.count; i++) {
		const struct fleet_other *other = &others.each[i];
		struct last_use usage = {0};
		struct origin origin = {other->issuer, walk->places};

		fleet_places_text(other->hosts, other->groups, walk->places);
		rc = walk->visitor(&other->token, &usage, &origin, walk->arg);
	}
	fleet_others_free(&others);
	return rc;
}

enum err
fleet_tokens_each(struct context *context, const char *user,
    fleet_token_visitor *visitor, void *arg)
{
	struct walk *walk = calloc(1, sizeof(*walk));
	enum err rc = ERR_OK;

	if (walk == NULL)
		return error_plain(&context->error, ERR_NOMEM);
	walk->context = context;
	walk->visitor = visitor;
	walk->arg = arg;
	if (context->fleet->is_issuer)
		rc = each_own(walk, user);
	if (rc == ERR_OK)
		rc = each_other(walk, user);
	fleet_engine_list_free(&walk->published);
	free(walk);
	return rc;
}

static enum err
find_own(struct context *context, const char *called, find_wanted *wanted,
    struct fleet_found *found)
{
	struct fleet_record *record = calloc(1, sizeof(*record));
	struct store *store = NULL;
	struct found own;
	enum err rc = record == NULL ? error_plain(&context->error, ERR_NOMEM)
				     : transaction_read(&store, context);

	if (rc == ERR_OK)
		rc = find_token(context, store, called, wanted, &own);
	if (rc == ERR_OK) {
		found->record = own.record;
		strcpy(found->issuer, context->fleet->key.issuer);
		/* What is not known must not be shown as: on all hosts. */
		rc = fleet_issued_get(
		    store, own.record.id, record, &context->error);
		fleet_places_text(record->hosts, record->groups, found->places);
		if (rc == ERR_NOT_FOUND)
			rc = ERR_OK;
	}
	store_close(store);
	free(record);
	return rc;
}

/* The better, the more it can only be this one that is meant. */
static unsigned
rank(const struct context *context, const struct fleet_other *other,
    find_wanted *wanted)
{
	if (record_is_usable(&other->token, context->now))
		return 3;
	return wanted != NULL && wanted(&other->token, context->now) ? 2 : 1;
}

static enum err
choose(struct context *context, const struct fleet_others *others,
    const char *called, find_wanted *wanted, const struct fleet_other **best)
{
	unsigned highest = 0, count = 0;

	for (size_t i = 0; i < others->count; i++) {
		const struct fleet_other *other = &others->each[i];
		unsigned its = rank(context, other, wanted);

		if (!fleet_other_is_called(other, called) || its < highest)
			continue;
		count = its > highest ? 1 : count + 1;
		highest = its;
		*best = other;
	}
	if (count == 0)
		return find_no_such(context, called);
	return count == 1 ? ERR_OK
			  : error_about(&context->error, "token", "ambiguous",
				error_set(&context->error, ERR_EXISTS,
				    "%s: %u tokens of the fleet are called so; "
				    "name it by its id",
				    called, count));
}

static enum err
find_other(struct context *context, const char *called, find_wanted *wanted,
    struct fleet_found *found)
{
	const struct config *local = &context->fleet->local;
	const struct fleet_other *best = NULL;
	struct fleet_others others;
	enum err rc = fleet_others_read(&others, local, own_name(context), NULL,
	    context->now, &context->error);

	if (rc == ERR_OK)
		rc = choose(context, &others, called, wanted, &best);
	if (rc == ERR_OK && best != NULL) {
		found->record = best->token;
		strcpy(found->issuer, best->issuer);
		fleet_places_text(best->hosts, best->groups, found->places);
	}
	fleet_others_free(&others);
	return rc;
}

enum err
fleet_tokens_find(struct context *context, const char *called,
    find_wanted *wanted, struct fleet_found *found)
{
	enum err rc = find_check(called, &context->error);

	*found = (struct fleet_found){.issuer = ""};
	if (rc == ERR_OK)
		rc = context->fleet->is_issuer
		    ? find_own(context, called, wanted, found)
		    : ERR_NOT_FOUND;
	return rc == ERR_NOT_FOUND ? find_other(context, called, wanted, found)
				   : rc;
}
