#include "fleet/fleet_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/safe_file.h"
#include "fleet/fleet_seal.h"
#include "store/create.h"
#include "store/keycheck.h"
#include "store/store_impl.h"

/* A type of its own: these values are no tokens of store.h. */
struct fleet_store {
	struct store *store;
};

static const struct store_advice ADVICE = {
    .not_found = "nothing is known of it",
    .damaged = "move the file away: the fleet's tokens come back by "
	       "themselves, what was revoked on this machine alone does not",
};

#define KEY_MAX (1 + PARSE_HOST_MAX)

/* The key of an entry: its kind, and a name of at most PARSE_HOST_MAX. */
static size_t
make_key(char key[KEY_MAX], enum crypto_name kind, const char *name)
{
	size_t len = strlen(name);

	if (len > PARSE_HOST_MAX)
		len = PARSE_HOST_MAX;
	key[0] = (char)kind;
	memcpy(key + 1, name, len);
	return len + 1;
}

enum err
fleet_store_create(
    const struct config *config, int64_t deadline, struct error *why)
{
	char path[STORE_PATH_SIZE], lock_path[STORE_PATH_SIZE];
	struct lock lock;
	struct keys keys;
	enum err rc = crypto_init(why);

	store_path(config, FLEET_DATABASE, path);
	store_path(config, FLEET_LOCK, lock_path);
	if (rc == ERR_OK)
		rc = safe_check_directory(config->directory, why);
	if (rc == ERR_OK)
		rc = key_read(config->key, &keys, why);
	if (rc == ERR_MISSING)
		return error_set(why, rc,
		    "%s: no token database here; make one with: tokenadm init",
		    config->directory);
	if (rc != ERR_OK)
		return rc;
	rc = lock_create(lock_path, why);
	if (rc == ERR_OK)
		rc = lock_acquire(
		    &lock, lock_path, LOCK_EXCLUSIVE, deadline, why);
	if (rc == ERR_OK) {
		rc = safe_check_name(path, SAFE_PRIVATE, why);
		if (rc == ERR_MISSING)
			rc = create_database(path, &keys, why);
		lock_release(&lock);
	}
	crypto_wipe(&keys, sizeof(keys));
	return rc;
}

void
fleet_store_close(struct fleet_store *store)
{
	if (store == NULL)
		return;
	store_close(store->store);
	free(store);
}

enum err
fleet_store_open(struct fleet_store **store, const struct config *config,
    enum store_mode mode, int64_t deadline, struct error *why)
{
	static const struct store_files FILES = {FLEET_DATABASE, FLEET_LOCK};
	struct fleet_store *fresh = calloc(1, sizeof(*fresh));
	enum err rc;

	*store = NULL;
	if (fresh == NULL)
		return error_plain(why, ERR_NOMEM);
	rc = store_open_files(
	    &fresh->store, config, &FILES, mode, deadline, why);
	if (rc == ERR_OK)
		*store = fresh;
	else
		fleet_store_close(fresh);
	return rc;
}

enum err
fleet_store_commit(struct fleet_store *store, struct error *why)
{
	return store_commit(store->store, why);
}

/* Why a value was not found or not opened. */
static enum err
explain(const struct fleet_store *store, enum err rc, const char *what,
    const char *name, struct error *why)
{
	return store_explain(store->store, rc, &ADVICE, what, name, why);
}

enum err
fleet_store_lacks(
    const struct fleet_store *store, const char *issuer, struct error *why)
{
	return explain(
	    store, ERR_DAMAGED, "what is known of issuer", issuer, why);
}

struct get_call {
	const struct keys *keys;
	const char *name;
	void *result;
};

static enum err
read_head(const char *key, size_t key_len, const uint8_t *value, size_t len,
    void *arg)
{
	struct get_call *call = arg;

	(void)key;
	(void)key_len;
	return fleet_unseal_head(
	    call->result, call->keys, call->name, value, len);
}

enum err
fleet_store_get_head(struct fleet_store *store, const char *issuer,
    struct fleet_head *head, struct error *why)
{
	struct get_call call = {&store->store->keys, issuer, head};
	char key[KEY_MAX];
	size_t len = make_key(key, CRYPTO_NAME_FLEET_ISSUER, issuer);
	enum err rc;

	*head = (struct fleet_head){0};
	rc = db_get(store->store->db, key, len, read_head, &call, why);
	return rc == ERR_OK ? rc
			    : explain(store, rc, "the head of", issuer, why);
}

enum err
fleet_store_put_head(
    struct fleet_store *store, const struct fleet_head *head, struct error *why)
{
	uint8_t value[FLEET_SEALED_HEAD_LEN];
	char key[KEY_MAX];
	size_t len = make_key(key, CRYPTO_NAME_FLEET_ISSUER, head->issuer);

	fleet_seal_head(value, &store->store->keys, head);
	return db_put(store->store->db, key, len, value, sizeof(value), why);
}

static enum err
read_entry(const char *key, size_t key_len, const uint8_t *value, size_t len,
    void *arg)
{
	struct get_call *call = arg;

	(void)key;
	(void)key_len;
	return fleet_entry_open(
	    call->result, call->keys, call->name, value, len);
}

enum err
fleet_store_get(struct fleet_store *store, const char id[TOKEN_ID_LEN + 1],
    struct fleet_entry *entry, struct error *why)
{
	struct get_call call = {&store->store->keys, id, entry};
	char key[KEY_MAX];
	size_t len = make_key(key, CRYPTO_NAME_FLEET_RECORD, id);
	enum err rc;

	*entry = (struct fleet_entry){0};
	rc = db_get(store->store->db, key, len, read_entry, &call, why);
	return rc == ERR_OK ? rc
			    : explain(store, rc, "what is known of", id, why);
}

enum err
fleet_store_put(struct fleet_store *store, const char id[TOKEN_ID_LEN + 1],
    const struct fleet_entry *entry, struct error *why)
{
	char key[KEY_MAX];
	size_t key_len = make_key(key, CRYPTO_NAME_FLEET_RECORD, id);
	uint8_t *value = NULL;
	size_t len = 0;
	enum err rc;

	if (fleet_entry_is_empty(entry))
		return db_delete(store->store->db, key, key_len, why);
	rc = fleet_entry_seal(entry, &store->store->keys, id, &value, &len);
	if (rc != ERR_OK)
		return error_plain(why, rc);
	rc = db_put(store->store->db, key, key_len, value, len, why);
	free(value);
	return rc;
}

/* Of fleet_store_check: the keys, and what was looked at last. */
struct checking {
	const struct keys *keys;
	char name[KEY_MAX + 1];
};

struct walk {
	struct fleet_store *store;
	fleet_entry_reader *reader;
	void *arg;
	struct fleet_entry entry;
	char id[TOKEN_ID_LEN + 1];
	enum err failed; /* opening an entry, the last that failed: */
	char failed_id[TOKEN_ID_LEN + 1];
};

static enum err
visit(const char *key, size_t key_len, const uint8_t *value, size_t len,
    void *arg)
{
	struct walk *walk = arg;
	enum err rc;

	if (key_len != 1 + TOKEN_ID_LEN ||
	    key[0] != (char)CRYPTO_NAME_FLEET_RECORD)
		return ERR_OK;
	memcpy(walk->id, key + 1, TOKEN_ID_LEN);
	rc = fleet_entry_open(
	    &walk->entry, &walk->store->store->keys, walk->id, value, len);
	if (rc != ERR_OK) {
		walk->failed = rc;
		strcpy(walk->failed_id, walk->id);
		/* It does not hide the others. */
		return rc == ERR_NOMEM ? rc : ERR_OK;
	}
	rc = walk->reader(walk->id, &walk->entry, walk->arg);
	fleet_entry_free(&walk->entry);
	return rc;
}

enum err
fleet_store_each(struct fleet_store *store, fleet_entry_reader *reader,
    void *arg, struct error *why)
{
	struct walk *walk = calloc(1, sizeof(*walk));
	enum err rc;

	if (walk == NULL)
		return error_plain(why, ERR_NOMEM);
	walk->store = store;
	walk->reader = reader;
	walk->arg = arg;
	rc = db_each(store->store->db, visit, walk, why);
	if (walk->failed != ERR_OK && (rc == ERR_OK || rc == ERR_NOMEM))
		rc = explain(store, walk->failed, "what is known of",
		    walk->failed_id, why);
	free(walk);
	return rc;
}

/* Opens one entry, of whatever kind. */
static enum err
check_one(const char *key, size_t key_len, const uint8_t *value, size_t len,
    void *arg)
{
	struct checking *checking = arg;
	char *name = checking->name;
	struct fleet_entry entry = {0};
	struct fleet_head head;
	enum err rc = ERR_DAMAGED;

	(void)snprintf(name, sizeof(checking->name), "%.*s",
	    key_len > 0 ? (int)key_len - 1 : 0, key + 1);
	if (key_len == 0 || key_len > KEY_MAX)
		return rc;
	switch ((enum crypto_name)key[0]) {
	case CRYPTO_NAME_CHECK:
		rc = ERR_OK; /* looked at when it was opened */
		break;
	case CRYPTO_NAME_FLEET_ISSUER:
		rc = fleet_unseal_head(&head, checking->keys, name, value, len);
		break;
	case CRYPTO_NAME_FLEET_RECORD:
		rc = fleet_entry_open(&entry, checking->keys, name, value, len);
		break;
	default:
		break;
	}
	fleet_entry_free(&entry);
	return rc;
}

static enum err
check_all(struct fleet_store *store, struct error *why)
{
	struct checking checking = {.keys = &store->store->keys};
	enum err rc = keycheck_verify(
	    store->store->db, &store->store->keys, store->store->path, why);

	if (rc != ERR_OK)
		return rc;
	rc = db_each(store->store->db, check_one, &checking, why);
	return rc == ERR_OK
	    ? rc
	    : explain(store, rc, "what is known of", checking.name, why);
}

enum err
fleet_store_check(
    const struct config *config, int64_t deadline, struct error *why)
{
	struct fleet_store *store = NULL;
	enum err rc = fleet_store_open(
	    &store, config, STORE_SCAN, deadline, why);

	if (store != NULL)
		rc = check_all(store, why);
	fleet_store_close(store);
	return rc == ERR_MISSING ? ERR_OK : rc;
}

void
fleet_store_digest(const struct fleet_store *store,
    const uint8_t hash[CRYPTO_HASH_LEN], uint8_t digest[CRYPTO_HASH_LEN])
{
	key_digest_of_hash(&store->store->keys, hash, digest);
}

bool
fleet_store_matches(const struct fleet_store *store, const char *text,
    const uint8_t digest[CRYPTO_HASH_LEN])
{
	return key_matches(&store->store->keys, text, digest);
}
