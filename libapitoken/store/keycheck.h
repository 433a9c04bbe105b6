/*
 * The sealed record that ties a database to its key, so that a wrong key can be
 * told from damage.
 */
#ifndef APITOKEN_KEYCHECK_H
#define APITOKEN_KEYCHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "store/key.h"
#include "tdb/db.h"

/* Whether these bytes are what keycheck_put stores for the keys. */
bool keycheck_fits(const struct keys *keys, const uint8_t *value, size_t len);

/* Stores it, in a transaction. Errors as db_put. */
enum err keycheck_put(
    struct db *db, const struct keys *keys, struct error *why);

/*
 * Whether the keys are those of the database; path names it in errors. ERR_KEY,
 * ERR_DAMAGED, ERR_SYSTEM.
 */
enum err keycheck_verify(struct db *db, const struct keys *keys,
    const char *path, struct error *why);

#endif
