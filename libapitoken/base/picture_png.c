/* PNG: a signature, then chunks, each length, type, content and checksum. */
#include <string.h>

#include "base/picture_impl.h"

#define SIGNATURE 8
#define FRAME (4 + 4 + 4) /* of a chunk: all but its content */
#define HEAD 13           /* bytes of IHDR's content */

struct chunk {
	const uint8_t *type, *content;
	size_t len;
};

static bool
take_chunk(struct picture_rest *rest, struct chunk *chunk)
{
	const uint8_t *bytes;

	if (rest->len < FRAME)
		return false;
	chunk->len = picture_big_endian(rest->bytes, 4);
	if (chunk->len > rest->len - FRAME)
		return false;
	(void)picture_take(rest, FRAME + chunk->len, &bytes);
	chunk->type = bytes + 4;
	chunk->content = bytes + 8;
	return true;
}

static bool
is(const struct chunk *chunk, const char *type)
{
	return memcmp(chunk->type, type, 4) == 0;
}

/* The depths that a type of colour may have, as bits. */
static bool
may_be_so_deep(uint8_t colour, uint8_t depth)
{
	static const uint8_t DEPTHS[] = {
	    [0] = 1 | 2 | 4 | 8 | 16,
	    [2] = 8 | 16,
	    [3] = 1 | 2 | 4 | 8,
	    [4] = 8 | 16,
	    [6] = 8 | 16,
	};

	return colour < sizeof(DEPTHS) && (DEPTHS[colour] & depth) != 0 &&
	    (depth & (depth - 1)) == 0;
}

static bool
read_head(struct picture *image, const struct chunk *head)
{
	const uint8_t *bytes = head->content;

	if (!is(head, "IHDR") || head->len != HEAD)
		return false;
	image->width = picture_big_endian(bytes, 4);
	image->height = picture_big_endian(bytes + 4, 4);
	/* Depth, colour, compression, filter, interlace. */
	return may_be_so_deep(bytes[9], bytes[8]) && bytes[10] == 0 &&
	    bytes[11] == 0 && bytes[12] <= 1;
}

enum picture_fault
picture_png_read(struct picture *image, struct picture_rest rest)
{
	bool has_data = false, has_end = false;
	const uint8_t *signature;
	struct chunk chunk;

	image->type = PICTURE_PNG;
	(void)picture_take(&rest, SIGNATURE, &signature);
	if (!take_chunk(&rest, &chunk) || !read_head(image, &chunk))
		return PICTURE_BROKEN;
	while (!has_end && take_chunk(&rest, &chunk)) {
		if (is(&chunk, "IHDR"))
			return PICTURE_BROKEN;
		if (is(&chunk, "acTL"))
			return PICTURE_MOVING;
		has_data |= is(&chunk, "IDAT") && chunk.len > 0;
		has_end = is(&chunk, "IEND") && chunk.len == 0;
	}
	return has_data && has_end && rest.len == 0 ? PICTURE_SOUND
						    : PICTURE_BROKEN;
}
