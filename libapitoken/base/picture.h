/*
 * What kind of image some bytes are, and how large it is, by what stands in
 * them: PNG, JPEG or WebP. No name and no type that somebody gave is believed.
 * Pure.
 *
 * Of PNG (RFC 2083) and WebP (RFC 9649) all parts are walked, which have to end
 * where the bytes end; of JPEG (ITU T.81) those before the picture. Checksums
 * and the picture itself are whoever's who shows it.
 */
#ifndef APITOKEN_PICTURE_H
#define APITOKEN_PICTURE_H

#include <stddef.h>
#include <stdint.h>

/* The numbers are part of the store's format, see record.h. */
enum picture_type {
	PICTURE_NONE = 0,
	PICTURE_PNG = 1,
	PICTURE_JPEG = 2,
	PICTURE_WEBP = 3,
};

/* Why bytes are no image of these. */
enum picture_fault {
	PICTURE_SOUND = 0,
	PICTURE_EMPTY,
	PICTURE_IS_GIF,
	PICTURE_IS_TEXT, /* markup, such as SVG */
	PICTURE_UNKNOWN, /* anything else */
	PICTURE_MOVING,  /* an animation */
	PICTURE_BROKEN,  /* cut off, or its parts contradict each other */
};

struct picture {
	enum picture_type type;
	uint32_t width, height; /* pixels, at least 1 */
};

/* Reads the head of len bytes; *image is empty unless PICTURE_SOUND. */
enum picture_fault picture_read(
    struct picture *image, const uint8_t *bytes, size_t len);

/* Its media type: image/png, image/jpeg, image/webp; or "" for PICTURE_NONE. */
const char *picture_type_name(enum picture_type type);

#endif
