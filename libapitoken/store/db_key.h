/*
 * The names of entries in the database, which libtdb calls their keys: one byte
 * for the kind, then a token's id or a user's name. The MAC of a value covers
 * both.
 */
#ifndef APITOKEN_DB_KEY_H
#define APITOKEN_DB_KEY_H

#include <stddef.h>

#include "base/crypto.h"
#include "token/record.h"

enum db_kind {
	DB_OTHER = 0,                 /* none of ours */
	DB_CHECK = CRYPTO_NAME_CHECK, /* see keycheck.h; it has no name */
	DB_LOGO = CRYPTO_NAME_LOGO,   /* a logo, by its token's id */
	DB_TOKEN = CRYPTO_NAME_TOKEN, /* a record, by its id */
	DB_USER = CRYPTO_NAME_USER,   /* an index, by its user's name */
};

#define DB_KEY_SIZE (1 + RECORD_USER_MAX) /* bytes, without a NUL */

/*
 * Makes the key of an entry, and returns its length. A name that is too long is
 * cut.
 */
size_t db_key_make(char key[DB_KEY_SIZE], enum db_kind kind, const char *name);

/* The kind and name of the entry with this key; or DB_OTHER and no name. */
enum db_kind db_key_parse(
    const char *key, size_t len, char name[RECORD_USER_MAX + 1]);

#endif
