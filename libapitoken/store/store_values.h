/*
 * What other rooms keep in a store's database, so that it changes in the same
 * transaction as its tokens. Each value has a kind and a name of at most
 * STORE_VALUE_NAME bytes; what is in it, and how it is sealed, is theirs.
 */
#ifndef APITOKEN_STORE_VALUES_H
#define APITOKEN_STORE_VALUES_H

#include "base/crypto.h"
#include "base/error.h"
#include "store/key.h"
#include "store/store.h"

#define STORE_VALUE_NAME 64

/* Gets a value and its name; any return but ERR_OK ends a walk. */
typedef enum err store_value_reader(
    const char *name, const uint8_t *value, size_t len, void *arg);

/* Passes one to the reader, and returns its result. ERR_NOT_FOUND. */
enum err store_value_get(struct store *store, enum crypto_name kind,
    const char *name, store_value_reader *reader, void *arg, struct error *why);

/* Passes all of a kind to the reader, in no order. */
enum err store_value_each(struct store *store, enum crypto_name kind,
    store_value_reader *reader, void *arg, struct error *why);

/* Sets one. */
enum err store_value_put(struct store *store, enum crypto_name kind,
    const char *name, const uint8_t *value, size_t len, struct error *why);

/* Removes one, if it is there. */
enum err store_value_remove(struct store *store, enum crypto_name kind,
    const char *name, struct error *why);

/* The keys to seal with. */
const struct keys *store_keys(const struct store *store);

#endif
