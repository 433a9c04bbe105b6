/*
 * A command's change of the store: one transaction during which signals are
 * blocked, since whoever waits for the lock waits for us. Until it is committed
 * a signal such as ^C undoes it. What was committed is logged and shown first:
 * signals stay blocked until main() ends, or signal_block_release.
 */
#ifndef TOKENADM_TRANSACTION_H
#define TOKENADM_TRANSACTION_H

#include "cli/command.h"
#include "cli/signal_block.h"
#include "store/store.h"

struct transaction {
	struct store *store;
	struct signal_block signals;
	int turn;         /* the user's at the door; or -1 */
	bool is_given_up; /* a signal came before the commit */
};

/*
 * Opens the store for writing. Errors as store_open. If a signal came while it
 * waited, the process dies of that; who has a handler for it gets ERR_SYSTEM.
 */
enum err transaction_begin(struct transaction *change, struct context *context);

/* The same, but creates the store if there is none. */
enum err transaction_begin_first(
    struct transaction *change, struct context *context);

/*
 * Commits if rc is ERR_OK, rolls back otherwise, and closes the store. Returns
 * rc, or why the commit failed; signals as above. With --fleet it is published
 * then, with all that nobody has acknowledged before: ERR_UNCONFIRMED if that
 * was committed and signed, and is not acknowledged, also since a signal came.
 * Whatever may wait for others from here on needs a window: signal_block.h.
 */
enum err transaction_end(
    struct transaction *change, struct context *context, enum err rc);

/*
 * Call this if there is nothing left to do: makes an earlier command's change
 * durable, in case it was killed before that.
 */
enum err transaction_settle(struct context *context);

/* Opens the store for reading; close it with store_close. */
enum err transaction_read(struct store **store, struct context *context);

/* The same; *store is NULL if there is none. */
enum err transaction_read_any(struct store **store, struct context *context);

#endif
