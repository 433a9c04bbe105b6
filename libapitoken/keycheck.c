#include "keycheck.h"

#define NAME "apitoken"

static const char DB_KEY[] = {(char)CRYPTO_NAME_CHECK};

static void
make_mac(uint8_t mac[CRYPTO_HASH_LEN], const struct keys *keys)
{
	crypto_mac(mac, keys->record, CRYPTO_NAME_CHECK, NAME, NULL, 0);
}

enum err
keycheck_put(struct db *db, const struct keys *keys, struct error *why)
{
	uint8_t mac[CRYPTO_HASH_LEN];

	make_mac(mac, keys);
	return db_put(db, DB_KEY, sizeof(DB_KEY), mac, sizeof(mac), why);
}

static enum err
compare(const char *key, size_t key_len, const uint8_t *value, size_t len,
    void *arg)
{
	uint8_t mac[CRYPTO_HASH_LEN];

	(void)key;
	(void)key_len;
	if (len != sizeof(mac))
		return ERR_DAMAGED;
	make_mac(mac, arg);
	return crypto_equal(mac, value) ? ERR_OK : ERR_KEY;
}

enum err
keycheck_verify(
    struct db *db, const struct keys *keys, const char *path, struct error *why)
{
	struct keys copy = *keys;
	enum err rc = db_get(db, DB_KEY, sizeof(DB_KEY), compare, &copy, why);

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
