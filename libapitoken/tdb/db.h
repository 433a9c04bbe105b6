/*
 * One open TDB file. Only db.c and db_write.c call libtdb. The caller holds the
 * store's lock while a database is open: there are no locks here.
 */
#ifndef APITOKEN_DB_H
#define APITOKEN_DB_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Hash chains per database: flat up to a million tokens, cheap to commit. */
#define DB_BUCKETS 131071

struct db;

enum db_mode {
	DB_READ,  /* needs a shared lock */
	DB_SCAN,  /* the same, mapped: for thousands of reads at a time */
	DB_WRITE, /* needs an exclusive lock; finishes what a crash left */
};

/*
 * Called with one value and the caller's arg. Any return but ERR_OK ends the
 * walk.
 */
typedef enum err db_reader(const char *key, size_t key_len,
    const uint8_t *value, size_t len, void *arg);

/*
 * Opens the file at path after checking it as safe_open does. path must stay
 * valid; close *db with db_close. ERR_MISSING, ERR_UNSAFE, ERR_DAMAGED (not a
 * byte of it is changed), ERR_BUSY if a crashed writer's work has to be
 * finished first (open it once for writing), ERR_NOMEM, ERR_SYSTEM.
 */
enum err db_open(
    struct db **db, const char *path, enum db_mode mode, struct error *why);

/*
 * Creates an empty database at path, where nothing may exist, open for writing:
 * whole or not at all. ERR_EXISTS, ERR_NOMEM, ERR_SYSTEM.
 */
enum err db_create(struct db **db, const char *path, struct error *why);

/*
 * Opens a private file (see snapshot.h), open as fd, for writing. An empty one
 * becomes an empty database. Writes need no transaction: nobody else has the
 * file. path names it in errors and must stay valid. ERR_DAMAGED, ERR_NOMEM,
 * ERR_SYSTEM.
 */
enum err db_open_private(
    struct db **db, int fd, const char *path, struct error *why);

/* Closes it, and drops a transaction that was not committed. */
void db_close(struct db *db);

/*
 * Passes the value of a key to the reader and returns its result.
 * ERR_NOT_FOUND, ERR_DAMAGED.
 */
enum err db_get(struct db *db, const char *key, size_t key_len,
    db_reader *reader, void *arg, struct error *why);

/*
 * Passes every key and value to the reader, in no order. Errors as db_get,
 * except ERR_NOT_FOUND.
 */
enum err db_each(
    struct db *db, db_reader *reader, void *arg, struct error *why);

/* How large it is, in bytes, with what was written in the transaction. */
uint64_t db_size(const struct db *db);

/*
 * Syncs its contents and its name, which a killed process may have left
 * unsynced. ERR_SYSTEM.
 */
enum err db_sync(struct db *db, struct error *why);

/*
 * Starts a transaction, after a db_sync: libtdb overwrites the recovery area of
 * the last one, which must not be on disk half overwritten and half valid.
 * ERR_NOMEM, ERR_SYSTEM, ERR_DAMAGED.
 */
enum err db_begin(struct db *db, struct error *why);

/* Commits all changes, atomically and durably. */
enum err db_commit(struct db *db, struct error *why);

/*
 * Stores a value, in place of an older one. Without a transaction a crash may
 * damage the database.
 */
enum err db_put(struct db *db, const char *key, size_t key_len,
    const uint8_t *value, size_t len, struct error *why);

/* The same for a key that has no value. ERR_EXISTS. */
enum err db_put_new(struct db *db, const char *key, size_t key_len,
    const uint8_t *value, size_t len, struct error *why);

/* One of these two. */
typedef enum err db_putter(struct db *db, const char *key, size_t key_len,
    const uint8_t *value, size_t len, struct error *why);

/* Deletes a key, if it exists; a transaction matters as above. */
enum err db_delete(
    struct db *db, const char *key, size_t key_len, struct error *why);

#endif
