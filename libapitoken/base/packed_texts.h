/*
 * The texts of a struct as bytes, for messages and records with a fixed order:
 * each text after its length (2 bytes, little-endian).
 */
#ifndef APITOKEN_PACKED_TEXTS_H
#define APITOKEN_PACKED_TEXTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text_member {
	size_t offset, size; /* of the array, with room for a NUL */
};

/* Both, for a member of a struct; in braces. */
#define TEXT_MEMBER(type, member)                                              \
	offsetof(type, member), sizeof(((type *)NULL)->member)

#define PACKED_TEXT_HEAD 2 /* bytes before each text */

/*
 * Writes the texts of the object to out, which has room for all their arrays
 * and lengths. Returns how many bytes that took; 0 if a text has no end.
 */
size_t packed_texts_put(uint8_t *out, const void *object,
    const struct text_member *members, size_t count);

/*
 * Reads them back, and nothing else: false if bytes are left or missing, a text
 * is too long for its array, or has a NUL in it.
 */
bool packed_texts_take(void *object, const struct text_member *members,
    size_t count, const uint8_t *bytes, size_t len);

#endif
