#include "token/logo.h"

#include <stdbool.h>
#include <string.h>

#include "base/little_endian.h"

#define FORMAT 1
#define HEAD (1 + CRYPTO_STREAM_HEAD) /* bytes before the sealed image */
#define MARK_LEN sizeof(uint64_t)     /* of the hash that the record keeps */

void
logo_clear(struct logo *logo)
{
	logo->type = PICTURE_NONE;
	logo->len = 0;
}

#define CONVERT "; give a PNG, JPEG or WebP image"

static const char *
explain(enum picture_fault fault)
{
	switch (fault) {
	case PICTURE_EMPTY:
		return "empty" CONVERT;
	case PICTURE_IS_GIF:
		return "a GIF, which is not taken" CONVERT;
	case PICTURE_IS_TEXT:
		return "SVG or other text, which is not taken" CONVERT;
	case PICTURE_MOVING:
		return "an animation; give a still image";
	case PICTURE_BROKEN:
		return "cut off or damaged; save the image anew";
	case PICTURE_UNKNOWN:
	case PICTURE_SOUND:
		break;
	}
	return "not an image that is taken" CONVERT;
}

static enum err
fill(struct logo *logo, const uint8_t *bytes, size_t len,
    const struct picture *image)
{
	logo->type = image->type;
	logo->len = len;
	if (bytes != logo->bytes)
		memcpy(logo->bytes, bytes, len);
	return ERR_OK;
}

enum err
logo_set(struct logo *logo, const uint8_t *bytes, size_t len, const char *file,
    struct error *why)
{
	enum picture_fault fault;
	struct picture image;

	logo_clear(logo);
	/* First: a photograph is too large in every way. */
	if (len > LOGO_BYTES_MAX)
		return error_set(why, ERR_INVALID,
		    "logo `%s`: more than %d KiB; make the image smaller", file,
		    LOGO_BYTES_MAX / 1024);
	fault = picture_read(&image, bytes, len);
	if (fault != PICTURE_SOUND)
		return error_set(
		    why, ERR_INVALID, "logo `%s`: %s", file, explain(fault));
	if (image.width > LOGO_SIDE_MAX || image.height > LOGO_SIDE_MAX)
		return error_set(why, ERR_INVALID,
		    "logo `%s`: %lu x %lu pixels, and at most %d x %d are "
		    "taken; make the image smaller",
		    file, (unsigned long)image.width,
		    (unsigned long)image.height, LOGO_SIDE_MAX, LOGO_SIDE_MAX);
	return fill(logo, bytes, len, &image);
}

/* The beginning of its hash. */
uint64_t
logo_mark(const struct logo *logo)
{
	uint8_t hash[CRYPTO_HASH_LEN];
	uint64_t mark;

	crypto_plain_hash(hash, logo->bytes, logo->len);
	mark = little_endian_get(hash, MARK_LEN);
	return mark != 0 ? mark : 1;
}

void
logo_note(struct record *record, const struct logo *logo)
{
	record->logo = logo != NULL ? logo->type : PICTURE_NONE;
	record->logo_mark = logo != NULL ? logo_mark(logo) : 0;
}

bool
logo_is_of(const struct logo *logo, const struct record *record)
{
	return logo->type == record->logo &&
	    logo_mark(logo) == record->logo_mark;
}

#define CONTEXT_LEN (2 + TOKEN_ID_LEN)

/* What a sealed logo is bound to. */
static void
make_context(uint8_t context[CONTEXT_LEN], uint8_t format,
    const char id[TOKEN_ID_LEN + 1])
{
	context[0] = format;
	context[1] = CRYPTO_NAME_LOGO;
	memcpy(context + 2, id, TOKEN_ID_LEN);
}

enum err
logo_encode(const struct logo *logo, const char id[TOKEN_ID_LEN + 1],
    const uint8_t key[CRYPTO_KEY_LEN], uint8_t value[LOGO_VALUE_MAX],
    size_t *len)
{
	uint8_t subkey[CRYPTO_KEY_LEN], context[CONTEXT_LEN];
	struct crypto_stream stream;
	enum err rc;

	value[0] = FORMAT;
	make_context(context, FORMAT, id);
	crypto_subkey(subkey, CRYPTO_USE_LOGO, key);
	rc = crypto_seal_start(&stream, value + 1, subkey);
	if (rc == ERR_OK) {
		crypto_seal(&stream, value + HEAD, logo->bytes, logo->len,
		    context, sizeof(context), true);
		*len = LOGO_VALUE_EXTRA + logo->len;
	}
	crypto_wipe(&stream, sizeof(stream));
	crypto_wipe(subkey, sizeof(subkey));
	return rc;
}

/* Opens it, whatever its version, which the seal covers. */
static bool
open_value(struct logo *logo, const char id[TOKEN_ID_LEN + 1],
    const uint8_t key[CRYPTO_KEY_LEN], const uint8_t *value, size_t len)
{
	uint8_t subkey[CRYPTO_KEY_LEN], context[CONTEXT_LEN];
	struct crypto_stream stream;
	bool is_last = false, is_open;

	make_context(context, value[0], id);
	crypto_subkey(subkey, CRYPTO_USE_LOGO, key);
	crypto_open_start(&stream, value + 1, subkey);
	is_open = crypto_open(&stream, logo->bytes, value + HEAD, len - HEAD,
	    context, sizeof(context), &is_last);
	crypto_wipe(&stream, sizeof(stream));
	crypto_wipe(subkey, sizeof(subkey));
	return is_open && is_last;
}

enum err
logo_decode(struct logo *logo, const char id[TOKEN_ID_LEN + 1],
    const uint8_t key[CRYPTO_KEY_LEN], const uint8_t *value, size_t len)
{
	logo_clear(logo);
	if (len < LOGO_VALUE_EXTRA || len > LOGO_VALUE_MAX ||
	    !open_value(logo, id, key, value, len))
		return ERR_DAMAGED;
	if (value[0] != FORMAT)
		return ERR_NEWER;
	return logo_set(logo, logo->bytes, len - LOGO_VALUE_EXTRA, id, NULL) ==
		ERR_OK
	    ? ERR_OK
	    : ERR_DAMAGED;
}
