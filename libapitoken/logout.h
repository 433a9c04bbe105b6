/*
 * Tokens that end with their first session (RECORD_UNTIL_LOGOUT). Where the
 * end cannot be written by who sees it (the host was killed, or has given root
 * up), the list of sessions tells the next who looks: a login, or a sweep.
 */
#ifndef APITOKEN_LOGOUT_H
#define APITOKEN_LOGOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "config.h"
#include "error.h"

/*
 * Revokes the token with this id if it ends with its session, and can still log
 * in. One that is gone is no error. deadline is as in lock.h. As store_open and
 * store_commit.
 */
enum err logout_revoke(const struct config *config, const char *id, int64_t now,
    int64_t deadline, struct error *why);

/*
 * Whether a session of the token in the list below run is over. ERR_SYSTEM and
 * others if that cannot be known.
 */
enum err logout_has_happened(
    const char *run, const char *id, bool *happened, struct error *why);

/*
 * Takes sessions of the token that are over out of the list below run: one that
 * is approved begins anew. As session_each.
 */
enum err logout_forget(const char *run, const char *id, struct error *why);

/*
 * Goes through the list below run: revokes the tokens of sessions that are
 * over, if they end with them, and takes these sessions out. The first error is
 * returned when all others have been seen to.
 */
enum err logout_collect(const struct config *config, const char *run,
    int64_t now, struct error *why);

#endif
