/* What the new database gets: each token, and what belongs to it. */
#include "check/repair_impl.h"

#include <stdlib.h>

#include "check/issued_value.h"
#include "lifecycle/life_table.h"
#include "store/db_key.h"
#include "store/keycheck.h"
#include "token/index.h"
#include "token/logo.h"
#include "token/record.h"

/* Tokens, and bytes of logos, held in memory until they are written. */
#define BATCH 100000
#define BATCH_BYTES (UINT64_C(64) << 20)

struct copy_call {
	struct rebuild *rebuild;
	const struct salvage_item *item;
	bool has_logo; /* it was copied */
};

/* Copies the logo of a token, if it is still what it was. */
static enum err
copy_logo(const struct image_entry *entry, void *arg)
{
	struct copy_call *call = arg;
	struct rebuild *rebuild = call->rebuild;
	struct logo *logo = malloc(sizeof(*logo));
	enum err rc;

	if (logo == NULL)
		return error_plain(rebuild->why, ERR_NOMEM);
	rc = logo_decode(logo, call->item->id, rebuild->keys->record,
	    entry->value, entry->len);
	call->has_logo = rc == ERR_OK && logo_mark(logo) == call->item->logo;
	free(logo);
	if (!call->has_logo)
		return ERR_OK;
	rebuild->logo_bytes += entry->len;
	return db_put(rebuild->db, entry->key, entry->key_len, entry->value,
	    entry->len, rebuild->why);
}

/* Notes that the logo is gone. */
static void
drop_logo(struct rebuild *rebuild, struct record *record)
{
	findings_add(&rebuild->report->changed,
	    "token %s of %s (`%s`): its logo is lost", record->id, record->user,
	    record->name);
	logo_note(record, NULL);
}

/* Deactivates the token, unless it cannot log in anyway. */
static void
doubt(struct rebuild *rebuild, struct record *record)
{
	findings_add(&rebuild->report->changed,
	    "token %s of %s (`%s`): brought back from a copy that may be "
	    "old: %s",
	    record->id, record->user, record->name,
	    record->state == RECORD_ACTIVE
		? "deactivated; look at it, then approve or delete it"
		: record_state_name(record->state));
	rebuild->report->doubtful++;
	(void)life_apply(record, LIFE_DOUBT, &rebuild->event);
}

static enum err
copy_record(const struct image_entry *entry, void *arg)
{
	struct copy_call *call = arg;
	struct rebuild *rebuild = call->rebuild;
	const struct salvage_item *item = call->item;
	uint8_t bytes[RECORD_BYTES_MAX];
	struct record record;
	size_t len = 0;
	enum err rc;

	rc = record_decode(
	    &record, item->id, rebuild->keys->record, entry->value, entry->len);
	if (rc == ERR_OK && item->doubtful)
		doubt(rebuild, &record);
	if (rc == ERR_OK && record.logo != PICTURE_NONE && !call->has_logo)
		drop_logo(rebuild, &record);
	/* One that was not changed has the same bytes again. */
	if (rc == ERR_OK)
		rc = record_encode(&record, rebuild->keys->record, bytes, &len);
	if (rc != ERR_OK)
		return error_set(rebuild->why, rc,
		    "token %s changed while it was read: a failing disk?",
		    item->id);
	rebuild->report->tokens++;
	return db_put(
	    rebuild->db, entry->key, entry->key_len, bytes, len, rebuild->why);
}

/* Its logo comes first: whether there is one stands in the record. */
static enum err
copy_token(struct rebuild *rebuild, const struct salvage *salvage,
    const struct salvage_item *item)
{
	struct copy_call call = {rebuild, item, false};
	uint64_t offset;
	enum err rc = ERR_OK;

	if (salvage_find_logo(salvage, item, &offset))
		rc = image_get(rebuild->image, offset, copy_logo, &call);
	/* A failing disk: the token goes on without. */
	if (rc == ERR_DAMAGED && !call.has_logo)
		rc = ERR_OK;
	return rc == ERR_OK
	    ? image_get(rebuild->image, item->offset, copy_record, &call)
	    : rc;
}

static enum err
put_index(struct rebuild *rebuild, const char *user, const struct index *index)
{
	char key[DB_KEY_SIZE];
	size_t key_len = db_key_make(key, DB_USER, user), len;
	uint8_t *bytes;
	enum err rc;

	rc = index_encode(index, user, rebuild->keys->record, &bytes, &len);
	if (rc != ERR_OK)
		return error_plain(rebuild->why, rc);
	rc = db_put(rebuild->db, key, key_len, bytes, len, rebuild->why);
	free(bytes);
	return rc;
}

/* Writes one user's tokens and their index; moves *next past them. */
static enum err
put_user(struct rebuild *rebuild, const struct salvage *salvage, size_t *next)
{
	const struct inventory_user *user = salvage->items[*next].user;
	struct index index = {0};
	enum err rc = ERR_OK;

	for (; rc == ERR_OK && *next < salvage->count; ++*next) {
		const struct salvage_item *item = &salvage->items[*next];

		if (item->user != user)
			break;
		rc = copy_token(rebuild, salvage, item);
		if (rc == ERR_OK && index_add(&index, item->id) != ERR_OK)
			rc = error_plain(rebuild->why, ERR_NOMEM);
	}
	if (rc == ERR_OK)
		rc = put_index(rebuild, user->name, &index);
	index_free(&index);
	return rc;
}

static enum err
copy_value(const struct image_entry *entry, void *arg)
{
	struct rebuild *rebuild = arg;
	bool is_whole = rebuild->report->outcome == REPAIR_PACKED;
	struct issued_value value;
	enum err rc = issued_value_judge(&value, rebuild->keys, entry);

	if (rc != ERR_OK)
		return error_set(rebuild->why, rc,
		    "%s changed while it was read: a failing disk?",
		    value.what);
	if (!is_whole && !value.is_record)
		return ERR_OK;
	rebuild->logo_bytes += entry->len;
	return db_put(rebuild->db, entry->key, entry->key_len, entry->value,
	    entry->len, rebuild->why);
}

/* Goes on in a new transaction, if this one has become large. */
static enum err
spare_memory(struct rebuild *rebuild)
{
	enum err rc;

	if (rebuild->logo_bytes < BATCH_BYTES)
		return ERR_OK;
	rebuild->logo_bytes = 0;
	rc = db_commit(rebuild->db, rebuild->why);
	return rc == ERR_OK ? db_begin(rebuild->db, rebuild->why) : rc;
}

/* The last ones first: of two with a name the first is the one that counts. */
static enum err
put_values(struct rebuild *rebuild, const struct inventory *inventory)
{
	enum err rc = ERR_OK;

	for (size_t i = inventory->value_count; rc == ERR_OK && i-- > 0;) {
		rc = image_get(
		    rebuild->image, inventory->values[i], copy_value, rebuild);
		if (rc == ERR_DAMAGED)
			rc = error_set(rebuild->why, rc,
			    "the file changed while it was read: a failing "
			    "disk?");
		if (rc == ERR_OK)
			rc = spare_memory(rebuild);
	}
	return rc;
}

/* Nobody uses the file yet: it may be written in parts. */
enum err
repair_fill(struct rebuild *rebuild, const struct salvage *salvage)
{
	size_t next = 0, until;
	enum err rc = db_begin(rebuild->db, rebuild->why);

	if (rc == ERR_OK)
		rc = keycheck_put(rebuild->db, rebuild->keys, rebuild->why);
	for (until = BATCH; rc == ERR_OK && next < salvage->count;) {
		rc = put_user(rebuild, salvage, &next);
		if (rc != ERR_OK ||
		    (next < until && rebuild->logo_bytes < BATCH_BYTES))
			continue;
		until = next + BATCH;
		rebuild->logo_bytes = 0;
		rc = db_commit(rebuild->db, rebuild->why);
		if (rc == ERR_OK)
			rc = db_begin(rebuild->db, rebuild->why);
	}
	if (rc == ERR_OK)
		rc = put_values(rebuild, salvage->inventory);
	return rc == ERR_OK ? db_commit(rebuild->db, rebuild->why) : rc;
}
