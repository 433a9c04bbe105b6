#include "lib/images.h"

#include <string.h>

#include "lib/unit.h"

#define FRAME 12 /* bytes of a chunk besides its content */

static uint8_t *
put_number(uint8_t *out, size_t number)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		*out++ = (uint8_t)(number >> shift & 0xff);
	return out;
}

/* Begins a chunk of this length; its checksum, which nobody reads, stays 0. */
static uint8_t *
put_chunk(uint8_t *out, const char *type, size_t len)
{
	out = put_number(out, len);
	memcpy(out, type, 4);
	memset(out + 4, 0, len + 4);
	return out + 4;
}

void
images_png(
    uint8_t *bytes, size_t len, uint32_t width, uint32_t height, char fill)
{
	size_t data = len - (IMAGES_LEAST - 1);
	uint8_t *out = bytes + 8, *head;

	assert_true(len >= IMAGES_LEAST && len <= IMAGES_MAX);
	memcpy(bytes, "\x89PNG\r\n\x1a\n", 8);
	head = put_chunk(out, "IHDR", 13);
	head = put_number(head, width);
	head = put_number(head, height);
	head[0] = 8;
	head[1] = 2;
	out += FRAME + 13;
	memset(put_chunk(out, "IDAT", data), fill, data);
	out += FRAME + data;
	(void)put_chunk(out, "IEND", 0);
	assert_int_equal(out + FRAME - bytes, len);
}

void
images_logo(struct logo *logo, size_t len, char fill)
{
	static uint8_t bytes[IMAGES_MAX];

	images_png(bytes, len, 16, 16, fill);
	assert_ok(logo_set(logo, bytes, len, "sample", &why));
}
