/*
 * The tokens, by id and by user. A store is opened, used and closed within one
 * hook or command. The lock is held while it is open, so nothing that may block
 * (name services, logs, output) happens meanwhile.
 */
#ifndef APITOKEN_STORE_H
#define APITOKEN_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "config/config.h"
#include "token/index.h"
#include "token/record.h"

/* The files in the store's directory. */
#define STORE_DATABASE "tokens.tdb"
#define STORE_LOCK "lock"

#define STORE_PATH_SIZE (CONFIG_PATH_MAX + 32)

/* The path of a file in that directory; its name must be short. */
void store_path(
    const struct config *config, const char *name, char path[STORE_PATH_SIZE]);

/*
 * Says which part of a store is missing (database, key or lock), and what to
 * do. Returns ERR_MISSING.
 */
enum err store_explain_missing(const struct config *config, struct error *why);

/* Whether this process has no right to the store, as who is not root. */
bool store_is_denied(const struct config *config);

/* The deadline (see deadline.h) of a wait for the store that begins now. */
int64_t store_deadline(const struct config *config);

/*
 * Milliseconds for which a long read may keep writers waiting, before the store
 * is closed and opened again.
 */
#define STORE_SLICE 100

struct store;

enum store_mode {
	STORE_READ,  /* shared with other readers; writes nothing */
	STORE_SCAN,  /* the same, for reading thousands of tokens */
	STORE_WRITE, /* exclusive, one transaction until store_commit */
};

/*
 * Opens the configured store; config must stay valid. deadline is as in
 * deadline.h. Close *store with store_close. ERR_MISSING, ERR_BUSY, ERR_UNSAFE,
 * ERR_KEY, ERR_DAMAGED, ERR_NEWER, ERR_NOMEM, ERR_SYSTEM.
 */
enum err store_open(struct store **store, const struct config *config,
    enum store_mode mode, int64_t deadline, struct error *why);

/*
 * Opens a private copy of the database (see snapshot.h), open as fd, for
 * reading and writing, without a lock. An empty file becomes a store without
 * tokens. There is no commit: the file holds what was written when the store is
 * closed. Errors as store_open.
 */
enum err store_open_private(struct store **store, const struct config *config,
    int fd, struct error *why);

/* Closes it, undoes what was not committed, and releases the lock. */
void store_close(struct store *store);

/*
 * Commits all changes since store_open. ERR_SYSTEM and others: none of them is
 * kept.
 */
enum err store_commit(struct store *store, struct error *why);

/*
 * Reads the token with this id. ERR_NOT_FOUND, ERR_DAMAGED, ERR_NEWER,
 * ERR_KEY, ERR_SYSTEM; *record is empty then.
 */
enum err store_get(struct store *store, const char id[TOKEN_ID_LEN + 1],
    struct record *record, struct error *why);

/*
 * Reads the ids of a user's tokens, in order of issue; free index with
 * index_free. A user without tokens has an empty one. Errors as store_get.
 */
enum err store_get_index(struct store *store, const char *user,
    struct index *index, struct error *why);

/* Called with a user's name; any return but ERR_OK ends the walk. */
typedef enum err store_user_reader(const char *user, void *arg);

/*
 * Calls the reader for every user who has tokens, dead ones included, in no
 * order.
 */
enum err store_each_user(struct store *store, store_user_reader *reader,
    void *arg, struct error *why);

/* Called with the id of a token; any return but ERR_OK ends the walk. */
typedef enum err store_id_reader(const char id[TOKEN_ID_LEN + 1], void *arg);

/* Calls the reader for every token, readable or not, in no order. */
enum err store_each_id(
    struct store *store, store_id_reader *reader, void *arg, struct error *why);

/* Stores a record in place of its older version. */
enum err store_put(
    struct store *store, const struct record *record, struct error *why);

/* Stores a new record and adds it to its user's index. ERR_EXISTS. */
enum err store_add(
    struct store *store, const struct record *record, struct error *why);

/*
 * The two halves of store_add, to add many at once: the first stores a new
 * record (ERR_EXISTS), the second replaces a user's index.
 */
enum err store_put_new(
    struct store *store, const struct record *record, struct error *why);
enum err store_put_index(struct store *store, const char *user,
    const struct index *index, struct error *why);

/* Removes a record and its logo, also from its user's index. */
enum err store_remove(
    struct store *store, const struct record *record, struct error *why);

/*
 * The digest of a token's canonical text (token.h) under this store's key: of
 * the BLAKE2b-256 of the text, so that whoever knows only that hash can seal it
 * under another key.
 */
void store_digest(const struct store *store, const char *canonical,
    uint8_t digest[CRYPTO_HASH_LEN]);

/*
 * Draws a token of the record's kind: sets its text, which the caller wipes,
 * and the record's id and digest. ERR_RANDOM.
 */
CRYPTO_CHECKED enum err store_draw_token(const struct store *store,
    struct record *record, char text[TOKEN_LEN + 1], struct error *why);

/*
 * Called with the id of each token that is put or removed, and with each that
 * is drawn and its text; for a store whose tokens stand elsewhere, too.
 */
struct store_watch {
	enum err (*changed)(const char id[TOKEN_ID_LEN + 1], void *arg);
	enum err (*drawn)(const char id[TOKEN_ID_LEN + 1],
	    const char text[TOKEN_LEN + 1], void *arg);
	void *arg;
};

/* Whom to call; it has to outlive the store. */
void store_set_watch(struct store *store, const struct store_watch *watch);

/*
 * Whether text, as it was typed, is the token of the record. Digests are
 * compared in constant time.
 */
bool store_matches(
    const struct store *store, const char *text, const struct record *record);

#endif
