/* The end of a change: what is different becomes steps, each with its head. */
#include "fleet/fleet_change_impl.h"

#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "fleet/fleet_issued_impl.h"

/* All that is published, and how it changes step by step. */
struct publishing {
	struct fleet_change *change;
	struct fleet_outbox outbox;
	struct fleet_head head;
	struct fleet_hashes *hashes;
	struct fleet_item items[FLEET_STEP_MAX];
	size_t item_count;
};

/*
 * Whether it is what was signed last: libtdb does not notice a record that
 * damage has made unreachable, and that may be a revocation.
 */
static enum err
check_hashes(const struct publishing *publishing, struct error *why)
{
	uint8_t hash[CRYPTO_HASH_LEN];

	if (publishing->hashes->is_kept)
		return ERR_OK;
	fleet_known_digest(
	    publishing->hashes->each, publishing->hashes->count, hash);
	return crypto_equal(hash, publishing->head.set)
	    ? ERR_OK
	    : error_set(why, ERR_DAMAGED,
		  "a record of what this machine issues is lost; see fleet(7), "
		  "AN ISSUER IS LOST");
}

static enum err
read_hashes(struct publishing *publishing, struct error *why)
{
	const char *text = publishing->outbox.head;
	const struct fleet_change *change = publishing->change;
	size_t used;
	enum err rc;

	if (text[0] != '\0' &&
	    fleet_head_read(&publishing->head, text, strlen(text), &used) !=
		ERR_OK)
		return fleet_issued_explain(ERR_DAMAGED, "the head", why);
	rc = fleet_hashes_read(publishing->hashes, change->store,
	    change->config, &publishing->head, change->count, why);
	return rc == ERR_OK && publishing->head.seq > 0
	    ? check_hashes(publishing, why)
	    : rc;
}

/* Takes an item into what is known; false if it is so already. */
static bool
amend_hashes(struct publishing *publishing, const struct fleet_item *item)
{
	uint8_t hash[CRYPTO_HASH_LEN];

	if (item->bytes == NULL)
		return fleet_hashes_set(publishing->hashes, item->id, NULL);
	fleet_record_hash(hash, item->id, item->bytes, item->len);
	return fleet_hashes_set(publishing->hashes, item->id, hash);
}

/* Signs the head of what is known now. */
static enum err
sign(struct publishing *publishing, fleet_head_text text, struct error *why)
{
	struct fleet_change *change = publishing->change;
	struct fleet_head *head = &publishing->head;

	strcpy(head->issuer, change->key->issuer);
	if (!hex_get(head->fleet, FLEET_ID_LEN, change->config->fleet.id))
		return error_set(why, ERR_CONFIG,
		    "this machine is in no fleet: [fleet] id is not set");
	if (head->epoch == 0)
		head->epoch = 1;
	/*
	 * A renewed one has the same records, and of two with the same seq the
	 * later one counts. After a clock that was ahead no later one would be
	 * believed.
	 */
	if (publishing->item_count > 0 || head->seq == 0 || change->adopts ||
	    change->now <= head->time)
		head->seq++;
	if (change->adopts)
		head->epoch++;
	change->adopts = false;
	head->time = change->now;
	head->valid_until = fleet_valid_until(change->config, head->time);
	head->count = publishing->hashes->count;
	fleet_known_digest(
	    publishing->hashes->each, publishing->hashes->count, head->set);
	if (head->count > FLEET_COUNT_MAX)
		return error_set(why, ERR_POLICY,
		    "more than %d records; delete some that are dead",
		    FLEET_COUNT_MAX);
	return fleet_head_sign(head, change->key->secret, text) > 0
	    ? ERR_OK
	    : error_set(why, ERR_SYSTEM,
		  "cannot sign: is this machine's clock right?");
}

/* Makes a step of the items that were gathered. */
static enum err
end_step(struct publishing *publishing, struct error *why)
{
	struct store *store = publishing->change->store;
	struct fleet_outbox *outbox = &publishing->outbox;
	fleet_head_text text = "";
	struct fleet_engine_put put = {
	    .before = outbox->head[0] != '\0' ? outbox->head : NULL,
	    .head = text,
	    .items = publishing->items,
	    .count = publishing->item_count};
	enum err rc = sign(publishing, text, why);

	if (rc == ERR_OK)
		rc = fleet_issued_put_step(store, outbox->next++, &put, why);
	for (size_t i = 0; rc == ERR_OK && i < put.count; i++)
		rc = fleet_issued_put(store, &publishing->items[i], why);
	strcpy(outbox->head, text);
	for (size_t i = 0; i < put.count; i++)
		free((void *)(uintptr_t)publishing->items[i].bytes);
	publishing->item_count = 0;
	return rc;
}

static enum err
add_changed(struct publishing *publishing, const struct fleet_changed *one,
    struct error *why)
{
	struct fleet_item *item = &publishing->items[publishing->item_count];
	uint8_t bytes[FLEET_RECORD_MAX], *kept = NULL;
	size_t len;
	enum err rc = fleet_change_encode(
	    publishing->change, one, bytes, &len, why);

	if (rc != ERR_OK)
		return rc;
	if (len > 0) {
		kept = malloc(len);
		if (kept == NULL)
			return error_plain(why, ERR_NOMEM);
		memcpy(kept, bytes, len);
	}
	*item = (struct fleet_item){.bytes = kept, .len = len};
	memcpy(item->id, one->id, sizeof(item->id));
	if (!amend_hashes(publishing, item)) {
		free(kept);
		return ERR_OK;
	}
	return ++publishing->item_count == FLEET_STEP_MAX
	    ? end_step(publishing, why)
	    : ERR_OK;
}

enum err
fleet_change_end(struct fleet_change *change, bool *is_new, struct error *why)
{
	struct publishing *publishing = calloc(1, sizeof(*publishing));
	uint64_t next;
	enum err rc;

	*is_new = false;
	if (publishing == NULL)
		return error_plain(why, ERR_NOMEM);
	publishing->change = change;
	publishing->hashes = &change->hashes;
	rc = fleet_issued_get_outbox(change->store, &publishing->outbox, why);
	next = publishing->outbox.next;
	if (rc == ERR_OK)
		rc = read_hashes(publishing, why);
	for (size_t i = 0; rc == ERR_OK && i < change->count; i++)
		rc = add_changed(publishing, &change->changed[i], why);
	if (rc == ERR_OK &&
	    (publishing->item_count > 0 ||
		(change->renews && publishing->outbox.next == next)))
		rc = end_step(publishing, why);
	*is_new = publishing->outbox.next != next;
	if (rc == ERR_OK && *is_new)
		rc = fleet_issued_put_outbox(
		    change->store, &publishing->outbox, why);
	for (size_t i = 0; i < publishing->item_count; i++)
		free((void *)(uintptr_t)publishing->items[i].bytes);
	free(publishing);
	return rc;
}

void
fleet_change_committed(struct fleet_change *change)
{
	if (change->hashes.each != NULL)
		fleet_hashes_keep(&change->hashes, change->config);
}
