#include "store/logos.h"

#include <stdlib.h>
#include <string.h>

#include "store/db_key.h"
#include "store/store_impl.h"

struct get_call {
	const struct store *store;
	const struct record *record;
	struct logo *logo;
};

static enum err
read_logo(const char *key, size_t key_len, const uint8_t *value, size_t len,
    void *arg)
{
	struct get_call *call = arg;
	struct logo *logo = call->logo;
	enum err rc = logo_decode(
	    logo, call->record->id, call->store->keys.record, value, len);

	(void)key;
	(void)key_len;
	if (rc != ERR_OK || logo_is_of(logo, call->record))
		return rc;
	logo_clear(logo);
	return ERR_DAMAGED;
}

enum err
logos_get(struct store *store, const struct record *record, struct logo *logo,
    struct error *why)
{
	struct get_call call = {store, record, logo};
	char key[DB_KEY_SIZE];
	size_t len = db_key_make(key, DB_LOGO, record->id);
	enum err rc;

	logo_clear(logo);
	if (record->logo == PICTURE_NONE)
		return error_set(why, ERR_NOT_FOUND,
		    "%s: has no logo; give it one with: tokenadm edit %s "
		    "--logo FILE",
		    record->id, record->id);
	rc = db_get(store->db, key, len, read_logo, &call, why);
	if (rc == ERR_NEWER)
		return error_set(why, rc,
		    "%s: its logo was written by a newer version; upgrade this "
		    "machine's pam_apitoken",
		    record->id);
	if (rc == ERR_NOT_FOUND || rc == ERR_DAMAGED)
		return error_set(why, ERR_DAMAGED,
		    "%s: its logo is %s; the token is not; give it another, "
		    "or take it away with: tokenadm edit %s --logo none",
		    record->id, rc == ERR_DAMAGED ? "damaged" : "missing",
		    record->id);
	return rc;
}

static enum err
remove_logo(struct store *store, const char *id, struct error *why)
{
	char key[DB_KEY_SIZE];
	size_t len = db_key_make(key, DB_LOGO, id);

	return db_delete(store->db, key, len, why);
}

enum err
logos_put_back(struct store *store, const struct record *record,
    const struct logo *logo, struct error *why)
{
	char key[DB_KEY_SIZE];
	size_t key_len = db_key_make(key, DB_LOGO, record->id), len = 0;
	uint8_t *value;
	enum err rc;

	/* Without a transaction, a write would not be safe. */
	if (!store->writing)
		return error_set(
		    why, ERR_INTERNAL, "%s: not open for writing", store->path);
	if (logo == NULL)
		return remove_logo(store, record->id, why);
	value = malloc(LOGO_VALUE_MAX);
	if (value == NULL)
		return error_plain(why, ERR_NOMEM);
	rc = logo_encode(logo, record->id, store->keys.record, value, &len);
	rc = rc == ERR_OK ? db_put(store->db, key, key_len, value, len, why)
			  : error_plain(why, rc);
	free(value);
	return rc;
}

enum err
logos_put(struct store *store, const struct record *record,
    const struct logo *logo, struct error *why)
{
	uint64_t before = db_size(store->db), after;
	enum err rc = logos_put_back(store, record, logo, why);

	after = db_size(store->db);
	/* What others have given up is used again, without growing. */
	if (rc != ERR_OK || after <= before || after <= LOGOS_ROOM)
		return rc;
	return error_about(why, "logo", NULL,
	    error_set(why, ERR_POLICY,
		"logo: the logos here leave no room for another; take some "
		"away: tokenadm edit TOKEN --logo none"));
}

static enum err
move(struct store *store, const struct record *from, struct record *to,
    struct logo *logo, struct error *why)
{
	enum err rc = logos_get(store, from, logo, why);

	if (rc == ERR_DAMAGED)
		rc = ERR_NOT_FOUND;
	if (rc == ERR_OK)
		rc = logos_put_back(store, to, logo, why);
	if (rc == ERR_OK)
		logo_note(to, logo);
	return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}

enum err
logos_move(struct store *store, struct record *from, struct record *to,
    struct error *why)
{
	struct logo *logo;
	enum err rc;

	logo_note(to, NULL);
	if (from->logo == PICTURE_NONE)
		return ERR_OK;
	logo = malloc(sizeof(*logo));
	if (logo == NULL)
		return error_plain(why, ERR_NOMEM);
	rc = move(store, from, to, logo, why);
	free(logo);
	logo_note(from, NULL);
	return rc == ERR_OK ? remove_logo(store, from->id, why) : rc;
}
