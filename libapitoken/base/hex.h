/* Bytes as hexadecimal digits in small letters. Pure. */
#ifndef APITOKEN_HEX_H
#define APITOKEN_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Writes 2 * len digits, and a NUL. */
void hex_put(char *text, const uint8_t *bytes, size_t len);

/* Reads 2 * len digits, small ones, and nothing else. */
bool hex_get(uint8_t *bytes, size_t len, const char *text);

#endif
