#include "batch/batch_check.h"

#include "store/store.h"
#include "tokens/transaction.h"
#include "tokens/user_tokens.h"

#define SLICE 200 /* users looked up per opening of the store */

struct survey {
	struct context *context;
	struct batch *batch;
	struct owner *owner;
	bool skip;
};

/* A usable token whose name an item may want. */
static enum err
note_taken(const struct record *usable, void *arg, struct error *why)
{
	const struct survey *survey = arg;
	struct batch *batch = survey->batch;
	struct item *item = batch_find(batch, survey->owner, usable->name);
	struct error text;

	(void)why;
	if (item == NULL || item->done)
		return ERR_OK;
	if (survey->skip) {
		item->done = true;
		survey->owner->due--;
		return ERR_OK;
	}
	(void)error_set(&text, ERR_EXISTS,
	    "name `%s`: %s has a usable token of that name already: %s; if an "
	    "earlier run of this batch made it, give that run's --output",
	    usable->name, usable->user, usable->id);
	batch_note(batch, item, &text);
	return ERR_OK;
}

static void
check_quota(const struct survey *survey, size_t usable)
{
	struct owner *owner = survey->owner;
	uint64_t most = owner->policy->max_tokens;
	struct error text;

	if (owner->due == 0 || usable + owner->due <= most)
		return;
	(void)error_set(&text, ERR_POLICY,
	    "%s has %zu usable tokens, and this batch adds %zu: the policy's "
	    "max_tokens allows %llu",
	    owner->account->name, usable, owner->due, (unsigned long long)most);
	problems_add(&survey->batch->problems, owner->line, &text);
	owner->excess = usable >= most ? owner->due
				       : usable + owner->due - (size_t)most;
}

static enum err
look_at_owner(struct survey *survey, struct store *store)
{
	struct context *context = survey->context;
	struct user_tokens room = {0};
	enum err rc = ERR_OK;

	if (store != NULL)
		rc = user_tokens_read(&room, store,
		    survey->owner->account->name, context->now, note_taken,
		    survey, &context->error);
	if (rc == ERR_OK)
		check_quota(survey, room.usable);
	user_tokens_free(&room);
	return rc;
}

/* Checks some owners, from survey->owner on. */
static enum err
look_at_some(struct survey *survey)
{
	struct store *store;
	enum err rc = transaction_read_any(&store, survey->context);

	for (int i = 0; rc == ERR_OK && i < SLICE; i++) {
		if (survey->owner == NULL)
			break;
		if (survey->owner->due > 0)
			rc = look_at_owner(survey, store);
		survey->owner = survey->owner->next;
	}
	store_close(store);
	return rc;
}

/* Counts the tokens due to each owner, and notes the first line. */
static void
count_due(struct batch *batch)
{
	for (size_t i = batch->count; i-- > 0;) {
		const struct item *item = &batch->items[i];

		if (item->owner == NULL || item->done ||
		    item->owner->problem != NULL)
			continue;
		item->owner->due++;
		item->owner->line = i + 1;
	}
}

/* Too many are an owner's last lines. */
static void
mark_excess(struct batch *batch)
{
	for (size_t i = batch->count; i-- > 0;) {
		struct item *item = &batch->items[i];

		if (item->owner == NULL || item->done ||
		    item->owner->excess == 0)
			continue;
		item->bad = true;
		item->owner->excess--;
	}
}

enum err
batch_check(struct context *context, struct batch *batch, bool skip)
{
	struct survey survey = {context, batch, batch->owners.first, skip};
	enum err rc = ERR_OK;

	count_due(batch);
	while (rc == ERR_OK && survey.owner != NULL)
		rc = look_at_some(&survey);
	mark_excess(batch);
	return rc;
}
