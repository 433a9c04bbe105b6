/*
 * The text of a token:
 *
 *	atk_  10 characters of id  _  43 of secret  6 of checksum
 *
 * 64 characters of [A-Za-z0-9_]. The id is public. Secret and checksum are
 * base62. The checksum is the CRC-32 of the 58 characters before it, so that a
 * typo or a cut is seen without a database.
 */
#ifndef APITOKEN_TOKEN_H
#define APITOKEN_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/crypto.h"
#include "base/error.h"

#define TOKEN_PREFIX "atk_"
#define TOKEN_LEN 64
#define TOKEN_ID_LEN 10
#define TOKEN_SECRET_START 15 /* what comes before it is public */

/*
 * Draws a new token. text and id get their NUL; the caller wipes text.
 * ERR_RANDOM.
 */
CRYPTO_CHECKED enum err token_make(
    char text[TOKEN_LEN + 1], char id[TOKEN_ID_LEN + 1]);

/*
 * Whether a password has the shape of a token: `atk_`, ten id characters and
 * `_`, whatever follows. Such a text is never tried as a password.
 */
bool token_has_shape(const char *password);

/* Where the first thing of that shape begins in a text; NULL: nowhere. */
const char *token_find(const char *text);

/*
 * Whether text is a token: shape, length, alphabet and checksum. If its shape
 * is right, id is set, even if the rest is damaged; otherwise id becomes "".
 */
bool token_parse(const char *text, char id[TOKEN_ID_LEN + 1]);

/* How many leading characters of text can be part of a token. */
size_t token_span(const char *text);

/* Whether text is ten characters of the id alphabet, and no more. */
bool token_id_valid(const char *text);

#endif
