/*
 * The sealed record by which a database knows its key: so a wrong key is told
 * from damage.
 */
#ifndef APITOKEN_KEYCHECK_H
#define APITOKEN_KEYCHECK_H

#include "db.h"
#include "error.h"
#include "key.h"

/* Stores it, in a transaction. Errors as db_put. */
enum err keycheck_put(
    struct db *db, const struct keys *keys, struct error *why);

/*
 * Whether the keys are those of the database, which path names in errors.
 * ERR_KEY, ERR_DAMAGED, ERR_SYSTEM.
 */
enum err keycheck_verify(struct db *db, const struct keys *keys,
    const char *path, struct error *why);

#endif
