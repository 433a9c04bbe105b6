/*
 * One open TDB file. The only file that knows libtdb. Its caller holds the
 * store's lock for as long as a database is open: there are no locks here.
 */
#ifndef APITOKEN_DB_H
#define APITOKEN_DB_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Chains of every database: flat to a million tokens, cheap to commit. */
#define DB_BUCKETS 131071

struct db;

enum db_mode {
	DB_READ,  /* needs a shared lock */
	DB_SCAN,  /* the same, mapped: for thousands of reads at a time */
	DB_WRITE, /* needs an exclusive lock; finishes what a crash left */
};

/*
 * Takes one value. arg is what was given along with the function. What is
 * returned ends the search, unless it is ERR_OK.
 */
typedef enum err db_reader(const char *key, size_t key_len,
    const uint8_t *value, size_t len, void *arg);

/*
 * Opens the file at path after checking it as safe_open does. path must stay;
 * *db is to be closed by db_close. ERR_MISSING, ERR_UNSAFE, ERR_DAMAGED (not a
 * byte of it is changed), ERR_BUSY when a crashed writer's work is to be
 * finished first (open it once for writing), ERR_NOMEM, ERR_SYSTEM.
 */
enum err db_open(
    struct db **db, const char *path, enum db_mode mode, struct error *why);

/*
 * Creates an empty database at path, where nothing may be; open for writing.
 * ERR_EXISTS, ERR_NOMEM, ERR_SYSTEM.
 */
enum err db_create(struct db **db, const char *path, struct error *why);

/*
 * Opens a private file (see snapshot.h), of which fd is a descriptor, for
 * writing. An empty one becomes an empty database. Writes need no transaction:
 * nobody else has the file. path stands for it in errors and must stay.
 * ERR_DAMAGED, ERR_NOMEM, ERR_SYSTEM.
 */
enum err db_open_private(
    struct db **db, int fd, const char *path, struct error *why);

/* Closes it; a transaction that was not committed leaves nothing behind. */
void db_close(struct db *db);

/*
 * Gives the value of a key to the reader and returns what that returns.
 * ERR_NOT_FOUND, ERR_DAMAGED.
 */
enum err db_get(struct db *db, const char *key, size_t key_len,
    db_reader *reader, void *arg, struct error *why);

/*
 * Gives every key and value to the reader, in no order. As db_get, but for
 * ERR_NOT_FOUND.
 */
enum err db_each(
    struct db *db, db_reader *reader, void *arg, struct error *why);

/*
 * Makes all that can be read in it last, and its name, which a process may
 * have left so that was killed before it had synced them. ERR_SYSTEM.
 */
enum err db_sync(struct db *db, struct error *why);

/*
 * Starts a transaction, after a db_sync: libtdb writes over the place from
 * which the last one could be undone, and the disk must not have it half so,
 * half still valid. ERR_NOMEM, ERR_SYSTEM, ERR_DAMAGED.
 */
enum err db_begin(struct db *db, struct error *why);

/* Makes all that was put and deleted last through a power loss, at once. */
enum err db_commit(struct db *db, struct error *why);

/*
 * Stores a value, in place of an older one. Without a transaction a crash may
 * damage the database.
 */
enum err db_put(struct db *db, const char *key, size_t key_len,
    const uint8_t *value, size_t len, struct error *why);

/* Stores a value of a key that has none. ERR_EXISTS; likewise. */
enum err db_put_new(struct db *db, const char *key, size_t key_len,
    const uint8_t *value, size_t len, struct error *why);

/* One of these two. */
typedef enum err db_putter(struct db *db, const char *key, size_t key_len,
    const uint8_t *value, size_t len, struct error *why);

/* Deletes a key, if it is there; likewise. */
enum err db_delete(
    struct db *db, const char *key, size_t key_len, struct error *why);

#endif
