/* The key file: 32 random bytes, from which a key for each use is derived. */
#ifndef APITOKEN_KEY_H
#define APITOKEN_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/crypto.h"
#include "base/error.h"

struct keys {
	uint8_t digest[CRYPTO_KEY_LEN];
	uint8_t record[CRYPTO_KEY_LEN];
	uint8_t handoff[CRYPTO_KEY_LEN];
	uint8_t backup[CRYPTO_KEY_LEN];
};

/*
 * Reads the key file and derives the keys, which the caller wipes. ERR_MISSING,
 * ERR_UNSAFE, ERR_SYSTEM, ERR_DAMAGED (wrong size).
 */
enum err key_read(const char *path, struct keys *keys, struct error *why);

/*
 * The digest of a token's canonical text, or of the BLAKE2b-256 of that text,
 * under these keys.
 */
void key_digest(const struct keys *keys, const char *canonical,
    uint8_t digest[CRYPTO_HASH_LEN]);
void key_digest_of_hash(const struct keys *keys,
    const uint8_t hash[CRYPTO_HASH_LEN], uint8_t digest[CRYPTO_HASH_LEN]);

/*
 * Whether text, as it was typed, is the token with this digest. Digests are
 * compared in constant time.
 */
bool key_matches(const struct keys *keys, const char *text,
    const uint8_t digest[CRYPTO_HASH_LEN]);

/*
 * Writes a new key file atomically, and never over an old one. ERR_EXISTS,
 * ERR_SYSTEM.
 */
enum err key_create(const char *path, struct error *why);

#endif
