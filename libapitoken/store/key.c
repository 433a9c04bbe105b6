#include "store/key.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/safe_file.h"
#include "base/write_file.h"
#include "token/token.h"

enum err
key_read(const char *path, struct keys *keys, struct error *why)
{
	uint8_t master[CRYPTO_KEY_LEN];
	size_t len = 0;
	int fd = -1;
	enum err rc;

	rc = safe_open(path, O_RDONLY, SAFE_PRIVATE, &fd, why);
	if (rc != ERR_OK)
		goto out;
	rc = safe_read(fd, path, master, sizeof(master), &len, why);
	if (rc != ERR_OK)
		goto out;
	if (len != sizeof(master)) {
		rc = error_set(why, ERR_DAMAGED,
		    "%s: not a key of %d bytes; restore it from your copy",
		    path, CRYPTO_KEY_LEN);
		goto out;
	}
	crypto_subkey(keys->digest, CRYPTO_USE_DIGEST, master);
	crypto_subkey(keys->record, CRYPTO_USE_RECORD, master);
	crypto_subkey(keys->handoff, CRYPTO_USE_HANDOFF, master);
	crypto_subkey(keys->backup, CRYPTO_USE_BACKUP, master);
	rc = ERR_OK;
out:
	crypto_wipe(master, sizeof(master));
	if (fd >= 0)
		(void)close(fd);
	return rc;
}

enum err
key_create(const char *path, struct error *why)
{
	uint8_t master[CRYPTO_KEY_LEN];
	enum err rc = crypto_random(master, sizeof(master));

	if (rc != ERR_OK)
		return error_plain(why, rc);
	rc = write_file_new(
	    path, master, sizeof(master), S_IRUSR | S_IWUSR, why);
	crypto_wipe(master, sizeof(master));
	return rc;
}

void
key_digest_of_hash(const struct keys *keys, const uint8_t hash[CRYPTO_HASH_LEN],
    uint8_t digest[CRYPTO_HASH_LEN])
{
	crypto_digest(digest, keys->digest, hash, CRYPTO_HASH_LEN);
}

void
key_digest(const struct keys *keys, const char *canonical,
    uint8_t digest[CRYPTO_HASH_LEN])
{
	uint8_t hash[CRYPTO_HASH_LEN];

	crypto_plain_hash(hash, canonical, strlen(canonical));
	key_digest_of_hash(keys, hash, digest);
	crypto_wipe(hash, sizeof(hash));
}

bool
key_matches(const struct keys *keys, const char *text,
    const uint8_t digest[CRYPTO_HASH_LEN])
{
	char canonical[TOKEN_LEN + 1];
	uint8_t made[CRYPTO_HASH_LEN];
	bool same;

	if (!token_canonical(text, canonical))
		return false;
	key_digest(keys, canonical, made);
	same = crypto_equal(made, digest);
	crypto_wipe(made, sizeof(made));
	crypto_wipe(canonical, sizeof(canonical));
	return same;
}
