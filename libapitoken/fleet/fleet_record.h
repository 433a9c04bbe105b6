/*
 * A record of a fleet: what an issuer says of one token, as bytes that are the
 * same everywhere. Pure.
 *
 * The bytes are a version (1), then fields in ascending order of their tags,
 * none twice: tag (2 bytes, highest first), length (4) and content. There is
 * one encoding for each record. The token's id is not in them: it is the name
 * under which they stand, and in their hash.
 */
#ifndef APITOKEN_FLEET_RECORD_H
#define APITOKEN_FLEET_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto.h"
#include "base/error.h"
#include "token/record.h"

#define FLEET_HOSTS_MAX 64
#define FLEET_HOSTS_LEN (FLEET_HOSTS_MAX * (PARSE_HOST_MAX + 1))
#define FLEET_RECORD_MAX 16384               /* bytes */
#define FLEET_TIME_MAX INT64_C(253402300799) /* the end of the year 9999 */

enum fleet_kind {
	FLEET_TOKEN = 1,  /* of the issuer's own */
	FLEET_REVOKE = 2, /* of another issuer's token, by this one */
};

struct fleet_record {
	enum fleet_kind kind;
	/*
	 * Of a token: digest (what stands there is up to who reads: in the
	 * fleet it is the BLAKE2b-256 of the text), state, user, uid, name,
	 * services, scopes, from, starts, expires, created.at, ended. Of a
	 * revocation: ended, and expires of the token. All else is empty; so
	 * is the id, see above.
	 */
	struct record token;
	bool has_uid;
	bool ends_sessions;           /* once it is revoked, on all machines */
	char hosts[FLEET_HOSTS_LEN];  /* a list; hosts and groups "": all */
	char groups[FLEET_HOSTS_LEN]; /* likewise, of groups of hosts */
};

/*
 * Encodes the record and sets *len. ERR_INVALID if a value breaks its rule: it
 * could not be decoded.
 */
enum err fleet_record_encode(const struct fleet_record *record,
    uint8_t bytes[FLEET_RECORD_MAX], size_t *len);

/*
 * Decodes it. ERR_INVALID, or ERR_NEWER for a version, kind or tag that is not
 * known; *record is empty then.
 */
enum err fleet_record_decode(
    struct fleet_record *record, const uint8_t *bytes, size_t len);

/* Its hash: over the id and the bytes. */
void fleet_record_hash(uint8_t hash[CRYPTO_HASH_LEN],
    const char id[TOKEN_ID_LEN + 1], const uint8_t *bytes, size_t len);

#endif
