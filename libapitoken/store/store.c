#include "store/store.h"

#include <stdlib.h>
#include <string.h>

#include "store/db_key.h"
#include "store/keycheck.h"
#include "store/store_impl.h"

static const struct store_advice ADVICE = {
    .not_found = "no such token",
    .damaged = "restore the database from a backup",
};

struct get_call {
	struct store *store;
	const char *name;
	void *result;
};

static enum err
read_record(const char *key, size_t key_len, const uint8_t *value, size_t len,
    void *arg)
{
	struct get_call *call = arg;

	(void)key;
	(void)key_len;
	return record_decode(
	    call->result, call->name, call->store->keys.record, value, len);
}

enum err
store_get(struct store *store, const char id[TOKEN_ID_LEN + 1],
    struct record *record, struct error *why)
{
	struct get_call call = {store, id, record};
	char key[DB_KEY_SIZE];
	size_t len = db_key_make(key, DB_TOKEN, id);
	enum err rc;

	rc = db_get(store->db, key, len, read_record, &call, why);
	if (rc == ERR_OK)
		return rc;
	*record = (struct record){0};
	return store_explain(store, rc, &ADVICE, "token", id, why);
}

static enum err
read_index(const char *key, size_t key_len, const uint8_t *value, size_t len,
    void *arg)
{
	struct get_call *call = arg;

	(void)key;
	(void)key_len;
	return index_decode(
	    call->result, call->name, call->store->keys.record, value, len);
}

enum err
store_get_index(struct store *store, const char *user, struct index *index,
    struct error *why)
{
	struct get_call call = {store, user, index};
	char key[DB_KEY_SIZE];
	size_t len = db_key_make(key, DB_USER, user);
	enum err rc;

	*index = (struct index){0};
	rc = db_get(store->db, key, len, read_index, &call, why);
	if (rc == ERR_NOT_FOUND)
		return ERR_OK;
	return rc == ERR_OK
	    ? rc
	    : store_explain(store, rc, &ADVICE, "index of", user, why);
}

/* Which names to pass on; a store_id_reader has the same type. */
struct each_call {
	enum db_kind kind;
	store_user_reader *reader;
	void *arg;
};

static enum err
read_name(const char *key, size_t key_len, const uint8_t *value, size_t len,
    void *arg)
{
	struct each_call *call = arg;
	char name[RECORD_USER_MAX + 1];

	(void)value;
	(void)len;
	if (db_key_parse(key, key_len, name) != call->kind)
		return ERR_OK;
	return call->reader(name, call->arg);
}

static enum err
each_name(struct store *store, struct each_call *call, struct error *why)
{
	enum err rc = keycheck_verify(
	    store->db, &store->keys, store->path, why);

	return rc == ERR_OK ? db_each(store->db, read_name, call, why) : rc;
}

enum err
store_each_user(struct store *store, store_user_reader *reader, void *arg,
    struct error *why)
{
	struct each_call call = {DB_USER, reader, arg};

	return each_name(store, &call, why);
}

enum err
store_each_id(
    struct store *store, store_id_reader *reader, void *arg, struct error *why)
{
	struct each_call call = {DB_TOKEN, reader, arg};

	return each_name(store, &call, why);
}

/* Without a transaction, a write would not be safe. */
static enum err
not_writing(const struct store *store, struct error *why)
{
	return error_set(
	    why, ERR_INTERNAL, "%s: not open for writing", store->path);
}

void
store_set_watch(struct store *store, const struct store_watch *watch)
{
	store->watch = watch;
}

static enum err
tell_changed(const struct store *store, const char id[TOKEN_ID_LEN + 1],
    struct error *why)
{
	enum err rc = store->watch != NULL
	    ? store->watch->changed(id, store->watch->arg)
	    : ERR_OK;

	return rc == ERR_OK ? rc : error_plain(why, rc);
}

/* Seals a record and stores it. */
static enum err
put_record(struct store *store, const struct record *record, db_putter *put,
    struct error *why)
{
	uint8_t bytes[RECORD_BYTES_MAX];
	char key[DB_KEY_SIZE];
	size_t key_len = db_key_make(key, DB_TOKEN, record->id), len;
	enum err rc = record_encode(record, store->keys.record, bytes, &len);

	if (!store->writing)
		return not_writing(store, why);
	if (rc != ERR_OK)
		return error_set(why, rc, "token %s does not fit", record->id);
	rc = put(store->db, key, key_len, bytes, len, why);
	return rc == ERR_OK ? tell_changed(store, record->id, why) : rc;
}

enum err
store_put(struct store *store, const struct record *record, struct error *why)
{
	return put_record(store, record, db_put, why);
}

enum err
store_put_new(
    struct store *store, const struct record *record, struct error *why)
{
	enum err rc = put_record(store, record, db_put_new, why);

	if (rc == ERR_EXISTS)
		(void)error_set(why, rc, "token %s exists already", record->id);
	return rc;
}

enum err
store_put_index(struct store *store, const char *user,
    const struct index *index, struct error *why)
{
	char key[DB_KEY_SIZE];
	size_t key_len = db_key_make(key, DB_USER, user), len;
	uint8_t *bytes;
	enum err rc;

	if (!store->writing)
		return not_writing(store, why);
	if (index->count == 0)
		return db_delete(store->db, key, key_len, why);
	rc = index_encode(index, user, store->keys.record, &bytes, &len);
	if (rc != ERR_OK)
		return error_plain(why, rc);
	rc = db_put(store->db, key, key_len, bytes, len, why);
	free(bytes);
	return rc;
}

enum err
store_add(struct store *store, const struct record *record, struct error *why)
{
	struct index index = {0};
	enum err rc = store_get_index(store, record->user, &index, why);

	if (rc != ERR_OK)
		return rc;
	rc = store_put_new(store, record, why);
	if (rc == ERR_OK && index_add(&index, record->id) != ERR_OK)
		rc = error_plain(why, ERR_NOMEM);
	if (rc == ERR_OK)
		rc = store_put_index(store, record->user, &index, why);
	index_free(&index);
	return rc;
}

enum err
store_remove(
    struct store *store, const struct record *record, struct error *why)
{
	struct index index = {0};
	char key[DB_KEY_SIZE];
	size_t len = db_key_make(key, DB_LOGO, record->id);
	enum err rc;

	if (!store->writing)
		return not_writing(store, why);
	rc = store_get_index(store, record->user, &index, why);
	if (rc != ERR_OK)
		return rc;
	index_remove(&index, record->id);
	rc = store_put_index(store, record->user, &index, why);
	index_free(&index);
	/* Whatever the caller's copy of the record says of a logo. */
	if (rc == ERR_OK)
		rc = db_delete(store->db, key, len, why);
	len = db_key_make(key, DB_TOKEN, record->id);
	if (rc == ERR_OK)
		rc = db_delete(store->db, key, len, why);
	return rc == ERR_OK ? tell_changed(store, record->id, why) : rc;
}

void
store_digest(const struct store *store, const char *canonical,
    uint8_t digest[CRYPTO_HASH_LEN])
{
	key_digest(&store->keys, canonical, digest);
}

enum err
store_draw_token(const struct store *store, struct record *record,
    char text[TOKEN_LEN + 1], struct error *why)
{
	enum err rc = record->is_short ? token_make_short(text, record->id)
				       : token_make(text, record->id);

	if (rc == ERR_OK && store->watch != NULL)
		rc = store->watch->drawn(record->id, text, store->watch->arg);
	if (rc != ERR_OK)
		return error_plain(why, rc);
	store_digest(store, text, record->digest);
	return ERR_OK;
}

bool
store_matches(
    const struct store *store, const char *text, const struct record *record)
{
	return key_matches(&store->keys, text, record->digest);
}

enum err
store_commit(struct store *store, struct error *why)
{
	if (!store->writing)
		return not_writing(store, why);
	store->writing = false;
	return db_commit(store->db, why);
}
