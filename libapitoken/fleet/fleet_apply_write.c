#include <string.h>

#include "fleet/fleet_apply_impl.h"
#include "fleet/fleet_retain.h"
#include "fleet/fleet_store.h"

/* Reads what is applied of the issuer, if anything. */
static enum err
read_head(struct fleet_head *head, bool *has_head, struct fleet_store *store,
    const char *issuer, struct error *why)
{
	enum err rc = fleet_store_get_head(store, issuer, head, why);

	*has_head = rc == ERR_OK;
	return rc == ERR_NOT_FOUND ? ERR_OK : rc;
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
write_item(struct fleet_store *store, const struct apply_work *work,
    size_t number, struct error *why)
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
remove_known(struct fleet_store *store, const struct apply_work *work,
    size_t number, struct error *why)
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
    struct fleet_store *store, const struct apply_work *work, struct error *why)
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
write_all(
    struct fleet_store *store, const struct apply_work *work, struct error *why)
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

enum err
apply_write(struct apply_work *work, struct error *why)
{
	struct fleet_store *store = NULL;
	enum err rc = fleet_store_open(
	    &store, work->config, STORE_WRITE, work->deadline, why);

	if (rc == ERR_OK)
		rc = write_all(store, work, why);
	fleet_store_close(store);
	return rc;
}
