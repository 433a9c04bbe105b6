/*
 * The logo of a token: a small image, in memory and as the bytes of one value
 * of the database. Pure.
 *
 * The bytes are a version and a stream of one part (crypto.h), the image, bound
 * to the version and the token's id. It is encrypted, not because it is secret,
 * but because its bytes are somebody's choice: in a damaged file nothing that
 * looks like libtdb's own structures may be found in it.
 *
 * The token's record says which image it is (see logo_note), so that nobody
 * reads logos to list tokens, and none passes that belongs to another time.
 */
#ifndef APITOKEN_LOGO_H
#define APITOKEN_LOGO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto.h"
#include "base/error.h"
#include "base/picture.h"
#include "token/record.h"
#include "token/token.h"

#define LOGO_BYTES_MAX 65536
#define LOGO_SIDE_MAX 1024 /* pixels, of either side */
#define LOGO_VALUE_EXTRA (1 + CRYPTO_STREAM_HEAD + CRYPTO_STREAM_EXTRA)
#define LOGO_VALUE_MAX (LOGO_VALUE_EXTRA + LOGO_BYTES_MAX)

struct logo {
	enum picture_type type;
	size_t len;
	uint8_t bytes[LOGO_BYTES_MAX];
};

/* Empties it. */
void logo_clear(struct logo *logo);

/*
 * Sets it from len bytes, if they are an image that a logo can be; otherwise it
 * is empty, and why says what to do. bytes may be its own; file names them in
 * errors. ERR_INVALID.
 */
enum err logo_set(struct logo *logo, const uint8_t *bytes, size_t len,
    const char *file, struct error *why);

/* Notes in the record that this is its logo; NULL: that it has none. */
void logo_note(struct record *record, const struct logo *logo);

/* Whether it is the logo that the record names. */
bool logo_is_of(const struct logo *logo, const struct record *record);

/* The mark of an image, which the record keeps: never 0. */
uint64_t logo_mark(const struct logo *logo);

/*
 * Encodes it for the token with this id, sealed under the key for records, and
 * sets *len. ERR_RANDOM.
 */
CRYPTO_CHECKED enum err logo_encode(const struct logo *logo,
    const char id[TOKEN_ID_LEN + 1], const uint8_t key[CRYPTO_KEY_LEN],
    uint8_t value[LOGO_VALUE_MAX], size_t *len);

/* Decodes what was stored for id. ERR_DAMAGED, ERR_NEWER: it is empty then. */
enum err logo_decode(struct logo *logo, const char id[TOKEN_ID_LEN + 1],
    const uint8_t key[CRYPTO_KEY_LEN], const uint8_t *value, size_t len);

#endif
