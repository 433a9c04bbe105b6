/* Shared by last_use.c and usage_beat.c only: usage.tdb and its lock. */
#ifndef APITOKEN_LAST_USE_IMPL_H
#define APITOKEN_LAST_USE_IMPL_H

#include "store/last_use.h"
#include "store/lock.h"
#include "store/store.h"
#include "tdb/db.h"

struct last_use_notes {
	struct lock lock;
	struct db *db;
	char path[STORE_PATH_SIZE];
};

/*
 * Takes the lock for writing, which is made if it is missing; the caller
 * releases it. Errors as lock_acquire and lock_create.
 */
enum err last_use_lock(struct last_use_notes *notes,
    const struct config *config, int64_t deadline, struct error *why);

/*
 * Opens the database for writing; one that is damaged is made anew. Errors as
 * db_open and db_create.
 */
enum err last_use_open_for_writing(
    struct last_use_notes *notes, struct error *why);

#endif
