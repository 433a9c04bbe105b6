#include "check/salvage.h"

#include <stdlib.h>
#include <string.h>

#include "store/db_key.h"
#include "token/record.h"

static enum err
add(struct salvage *salvage, const struct salvage_item *item)
{
	size_t room = salvage->room == 0 ? 256 : salvage->room * 2;
	struct salvage_item *grown;

	if (salvage->count == salvage->room) {
		grown = reallocarray(salvage->items, room, sizeof(*grown));
		if (grown == NULL)
			return ERR_NOMEM;
		salvage->items = grown;
		salvage->room = room;
	}
	salvage->items[salvage->count++] = *item;
	return ERR_OK;
}

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* Reads an entry into an item. ERR_DAMAGED if it is no genuine record. */
static enum err
read_item(struct salvage *salvage, const struct image_entry *entry,
    struct salvage_item *item)
{
	const struct inventory_ref *ref;
	char id[RECORD_USER_MAX + 1];
	struct record record;
	enum err rc;

	*item = (struct salvage_item){
	    .offset = entry->offset, .place = UINT32_MAX};
	if (db_key_parse(entry->key, entry->key_len, id) != DB_TOKEN)
		return ERR_DAMAGED;
	memcpy(item->id, id, TOKEN_ID_LEN);
	rc = record_decode(&record, item->id, salvage->inventory->keys->record,
	    entry->value, entry->len);
	if (rc != ERR_OK)
		return ERR_DAMAGED;
	item->user = inventory_user(salvage->inventory, record.user);
	if (item->user == NULL)
		return ERR_NOMEM;
	ref = inventory_ref(salvage->inventory, item->id);
	if (ref != NULL && ref->user == item->user)
		item->place = ref->place;
	item->active = record.state == RECORD_ACTIVE;
	item->logo = record.logo_mark;
	item->created = record.created.at;
	item->latest = later(later(record.created.at, record.ended.at),
	    later(record.approved.at, record.changed.at));
	return ERR_OK;
}

struct call {
	struct salvage *salvage;
	bool doubtful;
};

static enum err
keep_linked(const struct image_entry *entry, void *arg)
{
	struct call *call = arg;
	struct salvage_item item;
	enum err rc = read_item(call->salvage, entry, &item);

	item.doubtful = call->doubtful;
	return rc == ERR_OK ? add(call->salvage, &item) : rc;
}

static enum err
keep_all_linked(struct salvage *salvage, struct tdb_image *image)
{
	const struct inventory *inventory = salvage->inventory;
	enum err rc = ERR_OK;

	for (size_t i = 0; rc == ERR_OK && i < inventory->token_count; i++) {
		struct call call = {salvage, inventory->tokens[i].twice};

		if (!inventory->tokens[i].sound)
			continue;
		if (!image_in_place(image, inventory->tokens[i].offset))
			call.doubtful = true;
		rc = image_get(
		    image, inventory->tokens[i].offset, keep_linked, &call);
		/* Bad spots on a disk come and go: a copy may do. */
		if (rc == ERR_DAMAGED)
			rc = ERR_OK;
	}
	return rc;
}

static enum err
keep_logo(
    struct salvage *salvage, const char *id, const struct image_entry *entry)
{
	enum err rc = logo_list_add(
	    &salvage->logos, salvage->inventory->keys, id, entry);

	/* An accident that looks like one, or a damaged one. */
	if (rc == ERR_DAMAGED || rc == ERR_NEWER)
		salvage->logos.count--;
	return rc == ERR_NOMEM ? rc : ERR_OK;
}

/* A copy is useful if its token exists and has no record beyond doubt. */
static enum err
keep_copy(const struct image_entry *entry, void *arg)
{
	struct salvage *salvage = arg;
	char name[RECORD_USER_MAX + 1];
	struct salvage_item item;
	enum err rc;

	if (db_key_parse(entry->key, entry->key_len, name) == DB_LOGO)
		return keep_logo(salvage, name, entry);
	rc = read_item(salvage, entry, &item);
	if (rc != ERR_OK)
		return rc == ERR_NOMEM ? rc : ERR_OK;
	if (inventory_token(salvage->inventory, item.id) != NULL)
		return ERR_OK;
	if (inventory_ref(salvage->inventory, item.id) == NULL &&
	    item.user->index == INVENTORY_SOUND_INDEX)
		return ERR_OK;
	item.doubtful = true;
	return add(salvage, &item);
}

static int
compare_ids(const void *a, const void *b)
{
	return memcmp(((const struct salvage_item *)a)->id,
	    ((const struct salvage_item *)b)->id, TOKEN_ID_LEN);
}

/* By id; the one to keep comes first. */
static int
compare_worth(const void *left, const void *right)
{
	const struct salvage_item *a = left, *b = right;
	int order = compare_ids(a, b);

	if (order != 0)
		return order;
	if (a->doubtful != b->doubtful)
		return a->doubtful ? 1 : -1;
	if (a->latest != b->latest)
		return a->latest < b->latest ? 1 : -1;
	if (a->active != b->active)
		return a->active ? 1 : -1;
	return a->offset < b->offset ? -1 : a->offset > b->offset;
}

static int
compare_issue(const void *left, const void *right)
{
	const struct salvage_item *a = left, *b = right;
	int order = strcmp(a->user->name, b->user->name);

	if (order != 0)
		return order;
	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	if (a->created != b->created)
		return a->created < b->created ? -1 : 1;
	return compare_ids(a, b);
}

static void
sort(struct salvage *salvage, int (*compare)(const void *, const void *))
{
	if (salvage->count > 0)
		qsort(salvage->items, salvage->count, sizeof(*salvage->items),
		    compare);
}

static void
drop_lesser(struct salvage *salvage)
{
	struct salvage_item *items = salvage->items;
	size_t kept = 0;

	for (size_t i = 0; i < salvage->count; i++) {
		if (kept == 0 || compare_ids(items + kept - 1, items + i) != 0)
			items[kept++] = items[i];
	}
	salvage->count = kept;
}

enum err
salvage_choose(struct salvage *salvage, struct tdb_image *image, bool search)
{
	enum err rc = ERR_OK;

	if (search)
		rc = image_each_copy(image, keep_copy, salvage);
	if (rc == ERR_OK)
		rc = keep_all_linked(salvage, image);
	if (rc != ERR_OK)
		return rc;
	for (size_t i = 0; i < salvage->count; i++)
		salvage->items[i].doubtful |= image_state(image)->interrupted;
	sort(salvage, compare_worth);
	drop_lesser(salvage);
	sort(salvage, compare_issue);
	logo_list_sort(&salvage->logos);
	return ERR_OK;
}

bool
salvage_find_logo(const struct salvage *salvage,
    const struct salvage_item *item, uint64_t *offset)
{
	const struct logo_found *found = NULL;

	if (item->logo != 0)
		found = logo_list_find(
		    &salvage->inventory->logos, item->id, item->logo);
	if (item->logo != 0 && found == NULL)
		found = logo_list_find(&salvage->logos, item->id, item->logo);
	if (found != NULL)
		*offset = found->offset;
	return found != NULL;
}

/* The kept items once more, by id. */
static struct salvage_item *
copy_by_id(const struct salvage *salvage)
{
	struct salvage_item *copy = calloc(salvage->count + 1, sizeof(*copy));

	if (copy == NULL || salvage->count == 0)
		return copy;
	memcpy(copy, salvage->items, salvage->count * sizeof(*copy));
	qsort(copy, salvage->count, sizeof(*copy), compare_ids);
	return copy;
}

static bool
has(const struct salvage_item *items, size_t count, const char *id)
{
	struct salvage_item wanted = {0};

	memcpy(wanted.id, id, TOKEN_ID_LEN);
	return count > 0 &&
	    bsearch(&wanted, items, count, sizeof(wanted), compare_ids) != NULL;
}

uint64_t
salvage_list_lost(const struct salvage *salvage, struct findings *lines)
{
	const struct inventory *inventory = salvage->inventory;
	struct salvage_item *items = copy_by_id(salvage);
	const char *last = "";
	uint64_t lost = 0;

	if (items == NULL)
		return 0;
	for (size_t i = 0; i < inventory->token_count; i++) {
		const char *id = inventory->tokens[i].id;

		if (has(items, salvage->count, id) || strcmp(id, last) == 0 ||
		    inventory_ref(inventory, id) != NULL)
			continue;
		findings_add(lines, "token %s: lost", id);
		last = id;
		lost++;
	}
	for (size_t i = 0; i < inventory->ref_count; i++) {
		const struct inventory_ref *ref = &inventory->refs[i];

		if (has(items, salvage->count, ref->id) ||
		    strcmp(ref->id, last) == 0)
			continue;
		findings_add(
		    lines, "token %s of %s: lost", ref->id, ref->user->name);
		last = ref->id;
		lost++;
	}
	free(items);
	return lost;
}

void
salvage_free(struct salvage *salvage)
{
	free(salvage->items);
	logo_list_free(&salvage->logos);
	*salvage = (struct salvage){0};
}
