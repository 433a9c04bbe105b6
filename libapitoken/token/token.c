#include "token/token.h"

#include <stdint.h>
#include <string.h>

#include "base/crypto.h"

#define PREFIX_LEN (sizeof(TOKEN_PREFIX) - 1)
#define CHECKSUM_LEN 6
#define CHECKSUM_START ((size_t)TOKEN_LEN - CHECKSUM_LEN)

/* Crockford's base32 in lower case: no i, l, o, u. */
static const char ID_ALPHABET[] = "0123456789abcdefghjkmnpqrstvwxyz";
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

enum err
token_make(char text[TOKEN_LEN + 1], char id[TOKEN_ID_LEN + 1])
{
	enum err rc = crypto_draw(id, TOKEN_ID_LEN, ID_ALPHABET);

	if (rc == ERR_OK)
		rc = crypto_draw(text + TOKEN_SECRET_START,
		    CHECKSUM_START - TOKEN_SECRET_START, SECRET_ALPHABET);
	if (rc != ERR_OK)
		return rc;
	id[TOKEN_ID_LEN] = '\0';
	memcpy(text, TOKEN_PREFIX, PREFIX_LEN);
	memcpy(text + PREFIX_LEN, id, TOKEN_ID_LEN);
	text[TOKEN_SECRET_START - 1] = '_';
	checksum(text + CHECKSUM_START, text);
	text[TOKEN_LEN] = '\0';
	return ERR_OK;
}

/* How many leading characters of text are of the id alphabet. */
static size_t
id_span(const char *text)
{
	return strspn(text, ID_ALPHABET);
}

bool
token_has_shape(const char *password)
{
	if (strncmp(password, TOKEN_PREFIX, PREFIX_LEN) != 0)
		return false;
	return id_span(password + PREFIX_LEN) == TOKEN_ID_LEN &&
	    password[TOKEN_SECRET_START - 1] == '_';
}

const char *
token_find(const char *text)
{
	do
		text = strstr(text, TOKEN_PREFIX);
	while (text != NULL && !token_has_shape(text++));
	return text == NULL ? NULL : text - 1;
}

bool
token_parse(const char *text, char id[TOKEN_ID_LEN + 1])
{
	char digits[CHECKSUM_LEN];

	id[0] = '\0';
	if (!token_has_shape(text))
		return false;
	memcpy(id, text + PREFIX_LEN, TOKEN_ID_LEN);
	id[TOKEN_ID_LEN] = '\0';
	if (strlen(text) != TOKEN_LEN ||
	    text[TOKEN_SECRET_START +
		strspn(text + TOKEN_SECRET_START, SECRET_ALPHABET)] != '\0')
		return false;
	checksum(digits, text);
	return memcmp(digits, text + CHECKSUM_START, CHECKSUM_LEN) == 0;
}

size_t
token_span(const char *text)
{
	return strspn(text, "_" BASE62);
}

bool
token_id_valid(const char *text)
{
	return id_span(text) == TOKEN_ID_LEN && text[TOKEN_ID_LEN] == '\0';
}
