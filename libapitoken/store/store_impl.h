/*
 * What a store is made of: for store.c, logos.c, store_open.c, store_private.c
 * and store_values.c only.
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
 * Makes an empty one; free it with store_close. ERR_NOMEM, or as crypto_init.
 */
enum err store_new(
    struct store **store, const struct config *config, struct error *why);

/* Reads the keys. Errors as key_read; says what a missing key means here. */
enum err store_read_keys(
    struct store *store, const struct config *config, struct error *why);

#endif
