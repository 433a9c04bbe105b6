/*
 * Tokens that end with their first session (RECORD_UNTIL_LOGOUT). The record
 * remembers the start of the first one, and the boot; the list of sessions has
 * those that live. Where the end cannot be written by who sees it (the host was
 * killed, or has given root up), the two of them tell the next who looks: a
 * login, or a sweep.
 */
#ifndef APITOKEN_UNTIL_LOGOUT_H
#define APITOKEN_UNTIL_LOGOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "config/config.h"
#include "session/session_list.h"
#include "token/record.h"

/*
 * Notes that the token has begun, with a session that is in the list below run
 * already; record is its record, as it was read since then. The first session
 * writes, and is none if it cannot; of others it is only asked whether the
 * token is over. ERR_REFUSED: it is; or as store_open and store_commit.
 * deadline is as in lock.h.
 */
enum err until_logout_begin(const struct config *config, const char *run,
    const struct session *session, const struct record *record,
    int64_t deadline, struct error *why);

/*
 * Revokes the token with this id if it ends with its session; also one that was
 * deactivated meanwhile. One that is gone is no error. deadline is as in
 * lock.h. As store_open and store_commit.
 */
enum err until_logout_revoke(const struct config *config, const char *id,
    int64_t now, int64_t deadline, struct error *why);

/*
 * Whether the token is over by the list below run: a session of it has ended;
 * or it has begun, and did so in another boot, or its first session is not
 * listed any more. Of a token of another kind, never. ERR_SYSTEM and others if
 * that cannot be known.
 */
enum err until_logout_is_over(const char *run, const struct record *record,
    bool *over, struct error *why);

/*
 * Revokes the token with this id if it is over. As until_logout_revoke, and as
 * until_logout_is_over.
 */
enum err until_logout_settle(const struct config *config, const char *run,
    const char *id, int64_t now, struct error *why);

/*
 * Sets begun to the start of the session in the list below run that has lived
 * longest of the token's: to whoever approves it, it has begun with that. 0: it
 * has none. As session_each.
 */
enum err until_logout_find_live(
    const char *run, const char *id, int64_t *begun, struct error *why);

/*
 * Takes sessions of the token that are over out of the list below run: one that
 * is approved begins anew. As session_each.
 */
enum err until_logout_forget(
    const char *run, const char *id, struct error *why);

/*
 * Goes through the list below run: revokes the tokens of sessions that are
 * over, if they end with them, and takes these sessions out. The first error is
 * returned when all others have been seen to.
 */
enum err until_logout_collect(const struct config *config, const char *run,
    int64_t now, struct error *why);

#endif
