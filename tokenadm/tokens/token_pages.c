#include "tokens/token_pages.h"

#include <stdlib.h>

#include "base/deadline.h"
#include "store/store.h"
#include "store/users.h"

#define BATCH 8000     /* minimum of tokens read at a time */
#define BATCH_FIRST 64 /* initial room */

struct token {
	struct record record;
	struct last_use usage;
};

struct batch {
	struct token *tokens;
	size_t count, room;
};

/* The walk, and its first read error. */
struct walk {
	struct context *context;
	struct batch batch;
	enum err failed;
	struct error failure;
};

static enum err
no_memory(struct context *context)
{
	return error_plain(&context->error, ERR_NOMEM);
}

static struct token *
next_place(struct batch *batch)
{
	struct token *grown;
	size_t room = batch->room == 0 ? BATCH_FIRST : batch->room * 2;

	if (batch->count == batch->room) {
		grown = reallocarray(batch->tokens, room, sizeof(*grown));
		if (grown == NULL)
			return NULL;
		batch->tokens = grown;
		batch->room = room;
	}
	return &batch->tokens[batch->count];
}

/* Keeps the first failure, and goes on. */
static void
note_failure(struct walk *walk, enum err rc)
{
	if (walk->failed != ERR_OK)
		return;
	walk->failed = rc;
	walk->failure = walk->context->error;
}

static enum err
read_user(struct walk *walk, struct store *store, const char *user)
{
	struct error *why = &walk->context->error;
	struct index index = {0};
	enum err rc = store_get_index(store, user, &index, why);

	if (rc != ERR_OK)
		note_failure(walk, rc);
	for (size_t i = 0; i < index.count; i++) {
		struct token *place = next_place(&walk->batch);

		if (place == NULL) {
			index_free(&index);
			return no_memory(walk->context);
		}
		rc = store_get(store, index.ids[i], &place->record, why);
		if (rc == ERR_OK)
			walk->batch.count++;
		else
			note_failure(walk, rc);
	}
	index_free(&index);
	return ERR_OK;
}

/* Reads users from *next on until the batch is full or writers wait. */
static enum err
read_batch(struct walk *walk, const struct users *users, size_t *next)
{
	const struct config *config = &walk->context->config;
	struct store *store;
	int64_t end;
	enum err rc = store_open(&store, config, STORE_READ,
	    store_deadline(config), &walk->context->error);

	if (rc != ERR_OK)
		return rc;
	walk->batch.count = 0;
	end = deadline_in(STORE_SLICE);
	do {
		rc = read_user(walk, store, users->names[(*next)++]);
	} while (rc == ERR_OK && *next < users->count &&
	    walk->batch.count < BATCH && deadline_in(0) < end);
	store_close(store);
	return rc;
}

/* Last uses have their own database; the store is closed. */
static void
read_uses(struct walk *walk)
{
	const struct config *config = &walk->context->config;
	struct last_use_notes *notes = last_use_open(
	    config, store_deadline(config));

	for (size_t i = 0; i < walk->batch.count; i++) {
		struct token *token = &walk->batch.tokens[i];

		(void)last_use_get(notes, token->record.id, &token->usage);
	}
	last_use_close(notes);
}

static enum err
visit_batch(const struct batch *batch, token_pages_visitor *visitor, void *arg)
{
	enum err rc = ERR_OK;

	for (size_t i = 0; rc == ERR_OK && i < batch->count; i++)
		rc = visitor(
		    &batch->tokens[i].record, &batch->tokens[i].usage, arg);
	return rc;
}

enum err
token_pages_each(struct context *context, const char *user,
    token_pages_visitor *visitor, void *arg)
{
	struct walk walk = {.context = context};
	struct users users;
	size_t next = 0;
	enum err rc = user != NULL
	    ? users_set(&users, user, &context->error)
	    : users_read(&users, &context->config, &context->error);

	while (rc == ERR_OK && next < users.count) {
		rc = read_batch(&walk, &users, &next);
		if (rc != ERR_OK)
			break;
		read_uses(&walk);
		rc = visit_batch(&walk.batch, visitor, arg);
		/* An earlier read error is not the reason. */
		if (rc == ERR_NOMEM)
			(void)no_memory(context);
	}
	if (rc == ERR_OK && walk.failed != ERR_OK) {
		rc = walk.failed;
		context->error = walk.failure;
	}
	free(walk.batch.tokens);
	users_free(&users);
	return rc;
}
