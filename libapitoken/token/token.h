/*
 * The text of a token. What follows atk_ is its public id:
 *
 *	atk_  10 characters of id  _  43 of secret  6 of checksum
 *	atk_  10 characters of id  _  16 of secret  1 check character
 *
 * A long one has 64 characters of [A-Za-z0-9_]: its secret has 256 random bits
 * in base62, and its checksum is the CRC-32 of the 58 characters before it, so
 * that a typo or a cut is seen without a database. A short one has 32, for
 * devices that take no more and on whose panels it is typed: id, secret (80
 * random bits) and check character are of Crockford's base32, see crockford.h.
 *
 * What is of base32, and atk, may be typed in capitals, with O for 0, and I or
 * L for 1: all of a short token, and a long one up to its secret. The canonical
 * text is in small letters; checks and digests are over that. (One in fifty
 * long ones, cut at 32 characters, passes for a short one; not its digest.)
 */
#ifndef APITOKEN_TOKEN_H
#define APITOKEN_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/crypto.h"
#include "base/error.h"

#define TOKEN_PREFIX "atk_"
#define TOKEN_LEN 64       /* of a long one; room for either */
#define TOKEN_SHORT_LEN 32 /* of a short one */
#define TOKEN_ID_LEN 10
#define TOKEN_SECRET_START 15 /* what comes before it is public */

/*
 * Draws a new token, long or short, as its canonical text. text and id get
 * their NUL; the caller wipes text. ERR_RANDOM.
 */
CRYPTO_CHECKED enum err token_make(
    char text[TOKEN_LEN + 1], char id[TOKEN_ID_LEN + 1]);
CRYPTO_CHECKED enum err token_make_short(
    char text[TOKEN_LEN + 1], char id[TOKEN_ID_LEN + 1]);

/*
 * Whether a password has the shape of a token: `atk_`, ten id characters and
 * `_`, as they may be typed, whatever follows. Such a text is never tried as a
 * password.
 */
bool token_has_shape(const char *password);

/* Where the first thing of that shape begins in a text; NULL: nowhere. */
const char *token_find(const char *text);

/*
 * Whether text is a token: shape, length, alphabet and checksum. If its shape
 * is right, the canonical id is set, even if the rest is damaged; otherwise id
 * becomes "".
 */
bool token_parse(const char *text, char id[TOKEN_ID_LEN + 1]);

/*
 * Whether text is a token; sets its canonical text, which is as secret, and
 * which the caller wipes.
 */
bool token_canonical(const char *text, char canonical[TOKEN_LEN + 1]);

/* How many leading characters of text can be part of a token. */
size_t token_span(const char *text);

/* Whether text is ten characters of the id alphabet, and no more. */
bool token_id_valid(const char *text);

#endif
