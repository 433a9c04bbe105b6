#include "base/hex.h"

#include <string.h>

#define DIGITS "0123456789abcdef"

void
hex_put(char *text, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		*text++ = DIGITS[bytes[i] >> 4];
		*text++ = DIGITS[bytes[i] & 0xf];
	}
	*text = '\0';
}

bool
hex_get(uint8_t *bytes, size_t len, const char *text)
{
	if (strlen(text) != 2 * len || strspn(text, DIGITS) != 2 * len)
		return false;
	for (size_t i = 0; i < len; i++) {
		size_t high = (size_t)(strchr(DIGITS, text[2 * i]) - DIGITS);
		size_t low = (size_t)(strchr(DIGITS, text[2 * i + 1]) - DIGITS);

		bytes[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}
