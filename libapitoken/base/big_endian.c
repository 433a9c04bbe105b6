#include "base/big_endian.h"

uint8_t *
big_endian_put(uint8_t *out, uint64_t number, size_t len)
{
	for (size_t i = len; i > 0; i--) {
		out[i - 1] = (uint8_t)(number & 0xff);
		number >>= 8;
	}
	return out + len;
}

uint64_t
big_endian_get(const uint8_t *bytes, size_t len)
{
	uint64_t number = 0;

	for (size_t i = 0; i < len; i++)
		number = number << 8 | bytes[i];
	return number;
}
