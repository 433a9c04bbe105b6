#include "fleet/fleet_seal.h"

#include <string.h>

#include "base/big_endian.h"

#define FORMAT 1

size_t
fleet_seal(uint8_t *bytes, size_t len, const struct keys *keys,
    struct fleet_place place)
{
	bytes[0] = FORMAT;
	crypto_mac(bytes + FLEET_SEAL_HEAD + len, keys->record, place.kind,
	    place.name, bytes, FLEET_SEAL_HEAD + len);
	return len + FLEET_SEAL_EXTRA;
}

enum err
fleet_unseal(const uint8_t **content, size_t *len, const struct keys *keys,
    struct fleet_place place, const uint8_t *bytes)
{
	uint8_t mac[CRYPTO_HASH_LEN];

	if (*len < FLEET_SEAL_EXTRA)
		return ERR_DAMAGED;
	*len -= FLEET_SEAL_EXTRA;
	crypto_mac(mac, keys->record, place.kind, place.name, bytes,
	    FLEET_SEAL_HEAD + *len);
	if (!crypto_equal(mac, bytes + FLEET_SEAL_HEAD + *len))
		return ERR_DAMAGED;
	*content = bytes + FLEET_SEAL_HEAD;
	return bytes[0] == FORMAT ? ERR_OK : ERR_NEWER;
}

void
fleet_seal_head(uint8_t bytes[FLEET_SEALED_HEAD_LEN], const struct keys *keys,
    const struct fleet_head *head)
{
	uint8_t *out = bytes + FLEET_SEAL_HEAD;

	memcpy(out, head->fleet, FLEET_ID_LEN);
	out += FLEET_ID_LEN;
	memcpy(out, head->key, CRYPTO_SIGNATURE_KEY_LEN);
	out += CRYPTO_SIGNATURE_KEY_LEN;
	memcpy(out, head->set, CRYPTO_HASH_LEN);
	out = big_endian_put(out + CRYPTO_HASH_LEN, head->epoch, 8);
	out = big_endian_put(out, head->seq, 8);
	out = big_endian_put(out, head->count, 8);
	out = big_endian_put(out, (uint64_t)head->time, 8);
	(void)big_endian_put(out, (uint64_t)head->valid_until, 8);
	(void)fleet_seal(bytes, FLEET_SEALED_HEAD_LEN - FLEET_SEAL_EXTRA, keys,
	    (struct fleet_place){CRYPTO_NAME_FLEET_ISSUER, head->issuer});
}

enum err
fleet_unseal_head(struct fleet_head *head, const struct keys *keys,
    const char *issuer, const uint8_t *bytes, size_t len)
{
	const uint8_t *from = NULL;
	enum err rc;

	*head = (struct fleet_head){0};
	rc = fleet_unseal(&from, &len, keys,
	    (struct fleet_place){CRYPTO_NAME_FLEET_ISSUER, issuer}, bytes);
	if (rc == ERR_OK && len != FLEET_SEALED_HEAD_LEN - FLEET_SEAL_EXTRA)
		rc = ERR_DAMAGED;
	if (rc != ERR_OK)
		return rc;
	strcpy(head->issuer, issuer);
	memcpy(head->fleet, from, FLEET_ID_LEN);
	from += FLEET_ID_LEN;
	memcpy(head->key, from, CRYPTO_SIGNATURE_KEY_LEN);
	from += CRYPTO_SIGNATURE_KEY_LEN;
	memcpy(head->set, from, CRYPTO_HASH_LEN);
	from += CRYPTO_HASH_LEN;
	head->epoch = big_endian_get(from, 8);
	head->seq = big_endian_get(from + 8, 8);
	head->count = big_endian_get(from + 16, 8);
	head->time = (int64_t)big_endian_get(from + 24, 8);
	head->valid_until = (int64_t)big_endian_get(from + 32, 8);
	return ERR_OK;
}
