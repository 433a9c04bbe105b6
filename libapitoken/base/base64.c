#include "base/base64.h"

#include <string.h>

static const char digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void
base64_put(char *text, const uint8_t *bytes, size_t len)
{
	while (len > 0) {
		size_t have = len < 3 ? len : 3;
		uint32_t bits = (uint32_t)bytes[0] << 16;

		if (have > 1)
			bits |= (uint32_t)bytes[1] << 8;
		if (have > 2)
			bits |= bytes[2];
		*text++ = digits[bits >> 18];
		*text++ = digits[bits >> 12 & 63];
		*text++ = digits[bits >> 6 & 63];
		*text++ = digits[bits & 63];
		if (have < 3)
			memset(text - (3 - have), '=', 3 - have);
		bytes += have;
		len -= have;
	}
	*text = '\0';
}

/* The value of a digit; 64: it is none. */
static uint32_t
value_of(char digit)
{
	if (digit >= 'A' && digit <= 'Z')
		return (uint32_t)(digit - 'A');
	if (digit >= 'a' && digit <= 'z')
		return (uint32_t)(digit - 'a' + 26);
	if (digit >= '0' && digit <= '9')
		return (uint32_t)(digit - '0' + 52);
	return digit == '+' ? 62 : digit == '/' ? 63 : 64;
}

/* Four characters, of which the last `padded` are '='. */
static bool
get_group(uint8_t *bytes, const char *text, size_t padded)
{
	uint32_t bits = 0;

	for (size_t i = 0; i < 4; i++) {
		uint32_t value = i < 4 - padded ? value_of(text[i]) : 0;

		if (value > 63)
			return false;
		bits = bits << 6 | value;
	}
	/* Bits that belong to no byte */
	if ((bits & ((1U << (8 * padded)) - 1)) != 0)
		return false;
	for (size_t i = 0; i < 3 - padded; i++)
		bytes[i] = (uint8_t)(bits >> (16 - 8 * i));
	return true;
}

bool
base64_get(uint8_t *bytes, size_t *got, const char *text, size_t len)
{
	size_t padded = 0;

	if (len % 4 != 0)
		return false;
	while (padded < 2 && padded < len && text[len - 1 - padded] == '=')
		padded++;
	*got = len / 4 * 3 - padded;
	for (; len > 0; text += 4, bytes += 3, len -= 4) {
		if (!get_group(bytes, text, len == 4 ? padded : 0))
			return false;
	}
	return true;
}
