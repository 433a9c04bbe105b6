#include "store/store_values.h"

#include <string.h>

#include "store/store_impl.h"

#define KEY_MAX (1 + STORE_VALUE_NAME)

static size_t
make_key(char key[KEY_MAX], enum crypto_name kind, const char *name)
{
	size_t len = strnlen(name, STORE_VALUE_NAME);

	key[0] = (char)kind;
	memcpy(key + 1, name, len);
	return len + 1;
}

struct call {
	enum crypto_name kind;
	store_value_reader *reader;
	void *arg;
};

/* Values of other kinds are passed over. */
static enum err
read_value(const char *key, size_t key_len, const uint8_t *value, size_t len,
    void *arg)
{
	struct call *call = arg;
	char name[STORE_VALUE_NAME + 1];

	if (key_len < 1 || key_len > KEY_MAX || key[0] != (char)call->kind)
		return ERR_OK;
	memcpy(name, key + 1, key_len - 1);
	name[key_len - 1] = '\0';
	return call->reader(name, value, len, call->arg);
}

enum err
store_value_get(struct store *store, enum crypto_name kind, const char *name,
    store_value_reader *reader, void *arg, struct error *why)
{
	struct call call = {kind, reader, arg};
	char key[KEY_MAX];

	return db_get(
	    store->db, key, make_key(key, kind, name), read_value, &call, why);
}

enum err
store_value_each(struct store *store, enum crypto_name kind,
    store_value_reader *reader, void *arg, struct error *why)
{
	struct call call = {kind, reader, arg};

	return db_each(store->db, read_value, &call, why);
}

enum err
store_value_put(struct store *store, enum crypto_name kind, const char *name,
    const uint8_t *value, size_t len, struct error *why)
{
	char key[KEY_MAX];

	if (!store->writing)
		return error_plain(why, ERR_INTERNAL);
	return db_put(
	    store->db, key, make_key(key, kind, name), value, len, why);
}

enum err
store_value_remove(struct store *store, enum crypto_name kind, const char *name,
    struct error *why)
{
	char key[KEY_MAX];

	if (!store->writing)
		return error_plain(why, ERR_INTERNAL);
	return db_delete(store->db, key, make_key(key, kind, name), why);
}

const struct keys *
store_keys(const struct store *store)
{
	return &store->keys;
}
