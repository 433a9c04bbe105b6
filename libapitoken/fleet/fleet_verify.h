/*
 * Judges what a transport brought: one issuer's head and all of its records.
 * It is taken as a whole or not at all; who carries it can withhold it, and
 * nothing more. Pure.
 */
#ifndef APITOKEN_FLEET_VERIFY_H
#define APITOKEN_FLEET_VERIFY_H

#include "base/error.h"
#include "fleet/fleet_known.h"
#include "fleet/fleet_snapshot.h"
#include "fleet/fleet_trust.h"

#define FLEET_CLOCK_SLACK (24 * 60 * 60) /* as of a token, see verdict.c */

struct fleet_expected {
	uint8_t fleet[FLEET_ID_LEN];
	const struct fleet_trust *trust;  /* of the issuer */
	const struct fleet_head *applied; /* of it; NULL: none yet */
	int64_t now;                      /* seconds */
};

/*
 * Judges the list, and sets hashes[i] to that of item i; there is room for all
 * of them. The head's signature was right: fleet_head_read has seen to that.
 *
 * ERR_REFUSED: of another fleet, issuer or key, older than what is applied, the
 * same with other records, or not what its head says. ERR_INVALID, ERR_NEWER: a
 * record that is not understood. The reason is one line.
 */
enum err fleet_verify(const struct fleet_list *list,
    const struct fleet_expected *expected, uint8_t (*hashes)[CRYPTO_HASH_LEN],
    struct error *why);

/*
 * The same of changes, which together with the records that were known before
 * have to be all that the head stands for: sets *after to those. Free it, even
 * after an error. ERR_REFUSED also if some change is missing; ERR_NOMEM.
 */
enum err fleet_verify_changes(const struct fleet_list *changes,
    const struct fleet_expected *expected, const struct fleet_known *before,
    uint8_t (*hashes)[CRYPTO_HASH_LEN], struct fleet_known *after,
    struct error *why);

/*
 * The same of a step from expected->applied: the items are those that change,
 * without bytes the ones that go. What is not among them is not looked at, so
 * this is for what this machine has signed itself.
 */
enum err fleet_verify_step(const struct fleet_list *step,
    const struct fleet_expected *expected, uint8_t (*hashes)[CRYPTO_HASH_LEN],
    struct error *why);

/*
 * The same of a head alone, whose records are those that are applied already:
 * ERR_REFUSED also if they are others.
 */
enum err fleet_verify_head(const struct fleet_head *head,
    const struct fleet_expected *expected, struct error *why);

#endif
