/*
 * The life of a token: everything that changes whether it can log in, in one
 * table. Only this changes the state of a record; others set it once, to
 * active, when they make one. Pure.
 *
 *                 active        revoked   deactivated   expired
 *   revoke        revoked       -         revoked       revoked
 *   replace       revoked       -         revoked       revoked
 *   disable       deactivated   -         -             -
 *   unused        deactivated   -         -             -
 *   doubt         deactivated   -         -             deactivated
 *   use-up        revoked       -         -             -
 *   log-out       revoked       -         revoked       revoked
 *   approve       -             active    active        -
 *   approve-all   -             -         active        -
 *
 * A `-` changes nothing; a revoked token that expires stays revoked. An expired
 * token is refused whatever its state, and nothing in this table gives it more
 * time: expiry is final.
 *
 * issue sets the expiry, and rotate the successor's; edit changes it until the
 * token has expired. rotate cuts the predecessor's to the end of the overlap.
 * Ending the successor does not undo that; only undoing the rotation, since
 * nobody has seen its token, gives back what it took. Of a token that has
 * merely expired, rotate makes a successor; it stays expired. See rotation.h.
 */
#ifndef APITOKEN_LIFE_TABLE_H
#define APITOKEN_LIFE_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "token/record.h"

enum life_event {
	LIFE_REVOKE,      /* by somebody; or with its unused successor */
	LIFE_REPLACE,     /* its successor is used */
	LIFE_DISABLE,     /* its account is disabled or gone */
	LIFE_UNUSED,      /* for longer than the policy allows */
	LIFE_DOUBT,       /* its record may be an old one; see repair.h */
	LIFE_USE_UP,      /* the login of a token for one login */
	LIFE_LOG_OUT,     /* end of a session, for one until log-out */
	LIFE_APPROVE,     /* of this token alone */
	LIFE_APPROVE_ALL, /* of all of a user's deactivated tokens */
};
#define LIFE_EVENTS (LIFE_APPROVE_ALL + 1)

/* The state after an event; the same if it changes nothing. */
enum record_state life_next(
    enum life_event event, enum record_state state, bool is_expired);

/* Whether an event now would change the record. */
bool life_changes(
    enum life_event event, const struct record *record, int64_t now);

/*
 * Changes the record as the table says, and keeps how: who, why and when, the
 * time of the event. False: nothing was changed.
 */
bool life_apply(struct record *record, enum life_event event,
    const struct record_event *how);

#endif
