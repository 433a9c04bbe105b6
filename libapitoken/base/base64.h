/*
 * Base64 of RFC 4648, section 4: with padding, and strict, so that there is one
 * text for each sequence of bytes. For what is not secret. Pure.
 */
#ifndef APITOKEN_BASE64_H
#define APITOKEN_BASE64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Characters for so many bytes, without a NUL. */
#define BASE64_LEN(len) (((len) + 2) / 3 * 4)

/* Writes BASE64_LEN(len) characters and a NUL. */
void base64_put(char *text, const uint8_t *bytes, size_t len);

/*
 * Reads len characters into bytes, for which len / 4 * 3 are enough, and sets
 * *got. False if the text is not what base64_put writes.
 */
bool base64_get(uint8_t *bytes, size_t *got, const char *text, size_t len);

#endif
