/* logo.h: which images are taken, and that only what was sealed comes back. */
#include "token/logo.h"

#include <stdlib.h>
#include <string.h>

#include "lib/images.h"
#include "lib/scratch.h"
#include "lib/unit.h"

#define ID "0123456789"
#define OTHER_ID "0123456788"

static const uint8_t KEY[CRYPTO_KEY_LEN] = {1}, OTHER_KEY[CRYPTO_KEY_LEN] = {2};

/* Too large for a stack that sanitizers pad. */
static struct logo logo, back;
static uint8_t value[LOGO_VALUE_MAX], bytes[IMAGES_MAX];

static enum err
set(size_t len, uint32_t width, uint32_t height)
{
	images_png(bytes, len, width, height, 'x');
	return logo_set(&logo, bytes, len, "photo.png", &why);
}

static void
test_limits(void **state)
{
	(void)state;
	assert_ok(set(LOGO_BYTES_MAX, LOGO_SIDE_MAX, LOGO_SIDE_MAX));
	assert_int_equal(logo.type, PICTURE_PNG);
	assert_int_equal(logo.len, LOGO_BYTES_MAX);
	assert_memory_equal(logo.bytes, bytes, LOGO_BYTES_MAX);
	assert_ok(set(IMAGES_LEAST, 1, 1));
	assert_err(ERR_INVALID, set(LOGO_BYTES_MAX + 1, 1, 1));
	assert_says("`photo.png`: more than 64 KiB; make the image smaller");
	assert_true(logo.type == PICTURE_NONE && logo.len == 0);
	assert_err(ERR_INVALID, set(100, LOGO_SIDE_MAX + 1, 1));
	assert_says("1025 x 1 pixels, and at most 1024 x 1024");
	assert_err(ERR_INVALID, set(100, 1, LOGO_SIDE_MAX + 1));
	/* What would take 4 GiB of memory when it is unpacked. */
	assert_err(ERR_INVALID, set(100, 65535, 65535));
	assert_true(logo.type == PICTURE_NONE && logo.len == 0);
}

static void
test_what_is_no_image_is_told_apart(void **state)
{
	static const struct {
		const char *text, *says;
	} OTHERS[] = {
	    {"", "empty; give a PNG, JPEG or WebP"},
	    {"GIF89a", "a GIF"},
	    {"<svg/>", "SVG or other text"},
	    {"MZ", "not an image"},
	    {"\xff\xd8\xff", "cut off or damaged; save"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(OTHERS); i++) {
		assert_err(ERR_INVALID,
		    logo_set(&logo, (const uint8_t *)OTHERS[i].text,
			strlen(OTHERS[i].text), "a.png", &why));
		assert_says("logo `a.png`: ");
		assert_says(OTHERS[i].says);
	}
}

static size_t
seal(size_t len)
{
	size_t sealed = 0;

	images_logo(&logo, len, 'x');
	assert_ok(logo_encode(&logo, ID, KEY, value, &sealed));
	assert_int_equal(sealed, len + LOGO_VALUE_EXTRA);
	return sealed;
}

static void
test_what_was_sealed_comes_back(void **state)
{
	static const size_t SIZES[] = {IMAGES_LEAST, 1000, LOGO_BYTES_MAX};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(SIZES); i++) {
		size_t len = seal(SIZES[i]);

		assert_ok(logo_decode(&back, ID, KEY, value, len));
		assert_int_equal(back.type, logo.type);
		assert_int_equal(back.len, logo.len);
		assert_memory_equal(back.bytes, logo.bytes, logo.len);
	}
}

static void
expect_damage(const char *id, const uint8_t key[CRYPTO_KEY_LEN], size_t len)
{
	back.type = PICTURE_PNG;
	back.len = 1;
	assert_err(ERR_DAMAGED, logo_decode(&back, id, key, value, len));
	assert_true(back.type == PICTURE_NONE && back.len == 0);
}

static void
test_anything_else_is_damage(void **state)
{
	size_t len = seal(200);

	(void)state;
	expect_damage(OTHER_ID, KEY, len);
	expect_damage(ID, OTHER_KEY, len);
	for (size_t i = 0; i < len; i++)
		expect_damage(ID, KEY, i);
	expect_damage(ID, KEY, len + 1);
	for (size_t bit = 0; bit < len * 8; bit++) {
		value[bit / 8] ^= (uint8_t)(1 << bit % 8);
		expect_damage(ID, KEY, len);
		value[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	assert_ok(logo_decode(&back, ID, KEY, value, len));
}

/* As a version to come would seal it. */
static void
test_a_newer_version_is_not_damage(void **state)
{
	const uint8_t context[] = {2, CRYPTO_NAME_LOGO, '0', '1', '2', '3', '4',
	    '5', '6', '7', '8', '9'};
	uint8_t subkey[CRYPTO_KEY_LEN];
	struct crypto_stream stream;

	(void)state;
	value[0] = 2;
	crypto_subkey(subkey, CRYPTO_USE_LOGO, KEY);
	assert_ok(crypto_seal_start(&stream, value + 1, subkey));
	crypto_seal(&stream, value + 1 + CRYPTO_STREAM_HEAD, "new", 3, context,
	    sizeof(context), true);
	assert_err(ERR_NEWER,
	    logo_decode(&back, ID, KEY, value, LOGO_VALUE_EXTRA + 3));
	assert_true(back.type == PICTURE_NONE && back.len == 0);
}

/* The bytes are somebody's choice; what stands in the file is not. */
static void
test_the_value_does_not_hold_the_image(void **state)
{
	size_t len = seal(1000);

	(void)state;
	assert_null(memmem(value, len, "xxxx", 4));
}

static void
test_the_record_names_one_image(void **state)
{
	struct record record, other;

	(void)state;
	sample_record(&record, "alice", "laptop");
	images_logo(&logo, 100, 'x');
	images_logo(&back, 100, 'y');
	logo_note(&record, &logo);
	assert_int_equal(record.logo, PICTURE_PNG);
	assert_true(record.logo_mark != 0);
	assert_true(logo_is_of(&logo, &record));
	assert_false(logo_is_of(&back, &record));
	other = record;
	logo_note(&other, &back);
	assert_true(other.logo_mark != record.logo_mark);
	other = record;
	other.logo = PICTURE_WEBP;
	assert_false(logo_is_of(&logo, &other));
	logo_note(&record, NULL);
	assert_true(record.logo == PICTURE_NONE && record.logo_mark == 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_what_is_no_image_is_told_apart),
	    cmocka_unit_test(test_what_was_sealed_comes_back),
	    cmocka_unit_test(test_anything_else_is_damage),
	    cmocka_unit_test(test_a_newer_version_is_not_damage),
	    cmocka_unit_test(test_the_value_does_not_hold_the_image),
	    cmocka_unit_test(test_the_record_names_one_image),
	};

	return unit_run(tests);
}
