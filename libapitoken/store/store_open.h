/* What store.h and check.h share: a database opened under its lock. */
#ifndef APITOKEN_STORE_OPEN_H
#define APITOKEN_STORE_OPEN_H

#include <stdint.h>

#include "base/error.h"
#include "store/lock.h"
#include "tdb/db.h"

/*
 * Takes the lock that the file at lock_path is for, and opens the database at
 * path, which must stay. What a killed writer left is finished first: for that
 * a reader takes the lock alone, and keeps it so. The lock is to be released,
 * whatever is returned. As lock_acquire and db_open; ERR_BUSY is the lock's.
 */
enum err store_open_database(struct db **db, struct lock *lock,
    const char *path, const char *lock_path, enum db_mode mode,
    int64_t deadline, struct error *why);

#endif
