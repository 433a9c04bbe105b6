/* The head of a message: its format, its kind, and its whole length. */
#ifndef APITOKEN_PACKET_HEAD_H
#define APITOKEN_PACKET_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PACKET_HEAD 4 /* bytes: one, one, two */

void packet_head_put(uint8_t *bytes, uint8_t format, unsigned kind, size_t len);

/*
 * Whether a packet of this length has such a head, with this format, and at
 * least so many bytes behind it. Its kind is bytes[1].
 */
bool packet_head_fits(
    const uint8_t *bytes, size_t len, uint8_t format, size_t least);

#endif
