#include "token/index.h"

#include <stdlib.h>
#include <string.h>

#include "base/little_endian.h"

#define FORMAT 1
#define HEAD 5 /* version and count */
#define STEP 16

enum err
index_add(struct index *index, const char id[TOKEN_ID_LEN + 1])
{
	char(*grown)[TOKEN_ID_LEN + 1] = reallocarray(
	    index->ids, index->count + 1, sizeof(*grown));

	if (grown == NULL)
		return ERR_NOMEM;
	memcpy(grown[index->count], id, TOKEN_ID_LEN + 1);
	index->ids = grown;
	index->count++;
	return ERR_OK;
}

void
index_remove(struct index *index, const char id[TOKEN_ID_LEN + 1])
{
	for (size_t i = 0; i < index->count; i++) {
		if (strcmp(index->ids[i], id) != 0)
			continue;
		index->count--;
		memmove(index->ids + i, index->ids + i + 1,
		    (index->count - i) * sizeof(*index->ids));
		return;
	}
}

void
index_free(struct index *index)
{
	free(index->ids);
	*index = (struct index){0};
}

enum err
index_encode(const struct index *index, const char *user,
    const uint8_t key[CRYPTO_KEY_LEN], uint8_t **bytes, size_t *len)
{
	size_t room = (index->count + STEP - 1) / STEP * STEP;
	size_t size = HEAD + room * TOKEN_ID_LEN;
	uint8_t *out = calloc(1, size + CRYPTO_HASH_LEN);

	if (out == NULL)
		return ERR_NOMEM;
	out[0] = FORMAT;
	(void)little_endian_put(out + 1, index->count, HEAD - 1);
	for (size_t i = 0; i < index->count; i++)
		memcpy(
		    out + HEAD + i * TOKEN_ID_LEN, index->ids[i], TOKEN_ID_LEN);
	crypto_mac(out + size, key, CRYPTO_NAME_USER, user, out, size);
	*bytes = out;
	*len = size + CRYPTO_HASH_LEN;
	return ERR_OK;
}

/* Copies the ids out of an index record whose MAC was right. */
static enum err
decode_ids(struct index *index, const uint8_t *bytes, size_t len)
{
	size_t count = (size_t)little_endian_get(bytes + 1, HEAD - 1);

	if (count > (len - HEAD) / TOKEN_ID_LEN)
		return ERR_DAMAGED;
	if (count == 0)
		return ERR_OK;
	index->ids = calloc(count, sizeof(*index->ids));
	if (index->ids == NULL)
		return ERR_NOMEM;
	index->count = count;
	for (size_t i = 0; i < count; i++) {
		memcpy(index->ids[i], bytes + HEAD + i * TOKEN_ID_LEN,
		    TOKEN_ID_LEN);
		if (!token_id_valid(index->ids[i]))
			return ERR_DAMAGED;
	}
	return ERR_OK;
}

enum err
index_decode(struct index *index, const char *user,
    const uint8_t key[CRYPTO_KEY_LEN], const uint8_t *bytes, size_t len)
{
	uint8_t mac[CRYPTO_HASH_LEN];
	enum err rc;

	*index = (struct index){0};
	if (len < HEAD + CRYPTO_HASH_LEN)
		return ERR_DAMAGED;
	len -= CRYPTO_HASH_LEN;
	crypto_mac(mac, key, CRYPTO_NAME_USER, user, bytes, len);
	if (!crypto_equal(mac, bytes + len))
		return ERR_DAMAGED;
	if (bytes[0] != FORMAT)
		return ERR_NEWER;
	rc = decode_ids(index, bytes, len);
	if (rc != ERR_OK)
		index_free(index);
	return rc;
}
