/*
 * The life of a token: all that changes whether it can log in, in one table.
 * What becomes of a record's state stands here alone; others set it only where
 * a record is made: active. Pure.
 *
 *                 active        revoked   deactivated   expired
 *   revoke        revoked       -         revoked       revoked
 *   replace       revoked       -         revoked       revoked
 *   disable       deactivated   -         -             -
 *   doubt         deactivated   -         -             deactivated
 *   use-up        revoked       -         -             -
 *   log-out       revoked       -         revoked       revoked
 *   approve       -             active    active        -
 *   approve-all   -             -         active        -
 *
 * A `-` changes nothing; what expires when it was revoked already stays so. One
 * that has expired is refused whatever its state, and nothing in this table
 * gives it time: that is final.
 *
 * The expiry is set by issue and, of the successor, by rotate; edit sets
 * another while the token has not expired. rotate cuts the predecessor's at the
 * end of the overlap. Whatever ends the successor leaves what is left to the
 * predecessor as it is; only a rotation that is undone, since nobody has seen
 * its token, gives back what it has taken itself. See rotation.h.
 */
#ifndef APITOKEN_LIFE_TABLE_H
#define APITOKEN_LIFE_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "token/record.h"

enum life_event {
	LIFE_REVOKE,      /* by somebody; with an unused successor */
	LIFE_REPLACE,     /* its successor is used */
	LIFE_DISABLE,     /* its account is disabled or gone */
	LIFE_DOUBT,       /* its record may be an old one; see repair.h */
	LIFE_USE_UP,      /* the login of a token for one login */
	LIFE_LOG_OUT,     /* the end of a session of one until log-out */
	LIFE_APPROVE,     /* of this very token */
	LIFE_APPROVE_ALL, /* of a user's tokens: what was deactivated */
};
#define LIFE_EVENTS (LIFE_APPROVE_ALL + 1)

/* The state after an event; the same if it changes nothing. */
enum record_state life_next(
    enum life_event event, enum record_state state, bool is_expired);

/*
 * Changes the record as the table says, and keeps who, when and why: how, in
 * which at is the time of the event, too. False: nothing was changed.
 */
bool life_apply(struct record *record, enum life_event event,
    const struct record_event *how);

#endif
