#include "tokens/transaction.h"

#include <stdio.h>
#include <unistd.h>

#include "base/safe_file.h"
#include "fleet/fleet_patience.h"
#include "outbox/fleet_side.h"
#include "store/create.h"
#include "tokens/turn.h"

static enum err
begin_turn(struct transaction *change, struct context *context)
{
	change->turn = -1;
	return context->self == NULL
	    ? ERR_OK
	    : turn_take(&change->turn, TURN_CHANGE, context->self->uid,
		  store_deadline(&context->config), &context->error);
}

static void
end_turn(struct transaction *change)
{
	if (change->turn >= 0)
		(void)close(change->turn);
}

static void
close_store(struct transaction *change, struct context *context)
{
	if (context->fleet != NULL)
		fleet_side_forget(context);
	store_close(change->store);
	change->store = NULL;
}

/* Whoever has sent a signal wants nothing to be changed any more. */
static enum err
check_interrupted(struct transaction *change, struct context *context)
{
	change->is_given_up = signal_block_interrupted(&change->signals);
	return change->is_given_up ? error_set(&context->error, ERR_SYSTEM,
					 "interrupted; nothing was changed")
				   : ERR_OK;
}

static enum err
open_store(struct transaction *change, struct context *context)
{
	enum err rc = ERR_OK;

	change->store = NULL;
	if (context->fleet != NULL)
		rc = fleet_side_check(context);
	if (rc == ERR_OK)
		rc = store_open(&change->store, &context->config, STORE_WRITE,
		    store_deadline(&context->config), &context->error);
	if (rc == ERR_OK && context->fleet != NULL)
		rc = fleet_side_follow(context, change->store);
	if (rc == ERR_OK)
		rc = check_interrupted(change, context);
	if (rc != ERR_OK)
		close_store(change, context);
	return rc;
}

enum err
transaction_begin(struct transaction *change, struct context *context)
{
	enum err rc = begin_turn(change, context);

	if (rc != ERR_OK)
		return rc;
	signal_block_begin(&change->signals);
	rc = open_store(change, context);
	if (rc != ERR_OK) {
		signal_block_end(&change->signals);
		end_turn(change);
	}
	return rc;
}

/* A key or lock without a database: it was lost, do not replace it. */
static bool
is_first(const struct context *context)
{
	char lock[STORE_PATH_SIZE];

	store_path(&context->config, STORE_LOCK, lock);
	return safe_is_absent(context->config.key) && safe_is_absent(lock);
}

enum err
transaction_begin_first(struct transaction *change, struct context *context)
{
	bool created;
	enum err rc = transaction_begin(change, context);

	if (rc != ERR_MISSING || !is_first(context))
		return rc;
	fprintf(stderr, "tokenadm: making a token database in %s\n",
	    context->config.directory);
	rc = create_store(&context->config, store_deadline(&context->config),
	    &created, &context->error);
	return rc == ERR_OK ? transaction_begin(change, context) : rc;
}

static enum err
commit(struct transaction *change, struct context *context)
{
	enum err rc = check_interrupted(change, context);

	if (rc == ERR_OK && context->fleet != NULL)
		rc = fleet_side_sign(context);
	if (rc == ERR_OK)
		rc = store_commit(change->store, &context->error);
	if (rc == ERR_OK && context->fleet != NULL)
		fleet_side_committed(context);
	return rc;
}

/* A signal ends the wait for the engine, and not the command. */
static enum err
publish(struct context *context)
{
	enum err rc;

	signal_window_open(fleet_patience_end);
	rc = fleet_side_publish(context);
	(void)signal_window_close();
	return rc;
}

enum err
transaction_end(
    struct transaction *change, struct context *context, enum err rc)
{
	if (rc == ERR_OK)
		rc = commit(change, context);
	close_store(change, context);
	if (rc != ERR_OK)
		signal_block_end(&change->signals);
	else if (context->fleet != NULL)
		rc = publish(context);
	end_turn(change);
	return rc;
}

enum err
transaction_settle(struct context *context)
{
	struct transaction change;
	enum err rc = transaction_begin(&change, context);

	if (rc == ERR_OK)
		rc = transaction_end(&change, context, rc);
	signal_block_release();
	return rc;
}

enum err
transaction_read(struct store **store, struct context *context)
{
	return store_open(store, &context->config, STORE_READ,
	    store_deadline(&context->config), &context->error);
}

static bool
has_database(const struct context *context)
{
	char path[STORE_PATH_SIZE];

	store_path(&context->config, STORE_DATABASE, path);
	return !safe_is_absent(path);
}

enum err
transaction_read_any(struct store **store, struct context *context)
{
	enum err rc;

	*store = NULL;
	rc = transaction_read(store, context);
	return rc == ERR_MISSING && !has_database(context) ? ERR_OK : rc;
}
