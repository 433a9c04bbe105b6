/*
 * WebP: a RIFF file, whose chunks have a type, a length and a content of an
 * even number of bytes.
 */
#include <string.h>

#include "base/picture_impl.h"
#include "base/little_endian.h"

#define RIFF_HEAD 12 /* RIFF, length of what follows, WEBP */
#define RIFF_START 8 /* bytes that the length does not count */
#define CHUNK_HEAD 8
#define EXTENDED_LEN 10
#define EXTENDED_MOVING 0x02
#define LOSSY_LEAST 10
#define LOSSLESS_LEAST 5
#define SIDE14 0x3fff

struct chunk {
	const uint8_t *type, *content;
	size_t len;
};

static bool
take_chunk(struct picture_rest *rest, struct chunk *chunk)
{
	const uint8_t *head;
	size_t padding;

	if (!picture_take(rest, CHUNK_HEAD, &head))
		return false;
	chunk->type = head;
	chunk->len = (size_t)little_endian_get(head + 4, 4);
	padding = chunk->len & 1;
	return chunk->len <= rest->len &&
	    picture_take(rest, chunk->len + padding, &chunk->content);
}

static bool
is(const struct chunk *chunk, const char *type)
{
	return memcmp(chunk->type, type, 4) == 0;
}

/* The head of a key frame of VP8, RFC 6386, section 9.1. */
static bool
read_lossy(struct picture *image, const struct chunk *chunk)
{
	const uint8_t *bytes = chunk->content;

	if (chunk->len < LOSSY_LEAST || (bytes[0] & 1) != 0 ||
	    memcmp(bytes + 3, "\x9d\x01\x2a", 3) != 0)
		return false;
	image->width = (uint32_t)little_endian_get(bytes + 6, 2) & SIDE14;
	image->height = (uint32_t)little_endian_get(bytes + 8, 2) & SIDE14;
	return true;
}

static bool
read_lossless(struct picture *image, const struct chunk *chunk)
{
	uint32_t sides;

	if (chunk->len < LOSSLESS_LEAST || chunk->content[0] != 0x2f)
		return false;
	sides = (uint32_t)little_endian_get(chunk->content + 1, 4);
	image->width = (sides & SIDE14) + 1;
	image->height = (sides >> 14 & SIDE14) + 1;
	/* A bit that says whether there is transparency, then the version. */
	return sides >> 29 == 0;
}

static bool
is_picture(const struct chunk *chunk)
{
	return is(chunk, "VP8 ") || is(chunk, "VP8L");
}

static bool
read_picture(struct picture *image, const struct chunk *chunk)
{
	return is(chunk, "VP8L") ? read_lossless(image, chunk)
				 : read_lossy(image, chunk);
}

/* The one picture behind an extended head has to be as large as that says. */
static enum picture_fault
read_extended(
    struct picture *image, const struct chunk *head, struct picture_rest rest)
{
	struct picture picture = {.type = PICTURE_NONE};
	bool has_picture = false;
	struct chunk chunk;

	if (head->len != EXTENDED_LEN)
		return PICTURE_BROKEN;
	if ((head->content[0] & EXTENDED_MOVING) != 0)
		return PICTURE_MOVING;
	image->width = (uint32_t)little_endian_get(head->content + 4, 3) + 1;
	image->height = (uint32_t)little_endian_get(head->content + 7, 3) + 1;
	while (rest.len > 0) {
		if (!take_chunk(&rest, &chunk))
			return PICTURE_BROKEN;
		if (is(&chunk, "ANIM") || is(&chunk, "ANMF"))
			return PICTURE_MOVING;
		if (!is_picture(&chunk))
			continue;
		if (has_picture || !read_picture(&picture, &chunk))
			return PICTURE_BROKEN;
		has_picture = true;
	}
	return has_picture && picture.width == image->width &&
		picture.height == image->height
	    ? PICTURE_SOUND
	    : PICTURE_BROKEN;
}

enum picture_fault
picture_webp_read(struct picture *image, struct picture_rest rest)
{
	const uint8_t *head;
	struct chunk chunk;

	image->type = PICTURE_WEBP;
	(void)picture_take(&rest, RIFF_HEAD, &head);
	if (little_endian_get(head + 4, 4) !=
		rest.len + RIFF_HEAD - RIFF_START ||
	    !take_chunk(&rest, &chunk))
		return PICTURE_BROKEN;
	if (is(&chunk, "VP8X"))
		return read_extended(image, &chunk, rest);
	return is_picture(&chunk) && read_picture(image, &chunk) &&
		rest.len == 0
	    ? PICTURE_SOUND
	    : PICTURE_BROKEN;
}
