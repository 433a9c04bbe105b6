/*
 * Tokens that end with their first session (RECORD_UNTIL_LOGOUT). The record
 * keeps the start of the first one, and the boot; the list of sessions has the
 * live ones. If the host cannot write the end (it was killed, or has given up
 * root), the next login or sweep infers it from the two.
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
 * Notes that the token has begun, with a session already in the list below run;
 * record was read after that. The first session has to write this, or is
 * refused; later ones only check whether the token is over. ERR_REFUSED: it is;
 * or as store_open and store_commit. deadline is as in deadline.h.
 */
enum err until_logout_begin(const struct config *config, const char *run,
    const struct session *session, const struct record *record,
    int64_t deadline, struct error *why);

/*
 * Revokes the token with this id if it ends with its session, even if it was
 * deactivated meanwhile. A missing one is no error. deadline is as in
 * deadline.h. Errors as store_open and store_commit.
 */
enum err until_logout_revoke(const struct config *config, const char *id,
    int64_t now, int64_t deadline, struct error *why);

/*
 * Whether the token is over by the list below run: a session of it has ended;
 * or it began in another boot, or its first session is no longer listed. False
 * for other kinds of tokens. ERR_SYSTEM and others if that cannot be known.
 */
enum err until_logout_is_over(const char *run, const struct record *record,
    bool *over, struct error *why);

/*
 * Revokes the token with this id if it is over. Errors as until_logout_revoke
 * and until_logout_is_over.
 */
enum err until_logout_settle(const struct config *config, const char *run,
    const char *id, int64_t now, struct error *why);

/*
 * Sets begun to the start of the token's oldest live session in the list below
 * run, or to 0 if there is none. A token that is approved has begun with that
 * session. Errors as session_each.
 */
enum err until_logout_find_live(
    const char *run, const char *id, int64_t *begun, struct error *why);

/*
 * Removes the token's ended sessions from the list below run: one that is
 * approved begins anew. Errors as session_each.
 */
enum err until_logout_forget(
    const char *run, const char *id, struct error *why);

/*
 * Goes through the list below run: removes sessions that have ended, and
 * revokes the tokens that end with them. Returns the first error, after the
 * rest is done.
 */
enum err until_logout_collect(const struct config *config, const char *run,
    int64_t now, struct error *why);

#endif
