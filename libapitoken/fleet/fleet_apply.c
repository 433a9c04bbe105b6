#include "fleet/fleet_apply.h"

#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "fleet/fleet_retain.h"
#include "fleet/fleet_store.h"
#include "fleet/fleet_verify.h"

#define TRIES 3 /* when another applies at the same time */

/* What fleet.tdb has of the issuer. */
struct known {
	char id[TOKEN_ID_LEN + 1];
	uint8_t hash[CRYPTO_HASH_LEN];
};

struct work {
	const struct config *config;
	const struct fleet_list *list;
	const struct fleet_trust *trust;
	int64_t now, deadline;
	/* What was there when it was compared */
	bool has_head;
	struct fleet_head head;
	struct known *known; /* by id, ascending */
	size_t known_count;
	uint8_t (*hashes)[CRYPTO_HASH_LEN]; /* of the list's items */
	/* The items that are new or changed, and the known ones to remove */
	size_t *written, *removed;
	struct fleet_applied *applied;
};

static void
forget(struct work *work)
{
	free(work->known);
	free(work->written);
	free(work->removed);
	work->known = NULL;
	work->written = work->removed = NULL;
	work->known_count = 0;
}

static enum err
note_known(
    const char id[TOKEN_ID_LEN + 1], const struct fleet_entry *entry, void *arg)
{
	struct work *work = arg;
	const struct fleet_part *part = fleet_entry_find(
	    entry, work->trust->issuer);
	struct known *one;

	if (part == NULL || part->len == 0)
		return ERR_OK;
	/* Doubled at every power of two. */
	if ((work->known_count & (work->known_count - 1)) == 0) {
		size_t room = work->known_count == 0 ? 1
						     : work->known_count * 2;

		one = reallocarray(work->known, room, sizeof(*one));
		if (one == NULL)
			return ERR_NOMEM;
		work->known = one;
	}
	one = &work->known[work->known_count++];
	memcpy(one->id, id, sizeof(one->id));
	memcpy(one->hash, part->hash, sizeof(one->hash));
	return ERR_OK;
}

static int
compare_known(const void *a, const void *b)
{
	return strcmp(
	    ((const struct known *)a)->id, ((const struct known *)b)->id);
}

/* Reads what is applied of the issuer, if anything. */
static enum err
read_head(struct fleet_head *head, bool *has_head, struct fleet_store *store,
    const char *issuer, struct error *why)
{
	enum err rc = fleet_store_get_head(store, issuer, head, why);

	*has_head = rc == ERR_OK;
	return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}

static enum err
read_known(struct work *work, struct error *why)
{
	struct fleet_store *store = NULL;
	enum err rc = fleet_store_open(
	    &store, work->config, STORE_SCAN, work->deadline, why);

	if (rc == ERR_OK)
		rc = read_head(&work->head, &work->has_head, store,
		    work->trust->issuer, why);
	if (rc == ERR_OK)
		rc = fleet_store_each(store, note_known, work, why);
	fleet_store_close(store);
	if (rc == ERR_NOMEM)
		return error_plain(why, rc);
	if (work->known_count > 1)
		qsort(work->known, work->known_count, sizeof(*work->known),
		    compare_known);
	return rc;
}

static enum err
verify(const struct work *work, struct error *why)
{
	struct fleet_expected expected = {.trust = work->trust,
	    .applied = work->has_head ? &work->head : NULL,
	    .now = work->now};

	if (!hex_get(
		expected.fleet, sizeof(expected.fleet), work->config->fleet.id))
		return error_set(why, ERR_CONFIG,
		    "this machine is in no fleet: [fleet] id is not set");
	return fleet_verify(work->list, &expected, work->hashes, why);
}

/* Both are in order: what differs is found in one pass. */
static enum err
compare(struct work *work, struct error *why)
{
	const struct fleet_list *list = work->list;
	size_t i = 0, k = 0;

	work->written = calloc(list->count + 1, sizeof(size_t));
	work->removed = calloc(work->known_count + 1, sizeof(size_t));
	if (work->written == NULL || work->removed == NULL)
		return error_plain(why, ERR_NOMEM);
	while (i < list->count || k < work->known_count) {
		int order = i == list->count ? 1
		    : k == work->known_count
		    ? -1
		    : strcmp(list->items[i].id, work->known[k].id);

		if (order > 0) {
			work->removed[work->applied->removed++] = k++;
			continue;
		}
		if (order < 0 ||
		    !crypto_equal(work->hashes[i], work->known[k].hash))
			work->written[work->applied->written++] = i;
		i++;
		k += order == 0;
	}
	return ERR_OK;
}

/* Opens what is known of an id: nothing, if it is new. */
static enum err
get_entry(struct fleet_store *store, const char *id, struct fleet_entry *entry,
    struct error *why)
{
	enum err rc = fleet_store_get(store, id, entry, why);

	return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}

/* A record as it is kept: with a digest under this host's key. */
struct kept {
	enum fleet_kind kind;
	size_t len;
	uint8_t bytes[FLEET_RECORD_MAX];
};

static enum err
convert(const struct fleet_store *store, const struct fleet_item *item,
    struct kept *kept, struct error *why)
{
	struct fleet_record record;
	enum err rc = fleet_record_decode(&record, item->bytes, item->len);

	kept->kind = record.kind;
	kept->len = 0;
	if (rc == ERR_OK && record.kind == FLEET_TOKEN)
		fleet_store_digest(
		    store, record.token.digest, record.token.digest);
	if (rc == ERR_OK)
		rc = fleet_record_encode(&record, kept->bytes, &kept->len);
	return rc == ERR_OK ? rc : error_plain(why, rc);
}

static enum err
entry_error(const char *id, enum err rc, struct error *why)
{
	return error_set(why, rc, "%s: %s", id,
	    rc == ERR_POLICY ? "named by too many issuers" : error_name(rc));
}

static enum err
write_item(struct fleet_store *store, const struct work *work, size_t number,
    struct error *why)
{
	const struct fleet_item *item = &work->list->items[number];
	const char *issuer = work->trust->issuer;
	struct kept kept;
	struct fleet_entry entry;
	enum err rc = convert(store, item, &kept, why);

	if (rc != ERR_OK)
		return rc;
	rc = get_entry(store, item->id, &entry, why);
	if (rc != ERR_OK)
		return rc;
	if (kept.kind != FLEET_REVOKE)
		rc = fleet_retain(&entry, issuer, work->now);
	if (rc == ERR_OK)
		rc = fleet_entry_put(
		    &entry, issuer, work->hashes[number], kept.bytes, kept.len);
	if (rc == ERR_OK)
		rc = fleet_retain_end(&entry, issuer);
	rc = rc == ERR_OK ? fleet_store_put(store, item->id, &entry, why)
			  : entry_error(item->id, rc, why);
	fleet_entry_free(&entry);
	return rc;
}

static enum err
remove_known(struct fleet_store *store, const struct work *work, size_t number,
    struct error *why)
{
	const char *id = work->known[number].id;
	struct fleet_entry entry;
	enum err rc = get_entry(store, id, &entry, why);

	if (rc != ERR_OK)
		return rc;
	rc = fleet_retain(&entry, work->trust->issuer, work->now);
	if (rc != ERR_OK)
		(void)entry_error(id, rc, why);
	fleet_entry_drop(&entry, work->trust->issuer);
	if (rc == ERR_OK)
		rc = fleet_store_put(store, id, &entry, why);
	fleet_entry_free(&entry);
	return rc;
}

/* ERR_BUSY if another has applied something since it was compared. */
static enum err
check_unmoved(
    struct fleet_store *store, const struct work *work, struct error *why)
{
	struct fleet_head head;
	bool has_head;
	enum err rc = read_head(
	    &head, &has_head, store, work->trust->issuer, why);

	if (rc != ERR_OK)
		return rc;
	if (has_head == work->has_head && fleet_head_equals(&head, &work->head))
		return ERR_OK;
	return error_set(why, ERR_BUSY,
	    "issuer %s: another process applies its records",
	    work->trust->issuer);
}

static enum err
write_all(struct fleet_store *store, const struct work *work, struct error *why)
{
	enum err rc = check_unmoved(store, work, why);

	for (size_t i = 0; rc == ERR_OK && i < work->applied->written; i++)
		rc = write_item(store, work, work->written[i], why);
	for (size_t i = 0; rc == ERR_OK && i < work->applied->removed; i++)
		rc = remove_known(store, work, work->removed[i], why);
	if (rc == ERR_OK)
		rc = fleet_store_put_head(store, &work->applied->head, why);
	return rc == ERR_OK ? fleet_store_commit(store, why) : rc;
}

/*
 * The head to be kept. Of two with the same records the later one: it was
 * renewed, and an engine could bring the older one back.
 */
static void
choose_head(struct work *work)
{
	const struct fleet_head *fresh = &work->list->head;
	struct fleet_applied *applied = work->applied;
	bool is_same = work->has_head &&
	    fleet_head_compare(fresh, &work->head) == 0;

	applied->head = is_same && fresh->time <= work->head.time &&
		memcmp(fresh->key, work->head.key, sizeof(fresh->key)) == 0
	    ? work->head
	    : *fresh;
	applied->is_new = !work->has_head ||
	    !fleet_head_equals(&applied->head, &work->head);
}

static enum err
try_it(struct work *work, struct error *why)
{
	struct fleet_store *store = NULL;
	enum err rc;

	forget(work);
	*work->applied = (struct fleet_applied){0};
	rc = read_known(work, why);
	if (rc == ERR_OK)
		rc = verify(work, why);
	if (rc == ERR_OK)
		rc = compare(work, why);
	if (rc != ERR_OK)
		return rc;
	choose_head(work);
	if (!work->applied->is_new && work->applied->written == 0 &&
	    work->applied->removed == 0)
		return ERR_OK;
	rc = fleet_store_open(
	    &store, work->config, STORE_WRITE, work->deadline, why);
	if (rc == ERR_OK)
		rc = write_all(store, work, why);
	fleet_store_close(store);
	return rc;
}

enum err
fleet_apply(struct fleet_applied *applied, const struct config *config,
    const struct fleet_list *list, const struct fleet_trust *trust, int64_t now,
    int64_t deadline, struct error *why)
{
	struct work work = {.config = config,
	    .list = list,
	    .trust = trust,
	    .now = now,
	    .deadline = deadline,
	    .applied = applied};
	enum err rc = fleet_store_create(config, deadline, why);

	*applied = (struct fleet_applied){0};
	if (rc != ERR_OK)
		return rc;
	work.hashes = calloc(list->count + 1, sizeof(*work.hashes));
	if (work.hashes == NULL)
		return error_plain(why, ERR_NOMEM);
	rc = ERR_BUSY;
	for (unsigned i = 0; rc == ERR_BUSY && i < TRIES; i++)
		rc = try_it(&work, why);
	if (rc != ERR_OK)
		*applied = (struct fleet_applied){0};
	forget(&work);
	free(work.hashes);
	return rc;
}
