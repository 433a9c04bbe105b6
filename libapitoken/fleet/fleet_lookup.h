/*
 * What a host knows of a fleet's token when somebody logs in with it: the
 * heartbeat, fleet.tdb, and the files of trust, in this order. Nothing is
 * written here.
 *
 * A token is accepted if it is active by an issuer who is trusted now, nobody's
 * revocation names it, this host does not forbid it, it is for this host, and
 * all is fresh that is known of every trusted issuer who may revoke, and of the
 * token's own, whose revocation stands in its record.
 */
#ifndef APITOKEN_FLEET_LOOKUP_H
#define APITOKEN_FLEET_LOOKUP_H

#include <stdbool.h>

#include "base/error.h"
#include "config/config.h"
#include "fleet/fleet_fresh.h"
#include "token/record.h"

enum fleet_answer {
	FLEET_NOT_ASKED = 0, /* no token of a fleet */
	FLEET_UNKNOWN,       /* nobody's, as far as is known */
	FLEET_WRONG_SECRET,
	FLEET_UNTRUSTED,   /* its issuer is not, or not for this */
	FLEET_ELSEWHERE,   /* it is for other hosts */
	FLEET_TOO_OLD,     /* what is known is not fresh */
	FLEET_UNKNOWN_YET, /* likewise, and the id is not known */
	FLEET_SEEN,        /* the record says the rest */
};

/* The word for it in a log, if it is a reason to refuse; or NULL. */
const char *fleet_answer_name(enum fleet_answer answer);

struct fleet_lookup {
	enum fleet_answer answer;
	char issuer[PARSE_HOST_MAX + 1]; /* of the token; or "" */
	bool is_stale;   /* seen nevertheless: when_stale = best_effort */
	bool is_unbound; /* the record has no uid: it is the account's */
	bool is_named;   /* the trust names the user, not `any` */
};

/* Who wants to log in, with what; text may be NULL: only the id is known. */
struct fleet_query {
	const char *id, *text, *user, *service;
	const char *run;       /* the runtime directory, see rundir.h */
	int64_t deadline, now; /* of the lock; seconds */
};

/*
 * Looks for the token, and sets *lookup and *record, which is empty if there is
 * none, and has the state that counts here: that of a revocation, of the
 * overlay, or the issuer's. ERR_OK, or trouble of any kind.
 */
enum err fleet_lookup_run(struct fleet_lookup *lookup, struct record *record,
    const struct config *config, const struct fleet_query *query,
    struct error *why);

/*
 * Once the account is known: a system account's tokens need a trust that names
 * it; one that is not bound to a uid is that of the account.
 */
void fleet_lookup_account(
    struct fleet_lookup *lookup, struct record *record, uid_t uid);

#endif
