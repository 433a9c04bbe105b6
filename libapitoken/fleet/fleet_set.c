#include "fleet/fleet_set.h"

#include "base/big_endian.h"

#define SET_PREFIX "apitoken fleet set 1" /* with its NUL */

void
fleet_set_start(struct fleet_set *set, uint64_t count)
{
	uint8_t bytes[sizeof(count)];

	(void)big_endian_put(bytes, count, sizeof(bytes));
	crypto_hashing_start(&set->hashing);
	crypto_hashing_add(&set->hashing, SET_PREFIX, sizeof(SET_PREFIX));
	crypto_hashing_add(&set->hashing, bytes, sizeof(bytes));
}

void
fleet_set_add(struct fleet_set *set, const char id[TOKEN_ID_LEN + 1],
    const uint8_t hash[CRYPTO_HASH_LEN])
{
	crypto_hashing_add(&set->hashing, id, TOKEN_ID_LEN);
	crypto_hashing_add(&set->hashing, hash, CRYPTO_HASH_LEN);
}

void
fleet_set_end(struct fleet_set *set, uint8_t result[CRYPTO_HASH_LEN])
{
	crypto_hashing_end(&set->hashing, result);
}
