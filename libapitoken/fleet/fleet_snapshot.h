/*
 * All of an issuer in one file: its head as text, then its records in order of
 * their ids, each as id (10 characters), length (4 bytes, highest first) and
 * bytes. Nothing follows. Pure.
 */
#ifndef APITOKEN_FLEET_SNAPSHOT_H
#define APITOKEN_FLEET_SNAPSHOT_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "fleet/fleet_head.h"

/* One record where it lies in memory. */
struct fleet_item {
	char id[TOKEN_ID_LEN + 1];
	const uint8_t *bytes; /* not owned */
	size_t len;
};

/* An issuer at one moment: what a transport gets, and the verifier judges. */
struct fleet_list {
	struct fleet_head head;
	struct fleet_item *items; /* in order of their ids */
	size_t count;
};

#define FLEET_ITEM_HEAD (TOKEN_ID_LEN + 4)

/* Writes what precedes the bytes of an item. */
void fleet_snapshot_item(
    const struct fleet_item *item, uint8_t bytes[FLEET_ITEM_HEAD]);

/*
 * Reads a snapshot, whose bytes must stay valid. Each record is a length of
 * bytes here: fleet_verify judges them. Free the list with fleet_list_free,
 * even after an error. Errors as fleet_head_read, with a reason; ERR_NOMEM.
 */
enum err fleet_snapshot_read(struct fleet_list *list, const uint8_t *bytes,
    size_t len, struct error *why);

void fleet_list_free(struct fleet_list *list);

#endif
