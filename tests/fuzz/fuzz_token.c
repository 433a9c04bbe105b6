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

/* Each value, with all ways to type it. */
static const char *const TYPED[32] = {"0Oo", "1IiLl", "2", "3", "4", "5", "6",
    "7", "8", "9", "aA", "bB", "cC", "dD", "eE", "fF", "gG", "hH", "jJ", "kK",
    "mM", "nN", "pP", "qQ", "rR", "sS", "tT", "vV", "wW", "xX", "yY", "zZ"};
#define NO_VALUE 32

static unsigned
value_of(char typed)
{
	unsigned value = 0;

	while (value < NO_VALUE && !is_one_of(typed, TYPED[value]))
		value++;
	return value;
}

static bool
has_shape(const char *text)
{
	if (!is_one_of(text[0], "aA") || !is_one_of(text[1], "tT") ||
	    !is_one_of(text[2], "kK") || text[3] != '_')
		return false;
	for (size_t i = 4; i < SHAPE_LEN - 1; i++) {
		if (value_of(text[i]) == NO_VALUE)
			return false;
	}
	return text[SHAPE_LEN - 1] == '_';
}

/* The letter that is written for its value. */
static char
written(char typed)
{
	unsigned value = value_of(typed);

	if (value == NO_VALUE)
		return typed;
	return TYPED[value][0];
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

/* The text as it is written, which is what checksums are over. */
static void
write_canonical(char canonical[TOKEN_LEN + 1], const char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i <= len; i++) {
		canonical[i] = text[i];
		if (i < SHAPE_LEN || len == TOKEN_SHORT_LEN)
			canonical[i] = written(text[i]);
	}
}

static bool
is_long(const char *canonical)
{
	uint64_t sum = 0;

	if (!is_base62(canonical + SHAPE_LEN))
		return false;
	for (size_t i = CHECKED_LEN; i < TOKEN_LEN; i++)
		sum = sum * 62 + digit_of(canonical[i]);
	return sum == crc_of(canonical, CHECKED_LEN);
}

/* The product in GF(2)[x] modulo x^5 + x^3 + 1. */
static unsigned
product(unsigned a, unsigned b)
{
	unsigned result = 0;

	for (unsigned i = 0; i < 5; i++)
		result ^= (b >> i & 1) != 0 ? a << i : 0;
	for (unsigned i = 9; i-- > 5;)
		result ^= (result >> i & 1) != 0 ? 0x29U << (i - 5) : 0;
	return result;
}

/* From the last to the first: 1, x, x^2 ... times the values, then a 1. */
static unsigned
short_sum(const char *text)
{
	unsigned sum = 0, weight = 1;

	for (size_t i = TOKEN_SHORT_LEN; i-- > 4;) {
		if (i == SHAPE_LEN - 1)
			continue;
		sum ^= product(weight, value_of(text[i]));
		weight = product(weight, 2);
	}
	return sum ^ weight;
}

static bool
is_short(const char *text)
{
	for (size_t i = SHAPE_LEN; i < TOKEN_SHORT_LEN; i++) {
		if (value_of(text[i]) == NO_VALUE)
			return false;
	}
	return short_sum(text) == 0;
}

static bool
is_token(const char *text)
{
	char canonical[TOKEN_LEN + 1];
	size_t len = strlen(text);

	if (!has_shape(text) || (len != TOKEN_LEN && len != TOKEN_SHORT_LEN))
		return false;
	write_canonical(canonical, text);
	return len == TOKEN_LEN ? is_long(canonical) : is_short(canonical);
}

/* Writes the check character of the text. */
static void
mend_short(char *text)
{
	char *last = text + TOKEN_SHORT_LEN - 1;

	*last = '0';
	for (size_t i = SHAPE_LEN; i < TOKEN_SHORT_LEN; i++) {
		if (value_of(text[i]) == NO_VALUE)
			return;
	}
	*last = TYPED[short_sum(text)][0];
}

/* Writes the checksum of the text. */
static void
mend_long(char *text)
{
	char canonical[TOKEN_LEN + 1];
	uint32_t rest;

	write_canonical(canonical, text);
	rest = crc_of(canonical, CHECKED_LEN);

	for (size_t i = TOKEN_LEN; i-- > CHECKED_LEN; rest /= 62)
		text[i] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop"
			  "qrstuvwxyz"[rest % 62];
}

static void
check(const char *text)
{
	char id[TOKEN_ID_LEN + 1] = "?", cut[TOKEN_ID_LEN + 1];
	char canonical[TOKEN_LEN + 1], expected[TOKEN_LEN + 1];
	bool is_good = token_parse(text, id);

	FUZZ_REQUIRE(token_has_shape(text) == has_shape(text));
	FUZZ_REQUIRE(is_good == is_token(text));
	FUZZ_REQUIRE(!is_good || has_shape(text));
	FUZZ_REQUIRE(token_id_valid(id) == has_shape(text));
	FUZZ_REQUIRE(has_shape(text) || id[0] == '\0');
	for (size_t i = 0; has_shape(text) && i < TOKEN_ID_LEN; i++)
		FUZZ_REQUIRE(id[i] == written(text[4 + i]));
	FUZZ_REQUIRE(token_canonical(text, canonical) == is_good);
	if (is_good) {
		write_canonical(expected, text);
		FUZZ_REQUIRE(strcmp(canonical, expected) == 0);
	}
	if (token_id_valid(text)) {
		FUZZ_REQUIRE(strlen(text) == TOKEN_ID_LEN);
		memcpy(cut, text, TOKEN_ID_LEN);
		cut[TOKEN_ID_LEN - 1] = '\0';
		FUZZ_REQUIRE(!token_id_valid(cut));
	}
}

/* With the right checksum; then with one wrong letter, anywhere. */
static void
check_mended(char *text, uint8_t where)
{
	size_t len = strlen(text);
	char *at = text + where % (len + 1);

	if (len == TOKEN_LEN)
		mend_long(text);
	else if (len == TOKEN_SHORT_LEN)
		mend_short(text);
	else
		return;
	check(text);
	if (!is_token(text) || *at == '\0')
		return;
	*at = (char)(written(*at) == 'a' ? 'b' : 'a');
	FUZZ_REQUIRE(!is_token(text));
	check(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_string(data, size);

	check(text);
	check_mended(text, size > 0 ? data[size - 1] : 0);
	free(text);
	return 0;
}
