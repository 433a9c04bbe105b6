#include "fleet/fleet_apply.h"

#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "fleet/fleet_retain.h"
#include "fleet/fleet_store.h"
#include "fleet/fleet_verify.h"

#define TRIES 3 /* when another applies at the same time */

struct work {
	const struct config *config;
	const struct fleet_list *list;
	const struct fleet_trust *trust;
	bool is_changes; /* the list is: what it does not have stays */
	int64_t now, deadline;
	/* What was there when it was compared */
	bool has_head;
	struct fleet_head head;
	struct fleet_known *known, after;   /* before and behind changes */
	uint8_t (*hashes)[CRYPTO_HASH_LEN]; /* of the list's items */
	/* The items that are new or changed, and the known ones to remove */
	size_t *written, *removed;
	struct fleet_applied *applied;
};

static void
forget(struct work *work)
{
	fleet_known_free(&work->after);
	free(work->written);
	free(work->removed);
	work->written = work->removed = NULL;
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
verify(struct work *work, bool is_step, struct error *why)
{
	struct fleet_expected expected = {.trust = work->trust,
	    .applied = work->has_head ? &work->head : NULL,
	    .now = work->now};

	if (!hex_get(
		expected.fleet, sizeof(expected.fleet), work->config->fleet.id))
		return error_set(why, ERR_CONFIG,
		    "this machine is in no fleet: [fleet] id is not set");
	if (is_step)
		return fleet_verify_step(
		    work->list, &expected, work->hashes, why);
	return work->is_changes
	    ? fleet_verify_changes(work->list, &expected, work->known,
		  work->hashes, &work->after, why)
	    : fleet_verify(work->list, &expected, work->hashes, why);
}

/* Both are in order: what differs is found in one pass. */
static enum err
compare(struct work *work, struct error *why)
{
	const struct fleet_list *list = work->list;
	const struct fleet_known *known = work->known;
	struct fleet_applied *applied = work->applied;
	size_t i = 0, k = 0;

	work->written = calloc(list->count + 1, sizeof(size_t));
	work->removed = calloc(known->count + 1, sizeof(size_t));
	if (work->written == NULL || work->removed == NULL)
		return error_plain(why, ERR_NOMEM);
	while (i < list->count || k < known->count) {
		int order = i == list->count ? 1
		    : k == known->count
		    ? -1
		    : strcmp(list->items[i].id, known->each[k].id);

		if (order > 0) {
			if (!work->is_changes)
				work->removed[applied->removed++] = k;
		} else if (list->items[i].bytes == NULL) {
			if (order == 0)
				work->removed[applied->removed++] = k;
		} else if (order < 0 ||
		    !crypto_equal(work->hashes[i], known->each[k].hash)) {
			work->written[applied->written++] = i;
		}
		i += order <= 0;
		k += order >= 0;
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
	const char *id = work->known->each[number].id;
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
write_work(struct work *work, struct error *why)
{
	struct fleet_store *store = NULL;
	enum err rc = fleet_store_open(
	    &store, work->config, STORE_WRITE, work->deadline, why);

	if (rc == ERR_OK)
		rc = write_all(store, work, why);
	fleet_store_close(store);
	return rc;
}

static enum err
try_it(struct work *work, struct error *why)
{
	enum err rc;

	forget(work);
	*work->applied = (struct fleet_applied){0};
	rc = fleet_known_refresh(work->known, &work->head, &work->has_head,
	    work->config, work->trust->issuer, work->deadline, why);
	if (rc == ERR_OK)
		rc = verify(work, false, why);
	if (rc == ERR_OK)
		rc = compare(work, why);
	if (rc != ERR_OK)
		return rc;
	choose_head(work);
	if (!work->applied->is_new && work->applied->written == 0 &&
	    work->applied->removed == 0)
		return ERR_OK;
	return write_work(work, why);
}

/* What was known becomes what it is now. */
static void
keep_known(struct work *work)
{
	struct fleet_known before = *work->known;

	if (!work->is_changes)
		return;
	*work->known = work->after;
	work->after = before;
}

static enum err
apply(struct work *work, struct error *why)
{
	enum err rc = fleet_store_create(work->config, work->deadline, why);

	*work->applied = (struct fleet_applied){0};
	if (rc != ERR_OK)
		return rc;
	work->hashes = calloc(work->list->count + 1, sizeof(*work->hashes));
	if (work->hashes == NULL)
		return error_plain(why, ERR_NOMEM);
	rc = ERR_BUSY;
	for (unsigned i = 0; rc == ERR_BUSY && i < TRIES; i++)
		rc = try_it(work, why);
	if (rc == ERR_OK)
		keep_known(work);
	else
		*work->applied = (struct fleet_applied){0};
	forget(work);
	free(work->hashes);
	return rc;
}

enum err
fleet_apply(struct fleet_applied *applied, const struct config *config,
    const struct fleet_list *list, const struct fleet_trust *trust, int64_t now,
    int64_t deadline, struct error *why)
{
	struct fleet_known known = {0};
	struct work work = {.config = config,
	    .list = list,
	    .trust = trust,
	    .now = now,
	    .deadline = deadline,
	    .known = &known,
	    .applied = applied};
	enum err rc = apply(&work, why);

	fleet_known_free(&known);
	return rc;
}

enum err
fleet_apply_changes(struct fleet_applied *applied, struct fleet_known *known,
    const struct config *config, const struct fleet_list *changes,
    const struct fleet_trust *trust, int64_t now, int64_t deadline,
    struct error *why)
{
	struct work work = {.config = config,
	    .list = changes,
	    .trust = trust,
	    .is_changes = true,
	    .now = now,
	    .deadline = deadline,
	    .known = known,
	    .applied = applied};

	return apply(&work, why);
}

/* All that is in a step differs from what was there. */
static enum err
take_step(struct work *work, struct error *why)
{
	const struct fleet_list *step = work->list;

	work->hashes = calloc(step->count + 1, sizeof(*work->hashes));
	work->known->each = calloc(step->count + 1, sizeof(*work->known->each));
	work->written = calloc(step->count + 1, sizeof(size_t));
	work->removed = calloc(step->count + 1, sizeof(size_t));
	if (work->hashes == NULL || work->known->each == NULL ||
	    work->written == NULL || work->removed == NULL)
		return error_plain(why, ERR_NOMEM);
	for (size_t i = 0; i < step->count; i++) {
		memcpy(work->known->each[i].id, step->items[i].id,
		    sizeof(work->known->each[i].id));
		if (step->items[i].bytes != NULL)
			work->written[work->applied->written++] = i;
		else
			work->removed[work->applied->removed++] = i;
	}
	return ERR_OK;
}

enum err
fleet_apply_step(struct fleet_applied *applied, const struct config *config,
    const struct fleet_head *before, const struct fleet_list *step,
    const struct fleet_trust *trust, int64_t now, int64_t deadline,
    struct error *why)
{
	struct fleet_known known = {0};
	struct work work = {.config = config,
	    .list = step,
	    .known = &known,
	    .trust = trust,
	    .now = now,
	    .deadline = deadline,
	    .has_head = true,
	    .head = *before,
	    .applied = applied};
	enum err rc;

	*applied = (struct fleet_applied){.is_new = true, .head = step->head};
	rc = take_step(&work, why);
	if (rc == ERR_OK)
		rc = verify(&work, true, why);
	if (rc == ERR_OK)
		rc = write_work(&work, why);
	if (rc != ERR_OK)
		*applied = (struct fleet_applied){0};
	forget(&work);
	fleet_known_free(&known);
	free(work.hashes);
	return rc;
}
