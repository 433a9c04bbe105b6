/* Sends and receives the packets of own_message.h, and leaves no copy. */
#ifndef TOKENADM_OWN_PACKET_H
#define TOKENADM_OWN_PACKET_H

#include <stdbool.h>
#include <stddef.h>

#include "own/own_message.h"

/* Sends a text of at most OWN_TEXT_MAX bytes. False if it did not go, errno. */
bool own_packet_send(
    int fd, enum own_kind kind, const char *text, size_t text_len);

/* Sends the end, to whoever is still there: see own_end_encode. */
void own_packet_send_end(int fd, int code, const char *failure);

/*
 * Takes one packet that is there, and copies its content, *len bytes, which the
 * caller wipes. False if there is none of this kind.
 */
bool own_packet_take_bytes(
    int fd, enum own_kind wanted, char bytes[OWN_TEXT_MAX], size_t *len);

/*
 * Takes one packet that is there, and copies its text, which the caller wipes.
 * False if there is none of this kind, or its text has a NUL in it.
 */
bool own_packet_take(int fd, enum own_kind wanted, char text[OWN_TEXT_MAX + 1]);

#endif
