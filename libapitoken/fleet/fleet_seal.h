/*
 * Values in fleet.tdb: a version (1 byte), content, and a MAC over both, the
 * value's kind and its name. Pure.
 */
#ifndef APITOKEN_FLEET_SEAL_H
#define APITOKEN_FLEET_SEAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/crypto.h"
#include "base/error.h"
#include "fleet/fleet_head.h"
#include "store/key.h"

/* What a value is, and where: its MAC covers both. */
struct fleet_place {
	enum crypto_name kind;
	const char *name;
};

#define FLEET_SEAL_HEAD 1
#define FLEET_SEAL_EXTRA (FLEET_SEAL_HEAD + CRYPTO_HASH_LEN)

/*
 * Seals a content of len bytes, which stands at bytes + FLEET_SEAL_HEAD.
 * Returns the length of all, len + FLEET_SEAL_EXTRA.
 */
size_t fleet_seal(uint8_t *bytes, size_t len, const struct keys *keys,
    struct fleet_place place);

/*
 * Checks a value, and sets *content and *len to what was sealed. ERR_DAMAGED;
 * ERR_NEWER for a version that is not known.
 */
enum err fleet_unseal(const uint8_t **content, size_t *len,
    const struct keys *keys, struct fleet_place place, const uint8_t *bytes);

/* The head of an issuer that was applied last, as it is kept. */
#define FLEET_SEALED_HEAD_LEN                                                  \
	(FLEET_ID_LEN + CRYPTO_SIGNATURE_KEY_LEN + CRYPTO_HASH_LEN + 5 * 8 +   \
	    FLEET_SEAL_EXTRA)
void fleet_seal_head(uint8_t bytes[FLEET_SEALED_HEAD_LEN],
    const struct keys *keys, const struct fleet_head *head);
enum err fleet_unseal_head(struct fleet_head *head, const struct keys *keys,
    const char *issuer, const uint8_t *bytes, size_t len);

#endif
