#include "base/little_endian.h"

uint8_t *
little_endian_put(uint8_t *out, uint64_t number, size_t len)
{
	for (; len > 0; len--, number >>= 8)
		*out++ = (uint8_t)(number & 0xff);
	return out;
}

uint64_t
little_endian_get(const uint8_t *bytes, size_t len)
{
	uint64_t number = 0;

	for (size_t i = 0; i < len; i++)
		number |= (uint64_t)bytes[i] << 8 * i;
	return number;
}

uint64_t
little_endian_take(const uint8_t **bytes, size_t len)
{
	uint64_t number = little_endian_get(*bytes, len);

	*bytes += len;
	return number;
}
