#include "fleet/fleet_known.h"

#include <stdlib.h>
#include <string.h>

#include "fleet/fleet_set.h"

struct reading {
	struct fleet_known *known;
	const char *issuer;
};

void
fleet_known_free(struct fleet_known *known)
{
	free(known->each);
	*known = (struct fleet_known){0};
}

void
fleet_known_digest(const struct fleet_known_record *each, size_t count,
    uint8_t digest[CRYPTO_HASH_LEN])
{
	struct fleet_set set;

	fleet_set_start(&set, count);
	for (size_t i = 0; i < count; i++)
		fleet_set_add(&set, each[i].id, each[i].hash);
	fleet_set_end(&set, digest);
}

bool
fleet_known_is_of(
    const struct fleet_known *known, const struct fleet_head *head)
{
	return known->is_read && known->count == head->count &&
	    crypto_equal(known->set, head->set);
}

static enum err
add(const char id[TOKEN_ID_LEN + 1], const struct fleet_entry *entry, void *arg)
{
	struct reading *reading = arg;
	struct fleet_known *known = reading->known;
	const struct fleet_part *part = fleet_entry_find(
	    entry, reading->issuer);
	struct fleet_known_record *one;

	if (part == NULL || part->len == 0)
		return ERR_OK;
	/* Doubled at every power of two. */
	if ((known->count & (known->count - 1)) == 0) {
		size_t room = known->count == 0 ? 1 : known->count * 2;

		one = reallocarray(known->each, room, sizeof(*one));
		if (one == NULL)
			return ERR_NOMEM;
		known->each = one;
	}
	one = &known->each[known->count++];
	memcpy(one->id, id, sizeof(one->id));
	memcpy(one->hash, part->hash, sizeof(one->hash));
	return ERR_OK;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(((const struct fleet_known_record *)a)->id,
	    ((const struct fleet_known_record *)b)->id);
}

static enum err
read_all(struct fleet_known *known, struct fleet_store *store,
    const char *issuer, struct error *why)
{
	struct reading reading = {.known = known, .issuer = issuer};
	enum err rc;

	fleet_known_free(known);
	rc = fleet_store_each(store, add, &reading, why);
	if (rc == ERR_NOMEM)
		(void)error_plain(why, rc);
	if (rc != ERR_OK)
		fleet_known_free(known);
	else if (known->count > 1)
		qsort(known->each, known->count, sizeof(*known->each), compare);
	return rc;
}

/*
 * A record that is not found any more would be written again, without what
 * others or this host had said of the same id.
 */
static enum err
check_whole(const struct fleet_known *known, bool has_head,
    const struct fleet_head *head, const struct fleet_store *store,
    const char *issuer, struct error *why)
{
	uint8_t set[CRYPTO_HASH_LEN];

	if (!has_head && known->count == 0)
		return ERR_OK;
	fleet_known_digest(known->each, known->count, set);
	if (has_head && known->count == head->count &&
	    crypto_equal(set, head->set))
		return ERR_OK;
	return fleet_store_lacks(store, issuer, why);
}

enum err
fleet_known_refresh(struct fleet_known *known, struct fleet_head *head,
    bool *has_head, const struct config *config, const char *issuer,
    int64_t deadline, struct error *why)
{
	struct fleet_store *store = NULL;
	enum err rc = fleet_store_open(
	    &store, config, STORE_SCAN, deadline, why);

	if (rc == ERR_OK)
		rc = fleet_store_get_head(store, issuer, head, why);
	*has_head = rc == ERR_OK;
	if (rc == ERR_NOT_FOUND)
		rc = ERR_OK;
	if (rc == ERR_OK && !(*has_head && fleet_known_is_of(known, head))) {
		rc = read_all(known, store, issuer, why);
		if (rc == ERR_OK)
			rc = check_whole(
			    known, *has_head, head, store, issuer, why);
	}
	fleet_store_close(store);
	if (rc != ERR_OK || !*has_head)
		return rc;
	known->is_read = true;
	memcpy(known->set, head->set, sizeof(known->set));
	return ERR_OK;
}

static void
put(struct fleet_known *known, const char *id,
    const uint8_t hash[CRYPTO_HASH_LEN])
{
	struct fleet_known_record *one = &known->each[known->count++];

	memcpy(one->id, id, sizeof(one->id));
	memcpy(one->hash, hash, sizeof(one->hash));
}

/* Both are in order: one pass. */
enum err
fleet_known_change(struct fleet_known *after, const struct fleet_known *before,
    const struct fleet_item *items, uint8_t (*hashes)[CRYPTO_HASH_LEN],
    size_t count, struct error *why)
{
	size_t i = 0, k = 0;

	*after = (struct fleet_known){0};
	after->each = calloc(before->count + count + 1, sizeof(*after->each));
	if (after->each == NULL)
		return error_plain(why, ERR_NOMEM);
	while (i < count || k < before->count) {
		int order = i == count ? 1
		    : k == before->count
		    ? -1
		    : strcmp(items[i].id, before->each[k].id);

		if (order > 0) {
			put(after, before->each[k].id, before->each[k].hash);
			k++;
			continue;
		}
		if (items[i].bytes != NULL)
			put(after, items[i].id, hashes[i]);
		i++;
		k += order == 0;
	}
	return ERR_OK;
}
