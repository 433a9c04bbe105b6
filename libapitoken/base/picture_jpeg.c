/* JPEG: segments, each a marker and, of most, length and content. */
#include "base/picture_impl.h"

#define START 2       /* bytes of the marker of the start */
#define FRAME_LEAST 8 /* bytes of a frame's segment before its components */
#define COMPONENT 3   /* bytes of each */

enum marker {
	MARKER_BASELINE = 0xc0,
	MARKER_EXTENDED = 0xc1,
	MARKER_PROGRESSIVE = 0xc2,
	MARKER_FRAMES_END = 0xcf, /* the last that may be a frame's */
	MARKER_HUFFMAN = 0xc4,    /* not a frame's, though among them */
	MARKER_ARITHMETIC = 0xcc,
	MARKER_RESTART = 0xd0, /* from here to MARKER_SCAN none can stand */
	MARKER_SCAN = 0xda,
};

/* Takes a segment whose content begins with its own length. */
static bool
take_segment(
    struct picture_rest *rest, uint8_t *marker, struct picture_rest *content)
{
	const uint8_t *bytes;
	uint32_t len;

	if (!picture_take(rest, 1, &bytes) || *bytes != 0xff)
		return false;
	do { /* Any number of 0xff may fill the place before a marker. */
		if (!picture_take(rest, 1, &bytes))
			return false;
	} while (*bytes == 0xff);
	*marker = *bytes;
	if (rest->len < 2)
		return false;
	len = picture_big_endian(rest->bytes, 2);
	content->len = len;
	return len >= 2 && picture_take(rest, len, &content->bytes);
}

/* The head of the picture; of the kinds that programs show. */
static bool
read_frame(
    struct picture *image, uint8_t marker, const struct picture_rest *content)
{
	const uint8_t *bytes = content->bytes;
	uint8_t components;

	if (marker > MARKER_PROGRESSIVE || content->len < FRAME_LEAST)
		return false;
	components = bytes[7];
	image->height = picture_big_endian(bytes + 3, 2);
	image->width = picture_big_endian(bytes + 5, 2);
	return bytes[2] == 8 &&
	    (components == 1 || components == 3 || components == 4) &&
	    content->len == FRAME_LEAST + (size_t)COMPONENT * components;
}

static bool
is_frame(uint8_t marker)
{
	return marker >= MARKER_BASELINE && marker <= MARKER_FRAMES_END &&
	    marker != MARKER_HUFFMAN && marker != MARKER_ARITHMETIC;
}

enum picture_fault
picture_jpeg_read(struct picture *image, struct picture_rest rest)
{
	struct picture_rest content;
	bool has_frame = false;
	const uint8_t *start;
	uint8_t marker;

	image->type = PICTURE_JPEG;
	(void)picture_take(&rest, START, &start);
	while (take_segment(&rest, &marker, &content)) {
		if (marker == MARKER_SCAN)
			return has_frame && rest.len > 0 ? PICTURE_SOUND
							 : PICTURE_BROKEN;
		if (marker < MARKER_BASELINE ||
		    (marker >= MARKER_RESTART && marker < MARKER_SCAN))
			break;
		if (!is_frame(marker))
			continue;
		/* Two of them would contradict each other. */
		if (has_frame || !read_frame(image, marker, &content))
			break;
		has_frame = true;
	}
	return PICTURE_BROKEN;
}
