#include "fleet/fleet_issued_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/store_values.h"

/* Gathers records as items whose bytes are offsets until all are there. */
struct gathering {
	struct fleet_engine_list *list;
	size_t used, room, item_room;
};

static enum err
add_item(void *result, const char *name, const uint8_t *from, size_t len)
{
	struct gathering *gathering = result;
	struct fleet_engine_list *list = gathering->list;
	struct fleet_item *item;

	if (gathering->used + len > gathering->room) {
		size_t room = 2 * gathering->room + len + FLEET_RECORD_MAX;
		void *grown = realloc(list->bytes, room);

		if (grown == NULL)
			return ERR_NOMEM;
		list->bytes = grown;
		gathering->room = room;
	}
	if (list->list.count == gathering->item_room) {
		size_t room = 2 * gathering->item_room + 64;

		item = reallocarray(list->list.items, room, sizeof(*item));
		if (item == NULL)
			return ERR_NOMEM;
		list->list.items = item;
		gathering->item_room = room;
	}
	item = &list->list.items[list->list.count++];
	(void)snprintf(item->id, sizeof(item->id), "%s", name);
	item->bytes = (const uint8_t *)gathering->used; /* see above */
	item->len = len;
	memcpy((uint8_t *)list->bytes + gathering->used, from, len);
	gathering->used += len;
	return ERR_OK;
}

static int
compare_items(const void *a, const void *b)
{
	return strcmp(((const struct fleet_item *)a)->id,
	    ((const struct fleet_item *)b)->id);
}

static enum err
gather(struct store *store, struct fleet_engine_list *list, struct error *why)
{
	struct gathering gathering = {.list = list};
	struct fleet_opening opening = {.keys = store_keys(store),
	    .kind = CRYPTO_NAME_FLEET_PUBLISHED,
	    .result = &gathering,
	    .read = add_item};
	struct fleet_list *all = &list->list;
	enum err rc = store_value_each(store, CRYPTO_NAME_FLEET_PUBLISHED,
	    fleet_issued_open, &opening, why);

	if (rc != ERR_OK)
		return fleet_issued_explain(rc, "a record", why);
	for (size_t i = 0; i < all->count; i++)
		all->items[i].bytes = (uint8_t *)list->bytes +
		    (size_t)all->items[i].bytes;
	if (all->count > 1)
		qsort(
		    all->items, all->count, sizeof(*all->items), compare_items);
	return ERR_OK;
}

enum err
fleet_issued_list(
    struct store *store, struct fleet_engine_list *list, struct error *why)
{
	struct fleet_outbox outbox;
	enum err rc = fleet_issued_get_outbox(store, &outbox, why);
	size_t used = 0;

	*list = (struct fleet_engine_list){0};
	if (rc == ERR_OK)
		rc = gather(store, list, why);
	if (rc != ERR_OK || outbox.head[0] == '\0')
		return rc == ERR_OK ? ERR_NOT_FOUND : rc;
	rc = fleet_head_read(
	    &list->list.head, outbox.head, strlen(outbox.head), &used);
	return rc == ERR_OK
	    ? rc
	    : fleet_issued_explain(ERR_DAMAGED, "the head", why);
}
