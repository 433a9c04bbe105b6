/*
 * Replaces a token with a new one with the same limits. The old one, its
 * predecessor, goes on until the successor's first login or the end of the
 * overlap, whichever comes first; it has given up its name and its place in the
 * quota, and its logo. Rotating again before that first login replaces the
 * successor, so that there is always exactly one.
 */
#ifndef APITOKEN_ROTATION_H
#define APITOKEN_ROTATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "config/config.h"
#include "store/store.h"
#include "token/record.h"

struct rotation {
	struct record predecessor; /* as it was before */
	struct record replaced;    /* an unused successor that was replaced */
	bool has_replaced;
	struct record successor;
	struct record cut; /* the predecessor as it was left */
};

/* In seconds, or TIME_NEVER. */
struct rotation_times {
	int64_t overlap; /* how long the predecessor goes on, at most */
	int64_t longest; /* how long the successor lives, at most */
	int64_t renewed; /* and how long, if its predecessor has expired */
};

/*
 * Makes a successor for the token with this id, or for its predecessor if it is
 * an unused successor itself; text is the new token; the caller wipes it. It
 * lives as long as its predecessor was meant to, from now on or from their
 * common start; that of an expired one, which stays so, as long as times say.
 * ERR_POLICY for a token that can neither log in nor be renewed; or as
 * store_add.
 */
enum err rotation_start(struct rotation *rotation, struct store *store,
    const char *id, const struct rotation_times *times,
    const struct record_event *event, char text[TOKEN_LEN + 1],
    struct error *why);

/*
 * Whether all that is wrong with the token is that it has expired: no token for
 * one login or until log-out, and neither revoked nor deactivated.
 */
bool rotation_can_renew(const struct record *record, int64_t now);

/*
 * After the token's expiry or start was set: a successor will live as long as
 * this token does from now, or its start, on, not from its creation.
 */
void rotation_set_life(struct record *record, int64_t now);

/*
 * Undoes a rotation whose token nobody has seen. What others have changed
 * since, above all a revocation, stays. Errors as store_put.
 */
enum err rotation_undo(
    const struct rotation *rotation, struct store *store, struct error *why);

/*
 * For the change that notes the use of a successor: revokes its predecessor,
 * whatever its state, and makes the successor an ordinary token, which the
 * caller stores. Errors as store_put.
 */
enum err rotation_end(struct store *store, struct record *successor,
    int64_t now, struct error *why);

/*
 * The same, as a change of its own, at the successor's first login. A login
 * passes a deadline (see deadline.h) in the past, so as not to wait: failing
 * that, the next login, a sweep, or the end of the overlap does it.
 */
enum err rotation_finish(const struct config *config, const char *id,
    int64_t now, int64_t deadline, struct error *why);

/*
 * Whether the token has given up its name and its place in the quota: to this
 * successor, which can log in but has not yet.
 */
bool rotation_gives_way_to(
    const struct record *record, const struct record *successor, int64_t now);

/*
 * The token's successor, used or not, whatever its state. ERR_NOT_FOUND: it has
 * none, or one that is damaged, or of a newer version, and lets nobody in here.
 * ERR_NOMEM, ERR_SYSTEM.
 */
enum err rotation_find_successor(struct record *successor, struct store *store,
    const struct record *record, struct error *why);

/* rotation_gives_way_to, of the successor there is. ERR_NOMEM, ERR_SYSTEM. */
enum err rotation_has_given_way(bool *gave_way, struct store *store,
    const struct record *record, int64_t now, struct error *why);

/*
 * Before a token is removed: makes its counterpart in a rotation an ordinary
 * token again. A predecessor keeps the expiry that the overlap left it.
 */
enum err rotation_forget(
    struct store *store, const struct record *record, struct error *why);

#endif
