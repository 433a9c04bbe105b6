/* Whole numbers as bytes, the highest first, as protocols of networks do. */
#ifndef APITOKEN_BIG_ENDIAN_H
#define APITOKEN_BIG_ENDIAN_H

#include <stddef.h>
#include <stdint.h>

/* Writes the lowest len bytes, 8 at most; returns what is behind them. */
uint8_t *big_endian_put(uint8_t *out, uint64_t number, size_t len);

/* Reads len bytes, 8 at most. */
uint64_t big_endian_get(const uint8_t *bytes, size_t len);

#endif
