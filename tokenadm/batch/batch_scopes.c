#include "batch/batch_scopes.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "issue/required_scopes.h"

/* The lines of a batch have few such pairs, and the stacks take long to read.
 */
struct pair {
	const char *services,
	    *scopes; /* of the batch's pool, in it once each */
	enum err rc;
	struct error why;
};

static int
compare(const void *a, const void *b)
{
	const struct pair *left = a, *right = b;

	if (left->services != right->services)
		return left->services < right->services ? -1 : 1;
	return (left->scopes > right->scopes) - (left->scopes < right->scopes);
}

static void
judge(struct pair *pair, const struct context *context)
{
	struct record record = {0};

	strcpy(record.services, pair->services);
	strcpy(record.scopes, pair->scopes);
	pair->rc = required_scopes_check(
	    context->config.groups, &record, &pair->why);
}

/* Judges a pair when it is first seen; NULL without memory. */
static const struct pair *
look_up(void **pairs, const struct context *context, const struct item *item)
{
	struct pair key = {.services = item->services, .scopes = item->scopes};
	void *node = tfind(&key, pairs, compare);
	struct pair *pair;

	if (node != NULL)
		return *(struct pair **)node;
	pair = malloc(sizeof(*pair));
	if (pair == NULL)
		return NULL;
	*pair = key;
	if (tsearch(pair, pairs, compare) == NULL) {
		free(pair);
		return NULL;
	}
	judge(pair, context);
	return pair;
}

enum err
batch_scopes_check(struct context *context, struct batch *batch)
{
	void *pairs = NULL;
	enum err rc = ERR_OK;

	for (size_t i = 0; rc == ERR_OK && i < batch->count; i++) {
		struct item *item = &batch->items[i];
		const struct pair *pair;

		/* One that is there already is not refused for it. */
		if (item->owner == NULL || item->done)
			continue;
		pair = look_up(&pairs, context, item);
		if (pair == NULL)
			rc = error_plain(&context->error, ERR_NOMEM);
		else if (pair->rc != ERR_OK)
			batch_note(batch, item, &pair->why);
	}
	tdestroy(pairs, free);
	return rc;
}
