/*
 * The key with which this machine issues tokens to a fleet, and the name of
 * issuer that belongs to it: a file of root's,
 *
 *	apitoken-fleet-key 1
 *	issuer=NAME
 *	secret=64 hexadecimal digits
 */
#ifndef APITOKEN_FLEET_KEY_H
#define APITOKEN_FLEET_KEY_H

#include <stdint.h>

#include "base/crypto.h"
#include "base/error.h"
#include "base/parse.h"

struct fleet_key {
	char issuer[PARSE_HOST_MAX + 1];
	uint8_t secret[CRYPTO_SIGNATURE_SECRET_LEN];
	uint8_t key[CRYPTO_SIGNATURE_KEY_LEN]; /* the public one */
};

/*
 * Reads it; the caller wipes it. ERR_MISSING: this machine issues nothing.
 * ERR_UNSAFE, ERR_DENIED, ERR_DAMAGED, ERR_NOMEM, ERR_SYSTEM.
 */
enum err fleet_key_read(
    struct fleet_key *key, const char *path, struct error *why);

/*
 * Makes one for an issuer and reads it, and never over an old one. ERR_EXISTS,
 * ERR_RANDOM, ERR_SYSTEM.
 */
enum err fleet_key_create(struct fleet_key *key, const char *path,
    const char *issuer, struct error *why);

#endif
