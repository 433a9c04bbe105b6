/*
 * picture.h: small images as libpng, libjpeg and libwebp wrote them, and what
 * becomes of them when anything in them is changed.
 */
#include "base/picture.h"

#include <stdlib.h>
#include <string.h>

#include "lib/unit.h"

/* All of them are 3 x 2 pixels. */
static const uint8_t PNG[] = {0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a,
    0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x03,
    0x00, 0x00, 0x00, 0x02, 0x08, 0x02, 0x00, 0x00, 0x00, 0x12, 0x16, 0xf1,
    0x4d, 0x00, 0x00, 0x00, 0x15, 0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63,
    0x3c, 0x21, 0x67, 0xc3, 0xc0, 0xc0, 0xc0, 0xc0, 0xc0, 0xc0, 0xc4, 0x00,
    0x03, 0x00, 0x15, 0x2c, 0x01, 0x26, 0x85, 0x20, 0x4d, 0x46, 0x00, 0x00,
    0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82};
static const uint8_t JPEG[] = {0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10, 0x4a, 0x46,
    0x49, 0x46, 0x00, 0x01, 0x01, 0x00, 0x00, 0x01, 0x00, 0x01, 0x00, 0x00,
    0xff, 0xdb, 0x00, 0x43, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xc0, 0x00,
    0x0b, 0x08, 0x00, 0x02, 0x00, 0x03, 0x01, 0x01, 0x11, 0x00, 0xff, 0xc4,
    0x00, 0x14, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0xff, 0xc4, 0x00, 0x14,
    0x10, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xff, 0xda, 0x00, 0x08, 0x01, 0x01,
    0x00, 0x00, 0x3f, 0x00, 0x2f, 0xff, 0xd9};
static const uint8_t LOSSLESS[] = {0x52, 0x49, 0x46, 0x46, 0x1e, 0x00, 0x00,
    0x00, 0x57, 0x45, 0x42, 0x50, 0x56, 0x50, 0x38, 0x4c, 0x11, 0x00, 0x00,
    0x00, 0x2f, 0x02, 0x40, 0x00, 0x00, 0x07, 0x50, 0x8f, 0x22, 0x97, 0xa7,
    0xff, 0x81, 0x88, 0xe8, 0x7f, 0x00, 0x00};
static const uint8_t LOSSY[] = {0x52, 0x49, 0x46, 0x46, 0x2e, 0x00, 0x00, 0x00,
    0x57, 0x45, 0x42, 0x50, 0x56, 0x50, 0x38, 0x20, 0x22, 0x00, 0x00, 0x00,
    0x70, 0x01, 0x00, 0x9d, 0x01, 0x2a, 0x03, 0x00, 0x02, 0x00, 0x0c, 0xc0,
    0xce, 0x25, 0xa0, 0x02, 0x74, 0x01, 0x40, 0x00, 0x00, 0xfe, 0xd7, 0x8e,
    0x0c, 0x3d, 0x4a, 0xdf, 0xae, 0x8a, 0x20, 0x00, 0x00, 0x00};
static const uint8_t EXTENDED[] = {0x52, 0x49, 0x46, 0x46, 0x3c, 0x00, 0x00,
    0x00, 0x57, 0x45, 0x42, 0x50, 0x56, 0x50, 0x38, 0x58, 0x0a, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x01, 0x00, 0x00, 0x56,
    0x50, 0x38, 0x4c, 0x11, 0x00, 0x00, 0x00, 0x2f, 0x02, 0x40, 0x00, 0x00,
    0x07, 0x50, 0x8f, 0x22, 0x97, 0xa7, 0xff, 0x81, 0x88, 0xe8, 0x7f, 0x00,
    0x00, 0x45, 0x58, 0x49, 0x46, 0x03, 0x00, 0x00, 0x00, 0x61, 0x62, 0x63,
    0x00};

struct sample {
	const char *name;
	const uint8_t *bytes;
	size_t len;
	enum picture_type type;
	size_t head; /* bytes without which it is not recognised */
};

#define SAMPLE(bytes, type, head)                                              \
	{                                                                      \
#bytes, bytes, sizeof(bytes), type, head                       \
	}

static const struct sample SAMPLES[] = {
    SAMPLE(PNG, PICTURE_PNG, 8),
    SAMPLE(JPEG, PICTURE_JPEG, 3),
    SAMPLE(LOSSLESS, PICTURE_WEBP, 12),
    SAMPLE(LOSSY, PICTURE_WEBP, 12),
    SAMPLE(EXTENDED, PICTURE_WEBP, 12),
};

/* Of exactly so many bytes, so that sanitizers see one too many. */
static enum picture_fault
read_copy(struct picture *image, const uint8_t *bytes, size_t len)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);
	enum picture_fault fault;

	assert_non_null(copy);
	if (len > 0)
		memcpy(copy, bytes, len);
	fault = picture_read(image, copy, len);
	free(copy);
	if (fault != PICTURE_SOUND)
		assert_true(image->type == PICTURE_NONE && image->width == 0 &&
		    image->height == 0);
	return fault;
}

/* The sample with a few bytes overwritten. */
static enum picture_fault
read_changed(struct picture *image, const struct sample *sample, size_t at,
    const void *bytes, size_t len)
{
	uint8_t copy[512];

	assert_true(sample->len <= sizeof(copy) && at + len <= sample->len);
	memcpy(copy, sample->bytes, sample->len);
	memcpy(copy + at, bytes, len);
	return read_copy(image, copy, sample->len);
}

static void
test_what_the_libraries_write_is_read(void **state)
{
	struct picture image;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(SAMPLES); i++) {
		const struct sample *sample = &SAMPLES[i];

		assert_row(sample->name,
		    read_copy(&image, sample->bytes, sample->len) ==
			PICTURE_SOUND);
		assert_row(sample->name, image.type == sample->type);
		assert_row(sample->name, image.width == 3 && image.height == 2);
	}
}

#define JPEG_SCAN 156 /* where the picture begins in it, and its head */
#define JPEG_FRAME 89
#define JPEG_FRAME_LEN 13

/* Of a JPEG, what is behind the head of the scan is not looked at. */
static size_t
needed(const struct sample *sample)
{
	return sample->type == PICTURE_JPEG ? JPEG_SCAN + 1 : sample->len;
}

static void
test_nothing_that_is_cut_off_is_taken(void **state)
{
	struct picture image;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(SAMPLES); i++) {
		const struct sample *sample = &SAMPLES[i];

		for (size_t len = 0; len < needed(sample); len++) {
			enum picture_fault fault = read_copy(
			    &image, sample->bytes, len);

			assert_row(sample->name,
			    fault ==
				(len == 0                    ? PICTURE_EMPTY
					: len < sample->head ? PICTURE_UNKNOWN
							     : PICTURE_BROKEN));
		}
	}
}

static void
test_nothing_hides_behind_the_end(void **state)
{
	uint8_t bytes[512] = {0};
	struct picture image;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(SAMPLES); i++) {
		const struct sample *sample = &SAMPLES[i];

		if (sample->type == PICTURE_JPEG)
			continue;
		memcpy(bytes, sample->bytes, sample->len);
		assert_row(sample->name,
		    read_copy(&image, bytes, sample->len + 1) ==
			PICTURE_BROKEN);
	}
}

/* Where an image says how large it is. */
static void
test_the_size_is_what_the_head_says(void **state)
{
	static const struct {
		const char *name;
		size_t sample, at;
		const char *bytes;
		size_t len;
		uint32_t width, height;
	} SIZES[] = {
	    {"PNG", 0, 16, "\x7f\xff\xff\xff\0\1\0\0", 8, 0x7fffffff, 65536},
	    {"JPEG", 1, 94, "\xff\xfe\x12\x34", 4, 0x1234, 0xfffe},
	    {"lossless", 2, 21, "\xff\x3f\x00\x00", 4, 16384, 1},
	    {"lossy", 3, 26, "\xff\x3f\x01\xc0", 4, 16383, 1},
	};
	struct picture image;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(SIZES); i++) {
		assert_row(SIZES[i].name,
		    read_changed(&image, &SAMPLES[SIZES[i].sample], SIZES[i].at,
			SIZES[i].bytes, SIZES[i].len) == PICTURE_SOUND);
		assert_row(SIZES[i].name, image.width == SIZES[i].width);
		assert_row(SIZES[i].name, image.height == SIZES[i].height);
	}
}

#define CHANGE(name, sample, at, bytes, fault)                                 \
	{                                                                      \
		name, sample, at, bytes, sizeof(bytes) - 1, fault              \
	}

/* One thing is changed, and it is no picture any more. */
static const struct {
	const char *name;
	size_t sample, at;
	const char *bytes;
	size_t len;
	enum picture_fault fault;
} CHANGES[] = {
    CHANGE("PNG: no width", 0, 16, "\0\0\0\0", PICTURE_BROKEN),
    CHANGE("PNG: no height", 0, 20, "\0\0\0\0", PICTURE_BROKEN),
    CHANGE("PNG: no IHDR", 0, 12, "IHDX", PICTURE_BROKEN),
    CHANGE("PNG: IHDR is longer", 0, 11, "\x0e", PICTURE_BROKEN),
    CHANGE("PNG: depth", 0, 24, "\x18", PICTURE_BROKEN),
    CHANGE("PNG: colour", 0, 25, "\x01", PICTURE_BROKEN),
    CHANGE("PNG: depth of that colour", 0, 24, "\x01", PICTURE_BROKEN),
    CHANGE("PNG: compression", 0, 26, "\x01", PICTURE_BROKEN),
    CHANGE("PNG: filter", 0, 27, "\x01", PICTURE_BROKEN),
    CHANGE("PNG: interlace", 0, 28, "\x02", PICTURE_BROKEN),
    CHANGE("PNG: no data", 0, 37, "IDAX", PICTURE_BROKEN),
    CHANGE("PNG: a second head", 0, 37, "IHDR", PICTURE_BROKEN),
    CHANGE("PNG: an animation", 0, 37, "acTL", PICTURE_MOVING),
    CHANGE("PNG: a chunk is too long", 0, 33, "\xff", PICTURE_BROKEN),
    CHANGE("PNG: no end", 0, 70, "IENX", PICTURE_BROKEN),
    CHANGE("JPEG: no width", 1, 96, "\0\0", PICTURE_BROKEN),
    CHANGE("JPEG: no height", 1, 94, "\0\0", PICTURE_BROKEN),
    CHANGE("JPEG: precision", 1, 93, "\x0c", PICTURE_BROKEN),
    CHANGE("JPEG: components", 1, 98, "\x02", PICTURE_BROKEN),
    CHANGE("JPEG: more components", 1, 98, "\x03", PICTURE_BROKEN),
    CHANGE("JPEG: lossless", 1, 90, "\xc3", PICTURE_BROKEN),
    CHANGE("JPEG: arithmetic", 1, 90, "\xc9", PICTURE_BROKEN),
    CHANGE("JPEG: tables, no frame", 1, 90, "\xc4", PICTURE_BROKEN),
    CHANGE("JPEG: two frames", 1, 103, "\xc0", PICTURE_BROKEN),
    CHANGE("JPEG: a short segment", 1, 4, "\0\1", PICTURE_BROKEN),
    CHANGE("JPEG: a segment too long", 1, 4, "\xff\xff", PICTURE_BROKEN),
    CHANGE("JPEG: the end before a frame", 1, 3, "\xd9", PICTURE_BROKEN),
    CHANGE("JPEG: a scan before a frame", 1, 3, "\xda", PICTURE_BROKEN),
    CHANGE("JPEG: a start in it", 1, 3, "\xd8", PICTURE_BROKEN),
    CHANGE("JPEG: no marker", 1, 20, "\0", PICTURE_BROKEN),
    CHANGE("WebP: longer than it is", 2, 4, "\x1f", PICTURE_BROKEN),
    CHANGE("WebP: shorter", 2, 4, "\x1d", PICTURE_BROKEN),
    CHANGE("WebP: its part is longer", 2, 16, "\x13", PICTURE_BROKEN),
    CHANGE("WebP: its part is shorter", 2, 16, "\x0f", PICTURE_BROKEN),
    CHANGE("WebP: another part", 2, 12, "VP9 ", PICTURE_BROKEN),
    CHANGE("WebP: lossless, signature", 2, 20, "\x2e", PICTURE_BROKEN),
    CHANGE("WebP: lossless, version", 2, 24, "\x20", PICTURE_BROKEN),
    CHANGE("WebP: lossy, no key frame", 3, 20, "\x71", PICTURE_BROKEN),
    CHANGE("WebP: lossy, start code", 3, 23, "\x9e", PICTURE_BROKEN),
    CHANGE("WebP: lossy, no width", 3, 26, "\0\0", PICTURE_BROKEN),
    CHANGE("WebP: extended, its length", 4, 16, "\x0b", PICTURE_BROKEN),
    CHANGE("WebP: extended, an animation", 4, 20, "\2", PICTURE_MOVING),
    CHANGE("WebP: extended, a frame", 4, 30, "ANMF", PICTURE_MOVING),
    CHANGE(
	"WebP: extended, a larger picture", 4, 39, "\x03\x40", PICTURE_BROKEN),
    CHANGE("WebP: extended, no picture", 4, 30, "ALPH", PICTURE_BROKEN),
    CHANGE("WebP: extended, two pictures", 4, 56, "VP8L", PICTURE_BROKEN),
};

static void
test_a_head_that_makes_no_sense_is_not_taken(void **state)
{
	struct picture image;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(CHANGES); i++)
		assert_row(CHANGES[i].name,
		    read_changed(&image, &SAMPLES[CHANGES[i].sample],
			CHANGES[i].at, CHANGES[i].bytes,
			CHANGES[i].len) == CHANGES[i].fault);
}

/* Programs differ in which of them they take. */
static void
test_a_picture_has_one_head(void **state)
{
	uint8_t bytes[sizeof(JPEG) + JPEG_FRAME_LEN];
	struct picture image;

	(void)state;
	memcpy(bytes, JPEG, JPEG_FRAME + JPEG_FRAME_LEN);
	memcpy(bytes + JPEG_FRAME + JPEG_FRAME_LEN, JPEG + JPEG_FRAME,
	    sizeof(JPEG) - JPEG_FRAME);
	assert_int_equal(
	    read_copy(&image, bytes, sizeof(bytes)), PICTURE_BROKEN);
}

static void
test_what_is_not_taken_is_named(void **state)
{
	static const struct {
		const char *text;
		enum picture_fault fault;
	} OTHERS[] = {
	    {"", PICTURE_EMPTY},
	    {"GIF89a", PICTURE_IS_GIF},
	    {"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", PICTURE_IS_TEXT},
	    {"\xef\xbb\xbf \r\n\t<?xml version=\"1.0\"?>", PICTURE_IS_TEXT},
	    {" \n", PICTURE_UNKNOWN},
	    {"\xef\xbb\xbf", PICTURE_UNKNOWN},
	    {"BM", PICTURE_UNKNOWN},
	    {"RIFF\4...WAVE", PICTURE_UNKNOWN},
	    {"a photograph.png", PICTURE_UNKNOWN},
	};
	struct picture image;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(OTHERS); i++)
		assert_row(OTHERS[i].text,
		    read_copy(&image, (const uint8_t *)OTHERS[i].text,
			strlen(OTHERS[i].text)) == OTHERS[i].fault);
}

static void
test_types_have_their_names(void **state)
{
	(void)state;
	assert_string_equal(picture_type_name(PICTURE_PNG), "image/png");
	assert_string_equal(picture_type_name(PICTURE_JPEG), "image/jpeg");
	assert_string_equal(picture_type_name(PICTURE_WEBP), "image/webp");
	assert_string_equal(picture_type_name(PICTURE_NONE), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_what_the_libraries_write_is_read),
	    cmocka_unit_test(test_nothing_that_is_cut_off_is_taken),
	    cmocka_unit_test(test_nothing_hides_behind_the_end),
	    cmocka_unit_test(test_the_size_is_what_the_head_says),
	    cmocka_unit_test(test_a_head_that_makes_no_sense_is_not_taken),
	    cmocka_unit_test(test_a_picture_has_one_head),
	    cmocka_unit_test(test_what_is_not_taken_is_named),
	    cmocka_unit_test(test_types_have_their_names),
	};

	return unit_run(tests);
}
