/*
 * The hash of all records of an issuer, which the head signs: over their count,
 * and in order of their ids each id and the hash of its record. Pure.
 */
#ifndef APITOKEN_FLEET_SET_H
#define APITOKEN_FLEET_SET_H

#include "base/crypto.h"
#include "token/token.h"

struct fleet_set {
	struct crypto_hashing hashing;
};

void fleet_set_start(struct fleet_set *set, uint64_t count);
void fleet_set_add(struct fleet_set *set, const char id[TOKEN_ID_LEN + 1],
    const uint8_t hash[CRYPTO_HASH_LEN]);
void fleet_set_end(struct fleet_set *set, uint8_t result[CRYPTO_HASH_LEN]);

#endif
