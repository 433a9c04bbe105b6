/* A change of what is issued, for fleet_change.c and fleet_publish.c only. */
#ifndef APITOKEN_FLEET_CHANGE_IMPL_H
#define APITOKEN_FLEET_CHANGE_IMPL_H

#include "fleet/fleet_change.h"
#include "fleet/fleet_hashes.h"

/* What is different of one id. */
struct fleet_changed {
	char id[TOKEN_ID_LEN + 1];
	bool is_drawn;
	bool ends_sessions;
	uint8_t hash[CRYPTO_HASH_LEN]; /* of the text, if it is drawn */
	struct fleet_hosts *hosts;     /* that it is for from now on; or NULL */
	bool is_foreign; /* another issuer's token: revocation says what */
	struct fleet_revocation *revocation; /* NULL: removed */
};

struct fleet_change {
	struct store *store;
	const struct config *config;
	const struct fleet_key *key;
	int64_t now;
	bool renews, adopts;
	struct fleet_hosts hosts;      /* of what is drawn */
	struct fleet_changed *changed; /* in order of their ids */
	size_t count;
	struct fleet_hashes hashes; /* at its end: all that is published */
	struct store_watch watch;
};

/*
 * Sets the bytes that are to be published of an id; *len 0: nothing is any
 * more. Errors as fleet_change_end.
 */
enum err fleet_change_encode(struct fleet_change *change,
    const struct fleet_changed *one, uint8_t bytes[FLEET_RECORD_MAX],
    size_t *len, struct error *why);

#endif
