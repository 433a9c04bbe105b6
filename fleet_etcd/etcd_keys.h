/*
 * Where things stand in etcd: PREFIX/head/ISSUER and PREFIX/rec/ISSUER/ID, each
 * issuer writing its own and no others.
 */
#ifndef APITOKEN_ETCD_KEYS_H
#define APITOKEN_ETCD_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/parse.h"
#include "token/token.h"

#define ETCD_PREFIX_MAX 128
#define ETCD_KEY_MAX                                                           \
	(ETCD_PREFIX_MAX + 8 + PARSE_HOST_MAX + 1 + TOKEN_ID_LEN + 1)

/* The head of an issuer, the record of an id; name or id "": before all. */
void etcd_key_head(
    char key[ETCD_KEY_MAX + 1], const char *prefix, const char *issuer);
void etcd_key_record(char key[ETCD_KEY_MAX + 1], const char *prefix,
    const char *issuer, const char *id);

/* The key that is behind all that begin with this one. */
void etcd_key_end(char end[ETCD_KEY_MAX + 1], const char *key);

/* The key before all heads and records. */
void etcd_key_all(char key[ETCD_KEY_MAX + 1], const char *prefix);

/*
 * Of which issuer the key is, and of which id, or "" if it is a head's. False:
 * it is neither.
 */
bool etcd_key_read(const char *key, size_t len, const char *prefix,
    char issuer[PARSE_HOST_MAX + 1], char id[TOKEN_ID_LEN + 1]);

/* What is behind the last slash. */
const char *etcd_key_name(const char *key);

#endif
