/*
 * An image that is to be a logo. One that is taken is as it says and no larger
 * than a logo may be; cut off anywhere, it is none, and of PNG and WebP nothing
 * can stand behind it. What was sealed is what comes back, for that token only.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/picture.h"
#include "token/logo.h"

#define ID "0123456789"
#define OTHER_ID "0123456788"

static struct logo logo, back;

static enum picture_fault
read_exactly(struct picture *picture, const uint8_t *bytes, size_t len)
{
	uint8_t *copy = fuzz_copy(bytes, len);
	enum picture_fault fault = picture_read(picture, copy, len);

	free(copy);
	FUZZ_REQUIRE(
	    (fault == PICTURE_SOUND) == (picture->type != PICTURE_NONE));
	FUZZ_REQUIRE((fault == PICTURE_SOUND) ==
	    (picture->width > 0 && picture->height > 0));
	return fault;
}

/* By its first bytes, whatever is behind. */
static enum picture_type
type_of(const uint8_t *bytes, size_t len)
{
	if (len >= 8 && memcmp(bytes, "\x89PNG\r\n\x1a\n", 8) == 0)
		return PICTURE_PNG;
	if (len >= 3 && memcmp(bytes, "\xff\xd8\xff", 3) == 0)
		return PICTURE_JPEG;
	if (len >= 12 && memcmp(bytes, "RIFF", 4) == 0 &&
	    memcmp(bytes + 8, "WEBP", 4) == 0)
		return PICTURE_WEBP;
	return PICTURE_NONE;
}

static void
check_ends(const uint8_t *bytes, size_t len, enum picture_type type)
{
	struct picture picture;
	uint8_t *longer;

	if (type == PICTURE_JPEG)
		return;
	for (size_t i = 0; i < len; i++)
		FUZZ_REQUIRE(read_exactly(&picture, bytes, i) != PICTURE_SOUND);
	longer = malloc(len + 1);
	FUZZ_REQUIRE(longer != NULL);
	memcpy(longer, bytes, len);
	longer[len] = 0;
	FUZZ_REQUIRE(read_exactly(&picture, longer, len + 1) != PICTURE_SOUND);
	free(longer);
}

static void
check_seal(void)
{
	static uint8_t value[LOGO_VALUE_MAX];
	size_t len = 0;

	FUZZ_REQUIRE(logo_encode(&logo, ID, fuzz_key, value, &len) == ERR_OK);
	FUZZ_REQUIRE(logo_decode(&back, ID, fuzz_key, value, len) == ERR_OK);
	FUZZ_REQUIRE(back.type == logo.type && back.len == logo.len &&
	    memcmp(back.bytes, logo.bytes, logo.len) == 0);
	FUZZ_REQUIRE(
	    logo_decode(&back, OTHER_ID, fuzz_key, value, len) == ERR_DAMAGED);
	FUZZ_REQUIRE(back.type == PICTURE_NONE && back.len == 0);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	FUZZ_REQUIRE(crypto_init(NULL) == ERR_OK);
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct picture picture;
	enum picture_fault fault = read_exactly(&picture, data, size);
	bool fits = size <= LOGO_BYTES_MAX && picture.width <= LOGO_SIDE_MAX &&
	    picture.height <= LOGO_SIDE_MAX;
	struct error why;
	enum err rc;

	rc = logo_set(&logo, data, size, "x", &why);
	FUZZ_REQUIRE((rc == ERR_OK) == (fault == PICTURE_SOUND && fits));
	FUZZ_REQUIRE((rc == ERR_OK) == (logo.len == size && size > 0));
	FUZZ_REQUIRE(
	    logo_decode(&back, ID, fuzz_key, data, size) == ERR_DAMAGED);
	if (fault != PICTURE_SOUND)
		return 0;
	FUZZ_REQUIRE(picture.type == type_of(data, size));
	check_ends(data, size, picture.type);
	if (rc == ERR_OK)
		check_seal();
	return 0;
}
