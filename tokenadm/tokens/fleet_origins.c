#include "tokens/fleet_origins.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "fleet/fleet_issued.h"
#include "outbox/fleet_others.h"
#include "outbox/fleet_side.h"
#include "tokens/transaction.h"

struct fleet_origins {
	const char *own; /* the name of this machine; NULL: it issues nothing */
	struct fleet_engine_list published; /* by it */
	struct fleet_others others;         /* by id */
};

void
fleet_places_text(
    const char *hosts, const char *groups, char text[FLEET_PLACES_LEN])
{
	char word[LIST_WORD_MAX + 1];
	char *out = text + sprintf(text, "%s", hosts);

	while (list_next(&groups, word))
		out += sprintf(out, "%s@%s", out == text ? "" : ",", word);
}

static int
compare_others(const void *left, const void *right)
{
	const struct fleet_other *a = left, *b = right;

	return strcmp(a->token.id, b->token.id);
}

static int
compare_other(const void *id, const void *other)
{
	return strcmp(id, ((const struct fleet_other *)other)->token.id);
}

static int
compare_item(const void *id, const void *item)
{
	return strcmp(id, ((const struct fleet_item *)item)->id);
}

static enum err
read_own(struct fleet_origins *origins, struct context *context)
{
	struct store *store = NULL;
	enum err rc = transaction_read(&store, context);

	if (rc == ERR_OK)
		rc = fleet_issued_list(
		    store, &origins->published, &context->error);
	store_close(store);
	return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}

enum err
fleet_origins_read(struct fleet_origins **origins, struct context *context)
{
	const struct fleet_side *side = context->fleet;
	struct fleet_origins *all = calloc(1, sizeof(*all));
	enum err rc = ERR_OK;

	*origins = all;
	if (all == NULL)
		return error_plain(&context->error, ERR_NOMEM);
	all->own = side->is_issuer ? side->key.issuer : NULL;
	if (side->is_issuer)
		rc = read_own(all, context);
	if (rc == ERR_OK)
		rc = fleet_others_read(&all->others, &side->local, all->own,
		    NULL, context->now, &context->error);
	if (rc == ERR_OK && all->others.count > 0)
		qsort(all->others.each, all->others.count,
		    sizeof(*all->others.each), compare_others);
	return rc;
}

void
fleet_origins_free(struct fleet_origins *origins)
{
	if (origins == NULL)
		return;
	fleet_engine_list_free(&origins->published);
	fleet_others_free(&origins->others);
	free(origins);
}

static bool
get_own(const struct fleet_origins *origins, const char *id,
    struct fleet_origin *found)
{
	const struct fleet_list *list = &origins->published.list;
	const struct fleet_item *item = list->count == 0
	    ? NULL
	    : bsearch(id, list->items, list->count, sizeof(*list->items),
		  compare_item);
	struct fleet_record *record = item != NULL ? malloc(sizeof(*record))
						   : NULL;
	bool is_own = record != NULL &&
	    fleet_record_decode(record, item->bytes, item->len) == ERR_OK &&
	    record->kind == FLEET_TOKEN;

	if (is_own) {
		found->origin.issuer = origins->own;
		fleet_places_text(record->hosts, record->groups, found->places);
	}
	free(record);
	return is_own;
}

void
fleet_origins_get(const struct fleet_origins *origins,
    const char id[TOKEN_ID_LEN + 1], struct fleet_origin *found)
{
	const struct fleet_others *others;
	const struct fleet_other *other;

	found->places[0] = '\0';
	found->origin = (struct origin){"", found->places};
	if (origins == NULL)
		return;
	others = &origins->others;
	if (origins->own != NULL)
		found->origin.issuer = origins->own;
	if (get_own(origins, id, found) || others->count == 0)
		return;
	other = bsearch(id, others->each, others->count, sizeof(*others->each),
	    compare_other);
	if (other == NULL)
		return;
	found->origin.issuer = other->issuer;
	fleet_places_text(other->hosts, other->groups, found->places);
}
