/*
 * Revocations that their issuer does not publish any more. It may have lost
 * them with its store, or its clock may be ahead: what was acknowledged would
 * be undone. So a host goes on with such a revocation, as one of its own, until
 * the token's issuer says itself that it is revoked, or it is expired, or
 * `approve --local`. Pure.
 */
#ifndef APITOKEN_FLEET_RETAIN_H
#define APITOKEN_FLEET_RETAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "fleet/fleet_entry.h"

/*
 * Before what an issuer says of the entry's id goes, or becomes something that
 * is no revocation: if it is one, retains it for each token of the id. now is
 * in seconds. ERR_NEWER, ERR_INVALID: a part of the entry is not understood.
 */
enum err fleet_retain(
    struct fleet_entry *entry, const char *issuer, int64_t now);

/*
 * After the issuer's part was set: what is retained of its token ends if that
 * says itself that it is revoked. Errors likewise.
 */
enum err fleet_retain_end(struct fleet_entry *entry, const char *issuer);

/* A revocation by an issuer, for who is not that issuer: by is `ISSUER:WHO`. */
struct record_event fleet_revoked_by(
    const char *issuer, const struct record_event *ended);

/* Whether nobody needs the revocation of a token any more that expires then. */
bool fleet_is_long_expired(int64_t expires, int64_t now);

#endif
