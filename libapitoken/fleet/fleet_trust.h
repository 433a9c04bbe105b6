/*
 * Whom this host believes: /etc/apitoken/issuers/NAME.pub for each issuer, a
 * file of root's, in the form of apitoken.conf:
 *
 *	[issuer]
 *	key = 64 hexadecimal digits, its public key
 *	may = issue, revoke
 *	users = alice, bob
 *	services = any
 *	not_after = 2027-12-31
 *
 * All five keys are needed. What is not understood is an error, never passed
 * over: it may be the issuer who revokes.
 */
#ifndef APITOKEN_FLEET_TRUST_H
#define APITOKEN_FLEET_TRUST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "config/config.h"
#include "fleet/fleet_entry.h"
#include "fleet/fleet_head.h"

struct fleet_trust {
	char issuer[PARSE_HOST_MAX + 1];
	uint8_t key[CRYPTO_SIGNATURE_KEY_LEN];
	bool may_issue, may_revoke;
	char users[CONFIG_ALLOW_MAX + 1];       /* a list of users, or `any` */
	char services[RECORD_SERVICES_MAX + 1]; /* a list, or `any` */
	int64_t not_after; /* the last second, or TIME_NEVER */
};

struct fleet_trusts {
	struct fleet_trust *each;
	size_t count;
};

/*
 * Parses the text of a file; name stands for it in errors. Sets all but the
 * issuer's name. Pure. ERR_CONFIG.
 */
enum err fleet_trust_parse(struct fleet_trust *trust, const char *text,
    size_t len, const char *name, struct error *why);

/*
 * Reads all files NAME.pub of a directory, which may be missing. Free the
 * trusts, even after an error. ERR_CONFIG, ERR_UNSAFE, ERR_SYSTEM, ERR_NOMEM.
 */
enum err fleet_trusts_read(
    struct fleet_trusts *trusts, const char *directory, struct error *why);

void fleet_trusts_free(struct fleet_trusts *trusts);

/*
 * The one with this name, if it is trusted now, in seconds; NULL: it is not.
 */
const struct fleet_trust *fleet_trusts_find(
    const struct fleet_trusts *trusts, const char *issuer, int64_t now);

/* Whether its not_after is not over. */
bool fleet_trust_lasts(const struct fleet_trust *trust, int64_t now);

#endif
