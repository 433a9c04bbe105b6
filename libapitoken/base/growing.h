/*
 * Bytes that come in parts, in memory that grows with them. Behind them stands
 * a NUL, which is not counted.
 */
#ifndef APITOKEN_GROWING_H
#define APITOKEN_GROWING_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Free its bytes with free(3); NULL: none have come. */
struct growing {
	uint8_t *bytes;
	size_t len, size; /* size: of the memory */
};

/*
 * Adds bytes, up to most in all. ERR_INVALID: there would be more; ERR_NOMEM.
 * It is what it was then.
 */
enum err growing_add(
    struct growing *growing, size_t most, const void *bytes, size_t len);

#endif
