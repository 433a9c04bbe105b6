/*
 * What a store is made of: for store.c, logos.c, store_open.c, store_private.c
 * and store_values.c, and for fleet_store.c, which keeps other values in one.
 */
#ifndef APITOKEN_STORE_IMPL_H
#define APITOKEN_STORE_IMPL_H

#include "base/error.h"
#include "config/config.h"
#include "store/key.h"
#include "store/lock.h"
#include "store/store.h"
#include "tdb/db.h"

struct store {
	struct lock lock; /* not held by a private copy */
	struct db *db;
	struct keys keys;
	bool writing; /* the transaction is open, or it is a private copy */
	char path[STORE_PATH_SIZE];      /* of the database */
	const struct store_watch *watch; /* or NULL */
};

/*
 * Makes an empty one, whose database has this name; free it with store_close.
 * ERR_NOMEM, or as crypto_init.
 */
enum err store_new(struct store **store, const struct config *config,
    const char *name, struct error *why);

/* Reads the keys. Errors as key_read; says what a missing key means here. */
enum err store_read_keys(
    struct store *store, const struct config *config, struct error *why);

/* The names of a store's files in its directory. */
struct store_files {
	const char *database, *lock;
};

/* As store_open, with other files. ERR_MISSING: any of them, or the key. */
enum err store_open_files(struct store **store, const struct config *config,
    const struct store_files *files, enum store_mode mode, int64_t deadline,
    struct error *why);

/* What is said of a value that is not there; what helps if it is damaged. */
struct store_advice {
	const char *not_found, *damaged;
};

/*
 * Explains why a value was not found or did not decode: the key may be the
 * reason, ERR_KEY then. Returns what it is; other errors than those of decoding
 * have said so already.
 */
enum err store_explain(const struct store *store, enum err rc,
    const struct store_advice *advice, const char *what, const char *name,
    struct error *why);

#endif
