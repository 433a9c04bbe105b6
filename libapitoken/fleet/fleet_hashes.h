/*
 * The ids and hashes of all that this machine publishes, which the set in its
 * head is made of. To read them from the issued store takes long; so they are
 * kept in a file besides, which proves itself: it is good if they make the set
 * of the head. It is never needed.
 */
#ifndef APITOKEN_FLEET_HASHES_H
#define APITOKEN_FLEET_HASHES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "config/config.h"
#include "fleet/fleet_head.h"
#include "fleet/fleet_known.h"
#include "store/store.h"

struct fleet_hashes {
	struct fleet_known_record *each; /* in order of their ids */
	size_t count;
	bool is_kept; /* so in the file */
};

/*
 * Reads them, for this head of what is published (seq 0: nothing was yet), with
 * room for so many more. config is the machine's. Free them, even after an
 * error. Errors as fleet_issued_list.
 */
enum err fleet_hashes_read(struct fleet_hashes *hashes, struct store *store,
    const struct config *config, const struct fleet_head *head, size_t more,
    struct error *why);
void fleet_hashes_free(struct fleet_hashes *hashes);

/*
 * Sets the hash of an id; NULL: it goes. False: it was so already. There has to
 * be room.
 */
bool fleet_hashes_set(struct fleet_hashes *hashes,
    const char id[TOKEN_ID_LEN + 1], const uint8_t hash[CRYPTO_HASH_LEN]);

/*
 * Keeps them for the next time, while the store is locked for writing, and
 * after it was committed: a disk has to have room for that first. If it fails,
 * they are read from the store then.
 */
void fleet_hashes_keep(
    struct fleet_hashes *hashes, const struct config *config);

#endif
