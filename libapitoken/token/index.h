/*
 * The ids of one user's tokens, in memory and as the bytes of one record.
 *
 * The bytes are a version, a count (4 bytes, little-endian), the ids, zeroes up
 * to the next multiple of 16 ids, and a MAC over all of it and the user's name.
 * The padding lets the record grow in place: libtdb's free list is quadratic
 * otherwise.
 */
#ifndef APITOKEN_INDEX_H
#define APITOKEN_INDEX_H

#include <stddef.h>
#include <stdint.h>

#include "base/crypto.h"
#include "base/error.h"
#include "token/token.h"

struct index {
	char (*ids)[TOKEN_ID_LEN + 1]; /* count of them, in order of issue */
	size_t count;
};

/* Adds an id at the end. ERR_NOMEM. */
enum err index_add(struct index *index, const char id[TOKEN_ID_LEN + 1]);

/* Takes an id out, if it is there. */
void index_remove(struct index *index, const char id[TOKEN_ID_LEN + 1]);

/* Frees the ids; the index is empty then. */
void index_free(struct index *index);

/*
 * Encodes the index of a user, sealed with key. The caller frees *bytes.
 * ERR_NOMEM.
 */
enum err index_encode(const struct index *index, const char *user,
    const uint8_t key[CRYPTO_KEY_LEN], uint8_t **bytes, size_t *len);

/*
 * Decodes the index stored for user. ERR_DAMAGED, ERR_NEWER, ERR_NOMEM; the
 * index is empty then.
 */
enum err index_decode(struct index *index, const char *user,
    const uint8_t key[CRYPTO_KEY_LEN], const uint8_t *bytes, size_t len);

#endif
