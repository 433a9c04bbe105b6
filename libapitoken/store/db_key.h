/*
 * The names of entries in the database, which libtdb calls their keys: one
 * byte that tells the kind, and behind it the id of a token or the name of a
 * user. The MAC of a value is over both.
 */
#ifndef APITOKEN_DB_KEY_H
#define APITOKEN_DB_KEY_H

#include <stddef.h>

#include "base/crypto.h"
#include "token/record.h"

enum db_kind {
	DB_OTHER = 0,                 /* none of ours */
	DB_CHECK = CRYPTO_NAME_CHECK, /* see keycheck.h; it has no name */
	DB_TOKEN = CRYPTO_NAME_TOKEN, /* a record, by its id */
	DB_USER = CRYPTO_NAME_USER,   /* an index, by its user's name */
};

#define DB_KEY_SIZE (1 + RECORD_USER_MAX) /* bytes; no zero ends it */

/*
 * Makes the key of an entry, and returns its length. A name that is longer
 * than a user's may be is cut.
 */
size_t db_key_make(char key[DB_KEY_SIZE], enum db_kind kind, const char *name);

/* What an entry with this key is, and its name; or DB_OTHER, and none. */
enum db_kind db_key_parse(
    const char *key, size_t len, char name[RECORD_USER_MAX + 1]);

#endif
