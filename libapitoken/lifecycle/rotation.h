/*
 * Replacing a token by a new one with the same limits. The old one, its
 * predecessor, goes on until the successor's first login or the end of the
 * overlap, whichever comes first; it has given up its name and its place in
 * the quota. Rotating again before that first login replaces the successor,
 * so that there never are two, and never none.
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
	struct record replaced;    /* an unused successor that made way */
	bool has_replaced;
	struct record successor;
	struct record cut; /* the predecessor as it was left */
};

/*
 * Makes a successor for the token with this id, or for its predecessor if it
 * is an unused successor itself; text is the new token, to be wiped. It
 * lives as long as its predecessor was meant to, from now on, but no longer
 * than longest. overlap and longest are in seconds. ERR_POLICY for a token
 * that cannot log in; or as store_add.
 */
enum err rotation_start(struct rotation *rotation, struct store *store,
    const char *id, int64_t overlap, int64_t longest,
    const struct record_event *event, char text[TOKEN_LEN + 1],
    struct error *why);

/*
 * Takes a rotation back whose token nobody has seen. What others have changed
 * since, a revocation above all, stays. As store_put.
 */
enum err rotation_undo(
    const struct rotation *rotation, struct store *store, struct error *why);

/*
 * When a successor is used, within the change that notes it: revokes its
 * predecessor, whatever state that is in, and makes the successor an ordinary
 * token, which the caller stores. As store_put.
 */
enum err rotation_end(struct store *store, struct record *successor,
    int64_t now, struct error *why);

/*
 * The same, as a change of its own, at the successor's first login. A login
 * does not wait for it, with a deadline (see lock.h) that is past: the next
 * one, or the end of the overlap, does it otherwise.
 */
enum err rotation_finish(const struct config *config, const char *id,
    int64_t now, int64_t deadline, struct error *why);

/*
 * Whether the token has given up its name and its place in the quota: to a
 * successor that can log in and has not done so yet.
 */
bool rotation_has_given_way(
    struct store *store, const struct record *record, int64_t now);

/*
 * Before a token is removed: its counterpart in a rotation is an ordinary
 * token again. A predecessor keeps what the overlap has left it.
 */
enum err rotation_forget(
    struct store *store, const struct record *record, struct error *why);

#endif
