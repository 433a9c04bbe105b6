/* Whole numbers as bytes, the lowest first, for files and messages. */
#ifndef APITOKEN_LITTLE_ENDIAN_H
#define APITOKEN_LITTLE_ENDIAN_H

#include <stddef.h>
#include <stdint.h>

/* Writes the lowest len bytes, 8 at most; returns what is behind them. */
uint8_t *little_endian_put(uint8_t *out, uint64_t number, size_t len);

/* Reads len bytes, 8 at most. */
uint64_t little_endian_get(const uint8_t *bytes, size_t len);

/* The same, and sets *bytes to what is behind them. */
uint64_t little_endian_take(const uint8_t **bytes, size_t len);

#endif
