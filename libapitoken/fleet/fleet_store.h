/*
 * What a host keeps of a fleet: fleet.tdb in the store's directory, under a
 * lock of its own, so that no local token ever waits for it. As a store, it is
 * opened, used and closed within one hook or command.
 */
#ifndef APITOKEN_FLEET_STORE_H
#define APITOKEN_FLEET_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "fleet/fleet_entry.h"
#include "fleet/fleet_head.h"
#include "store/store.h"

#define FLEET_DATABASE "fleet.tdb"
#define FLEET_LOCK "fleet.lock"

struct fleet_store;

/*
 * Makes the database unless it exists. The key must be there already: see
 * create.h. ERR_MISSING (no key), ERR_BUSY, ERR_UNSAFE, ERR_SYSTEM.
 */
enum err fleet_store_create(
    const struct config *config, int64_t deadline, struct error *why);

/*
 * Opens it; as store_open. ERR_MISSING: this host has never applied anything.
 */
enum err fleet_store_open(struct fleet_store **store,
    const struct config *config, enum store_mode mode, int64_t deadline,
    struct error *why);
void fleet_store_close(struct fleet_store *store);
enum err fleet_store_commit(struct fleet_store *store, struct error *why);

/*
 * The head of an issuer that was applied last. ERR_NOT_FOUND, ERR_DAMAGED,
 * ERR_NEWER, ERR_KEY, ERR_SYSTEM; *head is empty then.
 */
enum err fleet_store_get_head(struct fleet_store *store, const char *issuer,
    struct fleet_head *head, struct error *why);
enum err fleet_store_put_head(struct fleet_store *store,
    const struct fleet_head *head, struct error *why);

/*
 * What is known of an id. The same errors, and ERR_NOMEM. Free the entry with
 * fleet_entry_free, even after an error. An empty one that is put is removed.
 */
enum err fleet_store_get(struct fleet_store *store,
    const char id[TOKEN_ID_LEN + 1], struct fleet_entry *entry,
    struct error *why);
enum err fleet_store_put(struct fleet_store *store,
    const char id[TOKEN_ID_LEN + 1], const struct fleet_entry *entry,
    struct error *why);

/* Called with each entry; any return but ERR_OK ends the walk. */
typedef enum err fleet_entry_reader(const char id[TOKEN_ID_LEN + 1],
    const struct fleet_entry *entry, void *arg);

/*
 * Calls the reader for every entry that can be opened, in no order. Errors as
 * above, of one that cannot, or the reader's own.
 */
enum err fleet_store_each(struct fleet_store *store, fleet_entry_reader *reader,
    void *arg, struct error *why);

/*
 * ERR_DAMAGED, or ERR_KEY: the records of an issuer are not those of its head,
 * though each can be opened: some are not found any more.
 */
enum err fleet_store_lacks(
    const struct fleet_store *store, const char *issuer, struct error *why);

/*
 * Reads all of it. ERR_OK also if there is none; ERR_DAMAGED and others as
 * above, for the first that is wrong.
 */
enum err fleet_store_check(
    const struct config *config, int64_t deadline, struct error *why);

/* The digest of a token under this host's key, from the one in the fleet. */
void fleet_store_digest(const struct fleet_store *store,
    const uint8_t hash[CRYPTO_HASH_LEN], uint8_t digest[CRYPTO_HASH_LEN]);

/* Whether text, as it was typed, is the token with such a digest. */
bool fleet_store_matches(const struct fleet_store *store, const char *text,
    const uint8_t digest[CRYPTO_HASH_LEN]);

#endif
