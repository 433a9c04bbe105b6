/*
 * The ids and hashes of all that this machine publishes, which the set in its
 * head is made of. To read them from the issued store takes long; so they are
 * kept in a file besides, which proves itself: it is good if they make the set
 * of the head. It is never needed.
 */
#ifndef APITOKEN_FLEET_KNOWN_H
#define APITOKEN_FLEET_KNOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "config/config.h"
#include "fleet/fleet_head.h"
#include "store/store.h"

struct fleet_known_one {
	char id[TOKEN_ID_LEN + 1];
	uint8_t hash[CRYPTO_HASH_LEN];
};

struct fleet_known {
	struct fleet_known_one *each; /* in order of their ids */
	size_t count;
	bool is_kept; /* so in the file */
};

/*
 * Reads them, for this head of what is published (seq 0: nothing was yet), with
 * room for so many more. config is the machine's. Free them, even after an
 * error. Errors as fleet_issued_list.
 */
enum err fleet_known_read(struct fleet_known *known, struct store *store,
    const struct config *config, const struct fleet_head *head, size_t more,
    struct error *why);
void fleet_known_free(struct fleet_known *known);

/*
 * Sets the hash of an id; NULL: it goes. False: it was so already. There has to
 * be room.
 */
bool fleet_known_set(struct fleet_known *known, const char id[TOKEN_ID_LEN + 1],
    const uint8_t hash[CRYPTO_HASH_LEN]);

/* The set that they make. */
void fleet_known_digest(
    const struct fleet_known *known, uint8_t set[CRYPTO_HASH_LEN]);

/*
 * Keeps them for the next time, while the store is locked for writing, and
 * after it was committed: a disk has to have room for that first. If it fails,
 * they are read from the store then.
 */
void fleet_known_keep(struct fleet_known *known, const struct config *config);

#endif
