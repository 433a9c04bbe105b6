/* The formats of picture.h, a file each: for picture*.c only. */
#ifndef APITOKEN_PICTURE_IMPL_H
#define APITOKEN_PICTURE_IMPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/picture.h"

/* The bytes that are still to be read. */
struct picture_rest {
	const uint8_t *bytes;
	size_t len;
};

/* Takes len bytes from the rest, if it has so many. */
bool picture_take(struct picture_rest *rest, size_t len, const uint8_t **taken);

/* The number in up to 4 bytes. */
uint32_t picture_big_endian(const uint8_t *bytes, size_t len);

/* Each is called with all bytes, which begin as its format does. */
enum picture_fault picture_png_read(
    struct picture *image, struct picture_rest rest);
enum picture_fault picture_jpeg_read(
    struct picture *image, struct picture_rest rest);
enum picture_fault picture_webp_read(
    struct picture *image, struct picture_rest rest);

#endif
