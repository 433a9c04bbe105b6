#include "base/packet_head.h"

#include "base/little_endian.h"

void
packet_head_put(uint8_t *bytes, uint8_t format, unsigned kind, size_t len)
{
	bytes[0] = format;
	bytes[1] = (uint8_t)kind;
	(void)little_endian_put(bytes + 2, len, 2);
}

bool
packet_head_fits(const uint8_t *bytes, size_t len, uint8_t format, size_t least)
{
	return len >= PACKET_HEAD + least && bytes[0] == format &&
	    len == little_endian_get(bytes + 2, 2);
}
