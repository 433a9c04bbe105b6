#include "token/token.h"

#include <stdint.h>
#include <string.h>

#include "base/crypto.h"
#include "token/crockford.h"

#define PREFIX_LEN (sizeof(TOKEN_PREFIX) - 1)
#define CHECKSUM_LEN 6
#define CHECKSUM_START ((size_t)TOKEN_LEN - CHECKSUM_LEN)
#define SHORT_CHECK ((size_t)TOKEN_SHORT_LEN - 1) /* the last character */

#define BASE62 "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
static const char SECRET_ALPHABET[] = BASE62;

/* CRC-32 as in ISO 3309 and zlib. */
static uint32_t
crc32(const char *data, size_t len)
{
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < len; i++) {
		crc ^= (uint8_t)data[i];
		for (int bit = 0; bit < 8; bit++)
			crc = (crc >> 1) ^ ((crc & 1) ? 0xedb88320U : 0);
	}
	return ~crc;
}

/* The checksum of the characters before it, most significant digit first. */
static void
checksum(char digits[CHECKSUM_LEN], const char *text)
{
	uint32_t rest = crc32(text, CHECKSUM_START);

	for (size_t i = CHECKSUM_LEN; i-- > 0; rest /= 62)
		digits[i] = SECRET_ALPHABET[rest % 62];
}

/* The check character of a short one: over id and secret. */
static char
short_check(const char *text)
{
	unsigned sum = crockford_add(
	    CROCKFORD_SUM, text + PREFIX_LEN, TOKEN_ID_LEN);

	sum = crockford_add(
	    sum, text + TOKEN_SECRET_START, SHORT_CHECK - TOKEN_SECRET_START);
	return crockford_check(sum);
}

static void
put_id(char *text, const char id[TOKEN_ID_LEN + 1])
{
	memcpy(text, TOKEN_PREFIX, PREFIX_LEN);
	memcpy(text + PREFIX_LEN, id, TOKEN_ID_LEN);
	text[TOKEN_SECRET_START - 1] = '_';
}

/* Draws an id, and len characters of secret behind it. */
static enum err
draw(char *text, char id[TOKEN_ID_LEN + 1], size_t len, const char *alphabet)
{
	enum err rc = crypto_draw(id, TOKEN_ID_LEN, CROCKFORD_ALPHABET);

	if (rc == ERR_OK)
		rc = crypto_draw(text + TOKEN_SECRET_START, len, alphabet);
	if (rc != ERR_OK)
		return rc;
	id[TOKEN_ID_LEN] = '\0';
	put_id(text, id);
	return ERR_OK;
}

enum err
token_make(char text[TOKEN_LEN + 1], char id[TOKEN_ID_LEN + 1])
{
	enum err rc = draw(
	    text, id, CHECKSUM_START - TOKEN_SECRET_START, SECRET_ALPHABET);

	if (rc != ERR_OK)
		return rc;
	checksum(text + CHECKSUM_START, text);
	text[TOKEN_LEN] = '\0';
	return ERR_OK;
}

enum err
token_make_short(char text[TOKEN_LEN + 1], char id[TOKEN_ID_LEN + 1])
{
	enum err rc = draw(
	    text, id, SHORT_CHECK - TOKEN_SECRET_START, CROCKFORD_ALPHABET);

	if (rc != ERR_OK)
		return rc;
	text[SHORT_CHECK] = short_check(text);
	text[TOKEN_SHORT_LEN] = '\0';
	return ERR_OK;
}

/* Reads len letters as they were meant; false at one that is none. */
static bool
read_letters(char *letters, const char *typed, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		letters[i] = crockford_letter(typed[i]);
		if (letters[i] == '\0')
			return false;
	}
	return true;
}

/* Reads what is public of a token; false if text does not have the shape. */
static bool
read_id(const char *text, char id[TOKEN_ID_LEN + 1])
{
	/* All of the prefix but its end is of Crockford's alphabet. */
	for (size_t i = 0; i + 1 < PREFIX_LEN; i++) {
		if (crockford_letter(text[i]) != TOKEN_PREFIX[i])
			return false;
	}
	if (text[PREFIX_LEN - 1] != TOKEN_PREFIX[PREFIX_LEN - 1] ||
	    !read_letters(id, text + PREFIX_LEN, TOKEN_ID_LEN))
		return false;
	id[TOKEN_ID_LEN] = '\0';
	return text[TOKEN_SECRET_START - 1] == '_';
}

bool
token_has_shape(const char *password)
{
	char id[TOKEN_ID_LEN + 1];

	return read_id(password, id);
}

const char *
token_find(const char *text)
{
	while (*text != '\0' && !token_has_shape(text))
		text++;
	return *text == '\0' ? NULL : text;
}

/* Secret and checksum, behind the canonical id. */
static bool
read_long(char *canonical, const char *secret)
{
	char digits[CHECKSUM_LEN];

	if (secret[strspn(secret, SECRET_ALPHABET)] != '\0')
		return false;
	memcpy(canonical + TOKEN_SECRET_START, secret,
	    TOKEN_LEN - TOKEN_SECRET_START);
	canonical[TOKEN_LEN] = '\0';
	checksum(digits, canonical);
	return memcmp(digits, canonical + CHECKSUM_START, CHECKSUM_LEN) == 0;
}

static bool
read_short(char *canonical, const char *secret)
{
	if (!read_letters(canonical + TOKEN_SECRET_START, secret,
		TOKEN_SHORT_LEN - TOKEN_SECRET_START))
		return false;
	canonical[TOKEN_SHORT_LEN] = '\0';
	return canonical[SHORT_CHECK] == short_check(canonical);
}

bool
token_canonical(const char *text, char canonical[TOKEN_LEN + 1])
{
	size_t len = strlen(text);
	char id[TOKEN_ID_LEN + 1];
	bool is_token = false;

	if (read_id(text, id)) {
		put_id(canonical, id);
		if (len == TOKEN_LEN)
			is_token = read_long(
			    canonical, text + TOKEN_SECRET_START);
		else if (len == TOKEN_SHORT_LEN)
			is_token = read_short(
			    canonical, text + TOKEN_SECRET_START);
	}
	if (!is_token)
		crypto_wipe(canonical, TOKEN_LEN + 1);
	return is_token;
}

bool
token_parse(const char *text, char id[TOKEN_ID_LEN + 1])
{
	char canonical[TOKEN_LEN + 1];
	bool is_token = token_canonical(text, canonical);

	crypto_wipe(canonical, sizeof(canonical));
	if (!read_id(text, id))
		id[0] = '\0';
	return is_token;
}

size_t
token_span(const char *text)
{
	return strspn(text, "_" BASE62);
}

bool
token_id_valid(const char *text)
{
	return strspn(text, CROCKFORD_ALPHABET) == TOKEN_ID_LEN &&
	    text[TOKEN_ID_LEN] == '\0';
}
