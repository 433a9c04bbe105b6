/*
 * The text of a token. What looks like a token, and what is one, is judged here
 * by a second implementation of the format in token.h.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "token/token.h"

#define SHAPE_LEN (4 + TOKEN_ID_LEN + 1)
#define CHECKED_LEN 58

static bool
is_one_of(char byte, const char *set)
{
	return byte != '\0' && strchr(set, byte) != NULL;
}

static bool
has_shape(const char *text)
{
	if (strncmp(text, "atk_", 4) != 0)
		return false;
	for (size_t i = 4; i < SHAPE_LEN - 1; i++) {
		if (!is_one_of(text[i], "0123456789abcdefghjkmnpqrstvwxyz"))
			return false;
	}
	return text[SHAPE_LEN - 1] == '_';
}

static bool
is_base62(const char *text)
{
	for (; *text != '\0'; text++) {
		if (!((*text >= '0' && *text <= '9') ||
			(*text >= 'A' && *text <= 'Z') ||
			(*text >= 'a' && *text <= 'z')))
			return false;
	}
	return true;
}

/* One bit at a time, from the polynomial as ISO 3309 writes it. */
static uint32_t
crc_of(const char *text, size_t len)
{
	uint32_t crc = 0xffffffffU, result = 0;

	for (size_t i = 0; i < 8 * len; i++) {
		uint32_t bit = (uint32_t)(uint8_t)text[i / 8] >> i % 8 & 1;
		uint32_t top = crc >> 31 ^ bit;

		crc = crc << 1 ^ (top ? 0x04c11db7U : 0);
	}
	for (unsigned i = 0; i < 32; i++)
		result |= (crc >> i & 1) << (31 - i);
	return ~result;
}

static unsigned
digit_of(char digit)
{
	if (digit <= '9')
		return (unsigned)(digit - '0');
	if (digit <= 'Z')
		return (unsigned)(digit - 'A') + 10;
	return (unsigned)(digit - 'a') + 36;
}

static bool
is_token(const char *text)
{
	uint64_t sum = 0;

	if (!has_shape(text) || strlen(text) != TOKEN_LEN ||
	    !is_base62(text + SHAPE_LEN))
		return false;
	for (size_t i = CHECKED_LEN; i < TOKEN_LEN; i++)
		sum = sum * 62 + digit_of(text[i]);
	return sum == crc_of(text, CHECKED_LEN);
}

/* Writes the checksum of the text. */
static void
mend(char *text)
{
	uint32_t rest = crc_of(text, CHECKED_LEN);

	for (size_t i = TOKEN_LEN; i-- > CHECKED_LEN; rest /= 62)
		text[i] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop"
			  "qrstuvwxyz"[rest % 62];
}

static void
check(const char *text)
{
	char id[TOKEN_ID_LEN + 1] = "?", cut[TOKEN_ID_LEN + 1];
	bool is_good = token_parse(text, id);

	FUZZ_REQUIRE(token_has_shape(text) == has_shape(text));
	FUZZ_REQUIRE(is_good == is_token(text));
	FUZZ_REQUIRE(!is_good || has_shape(text));
	FUZZ_REQUIRE(token_id_valid(id) == has_shape(text));
	FUZZ_REQUIRE(has_shape(text) || id[0] == '\0');
	FUZZ_REQUIRE(
	    !has_shape(text) || memcmp(id, text + 4, TOKEN_ID_LEN) == 0);
	if (token_id_valid(text)) {
		FUZZ_REQUIRE(strlen(text) == TOKEN_ID_LEN);
		memcpy(cut, text, TOKEN_ID_LEN);
		cut[TOKEN_ID_LEN - 1] = '\0';
		FUZZ_REQUIRE(!token_id_valid(cut));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_string(data, size);

	check(text);
	if (strlen(text) == TOKEN_LEN) {
		mend(text);
		check(text);
		/* One wrong letter, anywhere, is noticed. */
		if (is_token(text)) {
			char *at = text + data[size - 1] % TOKEN_LEN;

			*at = (char)(*at == 'a' ? 'b' : 'a');
			FUZZ_REQUIRE(!is_token(text));
			check(text);
		}
	}
	free(text);
	return 0;
}
