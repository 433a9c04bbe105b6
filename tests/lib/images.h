/* Images for tests: as small as they can be, and right in all that is read. */
#ifndef APITOKEN_IMAGES_H
#define APITOKEN_IMAGES_H

#include <stddef.h>
#include <stdint.h>

#include "token/logo.h"

#define IMAGES_MAX (2 * LOGO_BYTES_MAX)
#define IMAGES_LEAST 58 /* bytes of the smallest PNG here */

/*
 * A PNG of exactly len bytes, IMAGES_LEAST to IMAGES_MAX; fill makes it another
 * one.
 */
void images_png(
    uint8_t *bytes, size_t len, uint32_t width, uint32_t height, char fill);

/* A logo of len bytes; likewise. */
void images_logo(struct logo *logo, size_t len, char fill);

#endif
