/*
 * The logos of tokens, each a value of its own beside the token's record: a
 * login never reads one. store_remove takes it along.
 */
#ifndef APITOKEN_LOGOS_H
#define APITOKEN_LOGOS_H

#include <stdint.h>

#include "base/error.h"
#include "store/store.h"
#include "token/logo.h"
#include "token/record.h"

/*
 * A database ends at 4 GiB. Logos do not make it grow beyond this size, so that
 * there is always room for tokens, and for what is written about them.
 */
#define LOGOS_ROOM (UINT64_C(2) << 30)

/*
 * Reads the logo that the record names. ERR_NOT_FOUND: it has none;
 * ERR_DAMAGED: what is there is not that one; ERR_NEWER, ERR_SYSTEM.
 */
enum err logos_get(struct store *store, const struct record *record,
    struct logo *logo, struct error *why);

/*
 * Stores the logo in place of the token's older one; NULL: takes that away. The
 * record is noted (logo_note) and stored by the caller, in the same
 * transaction. ERR_POLICY: there is no room.
 */
enum err logos_put(struct store *store, const struct record *record,
    const struct logo *logo, struct error *why);

/* The same, wherever it comes from: a backup's. */
enum err logos_put_back(struct store *store, const struct record *record,
    const struct logo *logo, struct error *why);

/*
 * Makes the logo of one token that of another, which has none, and notes it in
 * both records; the caller stores them. One that is damaged goes to nobody.
 */
enum err logos_move(struct store *store, struct record *from, struct record *to,
    struct error *why);

#endif
