#include "check/logo_list.h"

#include <stdlib.h>
#include <string.h>

static enum err
make_room(struct logo_list *list)
{
	size_t room = list->room == 0 ? 16 : list->room * 2;
	struct logo_found *grown;

	if (list->work == NULL)
		list->work = malloc(sizeof(*list->work));
	if (list->work == NULL)
		return ERR_NOMEM;
	if (list->count < list->room)
		return ERR_OK;
	grown = reallocarray(list->items, room, sizeof(*grown));
	if (grown == NULL)
		return ERR_NOMEM;
	list->items = grown;
	list->room = room;
	return ERR_OK;
}

enum err
logo_list_add(struct logo_list *list, const struct keys *keys,
    const char id[TOKEN_ID_LEN + 1], const struct image_entry *entry)
{
	struct logo_found *fresh;
	enum err rc = make_room(list);

	if (rc != ERR_OK)
		return rc;
	fresh = &list->items[list->count++];
	*fresh = (struct logo_found){.offset = entry->offset};
	memcpy(fresh->id, id, TOKEN_ID_LEN);
	rc = logo_decode(
	    list->work, fresh->id, keys->record, entry->value, entry->len);
	fresh->newer = rc == ERR_NEWER;
	if (rc == ERR_OK)
		fresh->mark = logo_mark(list->work);
	return rc;
}

static int
compare(const void *left, const void *right)
{
	const struct logo_found *a = left, *b = right;
	int order = memcmp(a->id, b->id, TOKEN_ID_LEN);

	if (order != 0)
		return order;
	if (a->mark != b->mark)
		return a->mark < b->mark ? -1 : 1;
	return a->offset < b->offset ? -1 : a->offset > b->offset;
}

void
logo_list_sort(struct logo_list *list)
{
	if (list->count > 0)
		qsort(list->items, list->count, sizeof(*list->items), compare);
}

/* The first that is not before the wanted one; or the end. */
static size_t
find_place(const struct logo_list *list, const struct logo_found *wanted)
{
	size_t low = 0, high = list->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(&list->items[middle], wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct logo_found *
logo_list_find(const struct logo_list *list, const char id[TOKEN_ID_LEN + 1],
    uint64_t mark)
{
	struct logo_found wanted = {.mark = mark};
	const struct logo_found *found;
	size_t place;

	memcpy(wanted.id, id, TOKEN_ID_LEN);
	place = find_place(list, &wanted);
	if (place == list->count)
		return NULL;
	found = &list->items[place];
	return memcmp(found->id, id, TOKEN_ID_LEN) == 0 && found->mark == mark
	    ? found
	    : NULL;
}

const struct logo_found *
logo_list_any(const struct logo_list *list, const char id[TOKEN_ID_LEN + 1])
{
	struct logo_found wanted = {.mark = 0};
	size_t place;

	memcpy(wanted.id, id, TOKEN_ID_LEN);
	place = find_place(list, &wanted);
	return place < list->count &&
		memcmp(list->items[place].id, id, TOKEN_ID_LEN) == 0
	    ? &list->items[place]
	    : NULL;
}

void
logo_list_free(struct logo_list *list)
{
	free(list->items);
	free(list->work);
	*list = (struct logo_list){.count = 0};
}
