/*
 * A change of the store by a command: one transaction, in which no signal can
 * stop or end us, since whoever waits for the lock waits for us.
 */
#ifndef TOKENADM_TRANSACTION_H
#define TOKENADM_TRANSACTION_H

#include "cli/command.h"
#include "store/store.h"
#include "tokens/signal_block.h"

struct transaction {
	struct store *store;
	struct signal_block signals;
};

/* Opens the store for writing. Errors as store_open. */
enum err transaction_begin(struct transaction *change, struct context *context);

/* The same, and makes the store where there is none yet. */
enum err transaction_begin_first(
    struct transaction *change, struct context *context);

/*
 * Commits if rc is ERR_OK, undoes everything otherwise, and closes the store.
 * Returns rc, or why it could not commit.
 */
enum err transaction_end(
    struct transaction *change, struct context *context, enum err rc);

/*
 * For who finds that there is nothing to be done any more: makes last what an
 * earlier command has done, which may have been killed before it saw to that.
 */
enum err transaction_settle(struct context *context);

/* Opens the store for reading; store_close ends that. */
enum err transaction_read(struct store **store, struct context *context);

/* The same; *store is NULL where there is none yet. */
enum err transaction_read_any(struct store **store, struct context *context);

#endif
