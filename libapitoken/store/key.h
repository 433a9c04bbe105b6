/*
 * The key file: 32 random bytes, from which each use gets a key of its own.
 */
#ifndef APITOKEN_KEY_H
#define APITOKEN_KEY_H

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
 * Reads the key file and derives the keys, which the caller wipes.
 * ERR_MISSING, ERR_UNSAFE, ERR_SYSTEM, ERR_DAMAGED (another size).
 */
enum err key_read(const char *path, struct keys *keys, struct error *why);

/*
 * Writes a new key file, at once and whole; never over an old one.
 * ERR_EXISTS, ERR_SYSTEM.
 */
enum err key_create(const char *path, struct error *why);

#endif
