#include "fleet/fleet_snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "base/big_endian.h"

void
fleet_snapshot_item(
    const struct fleet_item *item, uint8_t bytes[FLEET_ITEM_HEAD])
{
	memcpy(bytes, item->id, TOKEN_ID_LEN);
	(void)big_endian_put(bytes + TOKEN_ID_LEN, item->len, 4);
}

void
fleet_list_free(struct fleet_list *list)
{
	free(list->items);
	list->items = NULL;
	list->count = 0;
}

/* Takes one item from the bytes; false if it is cut. */
static bool
take_item(struct fleet_item *item, const uint8_t **bytes, size_t *left)
{
	if (*left < FLEET_ITEM_HEAD)
		return false;
	memcpy(item->id, *bytes, TOKEN_ID_LEN);
	item->id[TOKEN_ID_LEN] = '\0';
	item->len = (size_t)big_endian_get(*bytes + TOKEN_ID_LEN, 4);
	item->bytes = *bytes + FLEET_ITEM_HEAD;
	if (item->len > *left - FLEET_ITEM_HEAD)
		return false;
	*bytes += FLEET_ITEM_HEAD + item->len;
	*left -= FLEET_ITEM_HEAD + item->len;
	return true;
}

static enum err
head_error(enum err rc, struct error *why)
{
	if (rc == ERR_NEWER)
		return error_set(why, rc,
		    "written by a newer version; upgrade this machine's "
		    "pam_apitoken");
	if (rc == ERR_DAMAGED)
		return error_set(why, rc, "the head's signature is wrong");
	return error_set(why, rc, "it does not begin with a fleet's head");
}

enum err
fleet_snapshot_read(struct fleet_list *list, const uint8_t *bytes, size_t len,
    struct error *why)
{
	size_t used = 0;
	enum err rc;

	*list = (struct fleet_list){0};
	rc = fleet_head_read(&list->head, (const char *)bytes, len, &used);
	if (rc != ERR_OK)
		return head_error(rc, why);
	bytes += used;
	len -= used;
	/* Before so much memory is asked for. */
	if (list->head.count > len / FLEET_ITEM_HEAD)
		return error_set(why, ERR_INVALID,
		    "it was cut: there are fewer records than its head says");
	list->items = calloc(list->head.count + 1, sizeof(*list->items));
	if (list->items == NULL)
		return error_plain(why, ERR_NOMEM);
	while (list->count < list->head.count) {
		if (!take_item(&list->items[list->count], &bytes, &len))
			return error_set(why, ERR_INVALID,
			    "it was cut: there are fewer records than its "
			    "head says");
		list->count++;
	}
	if (len > 0)
		return error_set(
		    why, ERR_INVALID, "there is more in it than its head says");
	return ERR_OK;
}
