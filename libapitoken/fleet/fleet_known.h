/*
 * The ids and hashes of an issuer's records: what the set in its head is made
 * of. An agent keeps them in memory, so that applying a change costs what has
 * changed and one hash over the set, and no walk through the database.
 */
#ifndef APITOKEN_FLEET_KNOWN_H
#define APITOKEN_FLEET_KNOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto.h"
#include "base/error.h"
#include "fleet/fleet_snapshot.h"
#include "fleet/fleet_store.h"

struct fleet_known_record {
	char id[TOKEN_ID_LEN + 1];
	uint8_t hash[CRYPTO_HASH_LEN];
};

struct fleet_known {
	struct fleet_known_record *each; /* in order of their ids */
	size_t count;
	bool is_read;
	uint8_t set[CRYPTO_HASH_LEN]; /* the hash over all of them, if it is */
};

/* Whether it is what the head stands for. Pure. */
bool fleet_known_is_of(
    const struct fleet_known *known, const struct fleet_head *head);

void fleet_known_free(struct fleet_known *known);

/* The hash over so many of them, in order of their ids. Pure. */
void fleet_known_digest(const struct fleet_known_record *each, size_t count,
    uint8_t set[CRYPTO_HASH_LEN]);

/*
 * Reads the head of an issuer that is applied, if there is one, and its records
 * unless they are known already: opens and closes the store. Errors as
 * fleet_store_open and fleet_store_each; ERR_DAMAGED also if the records are
 * not those of the head.
 */
enum err fleet_known_refresh(struct fleet_known *known, struct fleet_head *head,
    bool *has_head, const struct config *config, const char *issuer,
    int64_t deadline, struct error *why);

/*
 * Sets *after to what *before becomes by changes: items in order of their ids,
 * each with its hash; one without bytes goes. Pure. ERR_NOMEM. Free *after,
 * even after an error.
 */
enum err fleet_known_change(struct fleet_known *after,
    const struct fleet_known *before, const struct fleet_item *items,
    uint8_t (*hashes)[CRYPTO_HASH_LEN], size_t count, struct error *why);

#endif
