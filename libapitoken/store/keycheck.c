#include "store/keycheck.h"

#include "store/db_key.h"

#define NAME "apitoken"

static void
make_mac(uint8_t mac[CRYPTO_HASH_LEN], const struct keys *keys)
{
	crypto_mac(mac, keys->record, CRYPTO_NAME_CHECK, NAME, NULL, 0);
}

bool
keycheck_fits(const struct keys *keys, const uint8_t *value, size_t len)
{
	uint8_t mac[CRYPTO_HASH_LEN];

	if (len != sizeof(mac))
		return false;
	make_mac(mac, keys);
	return crypto_equal(mac, value);
}

enum err
keycheck_put(struct db *db, const struct keys *keys, struct error *why)
{
	uint8_t mac[CRYPTO_HASH_LEN];
	char key[DB_KEY_SIZE];
	size_t key_len = db_key_make(key, DB_CHECK, "");

	make_mac(mac, keys);
	return db_put(db, key, key_len, mac, sizeof(mac), why);
}

static enum err
compare(const char *key, size_t key_len, const uint8_t *value, size_t len,
    void *arg)
{
	(void)key;
	(void)key_len;
	if (len != CRYPTO_HASH_LEN)
		return ERR_DAMAGED;
	return keycheck_fits(arg, value, len) ? ERR_OK : ERR_KEY;
}

enum err
keycheck_verify(
    struct db *db, const struct keys *keys, const char *path, struct error *why)
{
	struct keys copy = *keys;
	char key[DB_KEY_SIZE];
	size_t key_len = db_key_make(key, DB_CHECK, "");
	enum err rc = db_get(db, key, key_len, compare, &copy, why);

	crypto_wipe(&copy, sizeof(copy));
	if (rc == ERR_KEY)
		return error_set(why, rc,
		    "%s: sealed with another key than the one configured; "
		    "restore the key that belongs to it",
		    path);
	if (rc == ERR_NOT_FOUND || rc == ERR_DAMAGED)
		return error_set(why, ERR_DAMAGED,
		    "%s: damaged; restore it from a backup", path);
	return rc;
}
