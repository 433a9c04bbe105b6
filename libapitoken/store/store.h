/*
 * The tokens, by id and by user. A store is opened, used and closed within
 * one hook or command: while it is open the lock is held, so nothing that may
 * wait (name services, logs, output) happens meanwhile.
 */
#ifndef APITOKEN_STORE_H
#define APITOKEN_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "config/config.h"
#include "token/index.h"
#include "token/record.h"

/* What lies in the directory of the store. */
#define STORE_DATABASE "tokens.tdb"
#define STORE_LOCK "lock"

#define STORE_PATH_SIZE (CONFIG_PATH_MAX + 32)

/* The path of a file in that directory, whose name is short. */
void store_path(
    const struct config *config, const char *name, char path[STORE_PATH_SIZE]);

/*
 * Says which part of a store is missing, and what is to be done: database, key
 * or lock. Returns ERR_MISSING.
 */
enum err store_explain_missing(const struct config *config, struct error *why);

/* The deadline (see lock.h) for whoever begins to wait for the store now. */
int64_t store_deadline(const struct config *config);

/*
 * For how many milliseconds whoever reads very many tokens may keep writers
 * waiting, before the store is closed and opened again.
 */
#define STORE_SLICE 100

struct store;

enum store_mode {
	STORE_READ,  /* shared with other readers; writes nothing */
	STORE_SCAN,  /* the same, for reading thousands of tokens */
	STORE_WRITE, /* alone, in one transaction that store_commit ends */
};

/*
 * Opens the store that config names; config must stay. deadline is as in
 * lock.h. *store is to be closed by store_close.
 * ERR_MISSING, ERR_BUSY, ERR_UNSAFE, ERR_KEY, ERR_DAMAGED, ERR_NEWER,
 * ERR_NOMEM, ERR_SYSTEM.
 */
enum err store_open(struct store **store, const struct config *config,
    enum store_mode mode, int64_t deadline, struct error *why);

/*
 * Opens a private copy of the database (see snapshot.h), of which fd is a
 * descriptor, without a lock, for reading and writing. An empty file becomes a
 * store without tokens. There is nothing to commit: what the file holds when
 * the store is closed is all there is. Errors as store_open.
 */
enum err store_open_private(struct store **store, const struct config *config,
    int fd, struct error *why);

/* Closes it and gives the lock up. What was not committed is undone. */
void store_close(struct store *store);

/*
 * Makes all changes since store_open last. ERR_SYSTEM and others: nothing of
 * them is kept.
 */
enum err store_commit(struct store *store, struct error *why);

/*
 * Reads the token with this id. ERR_NOT_FOUND, ERR_DAMAGED, ERR_NEWER,
 * ERR_KEY, ERR_SYSTEM; *record is empty then.
 */
enum err store_get(struct store *store, const char id[TOKEN_ID_LEN + 1],
    struct record *record, struct error *why);

/*
 * Reads the ids of a user's tokens, in order of issue; index is to be freed
 * by index_free. A user without tokens has an empty one. Errors as store_get.
 */
enum err store_get_index(struct store *store, const char *user,
    struct index *index, struct error *why);

/* Takes one user's name; what is not ERR_OK ends the search. */
typedef enum err store_user_reader(const char *user, void *arg);

/* Names every user who has tokens, dead ones included, in no order. */
enum err store_each_user(struct store *store, store_user_reader *reader,
    void *arg, struct error *why);

/* Takes the id of a token; what is not ERR_OK ends the search. */
typedef enum err store_id_reader(const char id[TOKEN_ID_LEN + 1], void *arg);

/* Names every token there is, in no order, whether it can be read or not. */
enum err store_each_id(
    struct store *store, store_id_reader *reader, void *arg, struct error *why);

/* Stores a record in place of its older version. */
enum err store_put(
    struct store *store, const struct record *record, struct error *why);

/* Stores a new record and enters it for its user. ERR_EXISTS. */
enum err store_add(
    struct store *store, const struct record *record, struct error *why);

/*
 * The two halves of store_add, for who adds many at once: stores a new record,
 * ERR_EXISTS; and stores the ids of a user in place of what was there.
 */
enum err store_put_new(
    struct store *store, const struct record *record, struct error *why);
enum err store_put_index(struct store *store, const char *user,
    const struct index *index, struct error *why);

/* Removes a record, and takes it out of its user's index. */
enum err store_remove(
    struct store *store, const struct record *record, struct error *why);

/* The digest of a token text under this store's key. */
void store_digest(const struct store *store, const char text[TOKEN_LEN + 1],
    uint8_t digest[CRYPTO_HASH_LEN]);

/* Whether text is the token of the record. In constant time. */
bool store_matches(const struct store *store, const char text[TOKEN_LEN + 1],
    const struct record *record);

#endif
