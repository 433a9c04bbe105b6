/* What store.h and check.h share: a database opened under its lock. */
#ifndef APITOKEN_STORE_OPEN_H
#define APITOKEN_STORE_OPEN_H

#include <stdint.h>

#include "base/error.h"
#include "store/lock.h"
#include "tdb/db.h"

/*
 * Takes the lock at lock_path and opens the database at path, which must stay
 * valid. What a killed writer left is finished first: for that a reader takes
 * the lock exclusively, and keeps it so. Release the lock, even after an error.
 * Errors as lock_acquire and db_open; ERR_BUSY is the lock's.
 */
enum err store_open_database(struct db **db, struct lock *lock,
    const char *path, const char *lock_path, enum db_mode mode,
    int64_t deadline, struct error *why);

#endif
