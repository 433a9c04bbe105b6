/*
 * All that a host knows of one id of a fleet, as one value of fleet.tdb: what
 * each issuer says of it, its own token or a revocation of another's, and what
 * the host itself says. In one value, since libtdb does not notice an entry
 * that damage has made unreachable: a revocation with a place of its own could
 * vanish and nobody would know. Pure.
 */
#ifndef APITOKEN_FLEET_ENTRY_H
#define APITOKEN_FLEET_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/parse.h"
#include "fleet/fleet_record.h"
#include "store/key.h"
#include "token/record.h"

#define FLEET_ISSUERS_MAX 64

/*
 * What the host says of an issuer's token. It holds here alone, whatever the
 * issuer says.
 */
struct fleet_overlay {
	bool has_uid;  /* bound to the one first seen, so that a */
	uid_t uid;     /* name that is made anew does not inherit */
	bool is_local; /* with has_uid: the account is in /etc/passwd */
	/* Revoked or deactivated here; 0: neither */
	enum record_state state;
	bool is_retained; /* by another issuer, see fleet_retain.h */
	struct record_event ended;
};

/* Takes back what the host has said of its state. */
void fleet_overlay_clear(struct fleet_overlay *overlay);

/* What an issuer says, and what the host says of that. */
struct fleet_part {
	char issuer[PARSE_HOST_MAX + 1];
	uint8_t hash[CRYPTO_HASH_LEN]; /* of the record as it came */
	/*
	 * The record, in which the digest is now the one under this host's key;
	 * not owned. None: it says nothing any more.
	 */
	const uint8_t *bytes;
	size_t len;
	struct fleet_overlay overlay;
};

struct fleet_entry {
	struct fleet_part *parts; /* by issuer, ascending */
	size_t count;             /* to FLEET_ISSUERS_MAX */
	uint8_t *value; /* what the parts' bytes are in, if it was opened */
};

/*
 * Opens a value that was stored under id; free the entry, even after an error.
 * ERR_DAMAGED, ERR_NEWER, ERR_NOMEM.
 */
enum err fleet_entry_open(struct fleet_entry *entry, const struct keys *keys,
    const char id[TOKEN_ID_LEN + 1], const uint8_t *value, size_t len);

void fleet_entry_free(struct fleet_entry *entry);

/* Seals it: sets *value, to be freed. ERR_NOMEM. */
enum err fleet_entry_seal(const struct fleet_entry *entry,
    const struct keys *keys, const char id[TOKEN_ID_LEN + 1], uint8_t **value,
    size_t *len);

/* Whether there is nothing to be kept. */
bool fleet_entry_is_empty(const struct fleet_entry *entry);

/* The part of an issuer; NULL: there is none. */
struct fleet_part *fleet_entry_find(
    const struct fleet_entry *entry, const char *issuer);

/*
 * Sets what an issuer says: hash and bytes, which must stay valid. What the
 * host says of it remains. ERR_POLICY if there are too many issuers, ERR_NOMEM.
 */
enum err fleet_entry_put(struct fleet_entry *entry, const char *issuer,
    const uint8_t hash[CRYPTO_HASH_LEN], const uint8_t *bytes, size_t len);

/* The issuer says nothing any more. What the host says of it remains. */
void fleet_entry_drop(struct fleet_entry *entry, const char *issuer);

#endif
