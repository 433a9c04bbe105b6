#include "base/picture.h"

#include <stdbool.h>
#include <string.h>

#include "base/picture_impl.h"

const char *
picture_type_name(enum picture_type type)
{
	switch (type) {
	case PICTURE_PNG:
		return "image/png";
	case PICTURE_JPEG:
		return "image/jpeg";
	case PICTURE_WEBP:
		return "image/webp";
	case PICTURE_NONE:
		break;
	}
	return "";
}

bool
picture_take(struct picture_rest *rest, size_t len, const uint8_t **taken)
{
	if (len > rest->len)
		return false;
	*taken = rest->bytes;
	rest->bytes += len;
	rest->len -= len;
	return true;
}

uint32_t
picture_big_endian(const uint8_t *bytes, size_t len)
{
	uint32_t number = 0;

	while (len-- > 0)
		number = number << 8 | *bytes++;
	return number;
}

static bool
begins(const struct picture_rest *rest, const void *with, size_t len)
{
	return rest->len >= len && memcmp(rest->bytes, with, len) == 0;
}

/* Whether the first letter, behind a byte order mark and blanks, is a `<`. */
static bool
is_markup(struct picture_rest rest)
{
	const uint8_t *taken;

	if (begins(&rest, "\xef\xbb\xbf", 3))
		(void)picture_take(&rest, 3, &taken);
	while (rest.len > 0 && memchr(" \t\r\n", rest.bytes[0], 4) != NULL)
		(void)picture_take(&rest, 1, &taken);
	return begins(&rest, "<", 1);
}

enum picture_fault
picture_read(struct picture *image, const uint8_t *bytes, size_t len)
{
	struct picture_rest rest = {bytes, len};
	enum picture_fault fault = PICTURE_UNKNOWN;

	*image = (struct picture){.type = PICTURE_NONE};
	if (len == 0)
		fault = PICTURE_EMPTY;
	else if (begins(&rest, "\x89PNG\r\n\x1a\n", 8))
		fault = picture_png_read(image, rest);
	else if (begins(&rest, "\xff\xd8\xff", 3))
		fault = picture_jpeg_read(image, rest);
	else if (begins(&rest, "RIFF", 4) && len >= 12 &&
	    memcmp(bytes + 8, "WEBP", 4) == 0)
		fault = picture_webp_read(image, rest);
	else if (begins(&rest, "GIF8", 4))
		fault = PICTURE_IS_GIF;
	else if (is_markup(rest))
		fault = PICTURE_IS_TEXT;
	if (fault == PICTURE_SOUND && (image->width == 0 || image->height == 0))
		fault = PICTURE_BROKEN;
	if (fault != PICTURE_SOUND)
		*image = (struct picture){.type = PICTURE_NONE};
	return fault;
}
