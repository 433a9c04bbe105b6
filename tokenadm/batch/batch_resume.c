#include "batch/batch_resume.h"

#include <string.h>

#include "base/crypto.h"
#include "store/store.h"
#include "tokens/transaction.h"

#define SLICE 250 /* tokens looked up per opening of the store */

static enum err
not_ours(const struct output *output, size_t line, const char *what,
    struct error *why)
{
	return error_set(why, ERR_EXISTS,
	    "%s:%zu: %s: not what an interrupted run of this batch has left; "
	    "give another file, or move it away",
	    output->path, line, what);
}

/* Checks that the output line has its item's token. */
static enum err
check_line(const struct output *output, const struct batch *batch,
    struct store *store, size_t number, const char *text, bool *is_known,
    struct error *why)
{
	const struct item *item = &batch->items[number];
	char id[TOKEN_ID_LEN + 1];
	struct record record;
	enum err rc;

	*is_known = false;
	if (!token_parse(text, id))
		return not_ours(output, number + 1, "not a token", why);
	rc = store == NULL ? ERR_NOT_FOUND : store_get(store, id, &record, why);
	if (rc == ERR_NOT_FOUND)
		return ERR_OK;
	if (rc != ERR_OK)
		return rc;
	if (!store_matches(store, text, &record))
		return not_ours(output, number + 1, "a wrong token", why);
	/* A bad line is reported as such. */
	if (item->owner != NULL &&
	    (strcmp(record.user, item->owner->account->name) != 0 ||
		strcmp(record.name, item->name) != 0))
		return not_ours(output, number + 1,
		    "a token of another user or name than the batch's line has",
		    why);
	*is_known = true;
	return ERR_OK;
}

/* Checks the lines of a slice, with the store open. */
static enum err
check_slice(struct context *context, const struct batch *batch,
    const struct output *output, size_t first, char *bytes, size_t len,
    size_t *done)
{
	struct store *store = NULL;
	size_t count = len / output->line;
	bool is_known;
	enum err rc = transaction_read_any(&store, context);

	for (size_t i = 0; rc == ERR_OK && i < count; i++) {
		size_t number = first + i;
		char *line = bytes + i * output->line;

		if (line[output->line - 1] != '\n') {
			rc = not_ours(
			    output, number + 1, "not a token", &context->error);
			break;
		}
		line[output->line - 1] = '\0';
		rc = check_line(output, batch, store, number, line, &is_known,
		    &context->error);
		if (rc == ERR_OK && is_known)
			*done = number + 1;
	}
	store_close(store);
	return rc;
}

/* Checks what an interrupted write left after the last line. */
static enum err
check_rest(const struct output *output, size_t lines, const char *rest,
    size_t len, struct error *why)
{
	size_t prefix = sizeof(TOKEN_PREFIX) - 1;

	if (memcmp(rest, TOKEN_PREFIX, len < prefix ? len : prefix) == 0)
		return ERR_OK;
	return not_ours(output, lines + 1, "not a token", why);
}

enum err
resume_batch(struct context *context, struct batch *batch,
    const struct output *output, size_t *done)
{
	char bytes[SLICE * OUTPUT_LINE];
	size_t lines = output->size / output->line, len;
	enum err rc = ERR_OK;

	*done = 0;
	if (lines > batch->count)
		return not_ours(output, batch->count + 1,
		    "more lines than the batch has", &context->error);
	for (size_t at = 0; rc == ERR_OK && at < output->size; at += len) {
		size_t first = at / output->line;

		rc = output_read(output, at, bytes, SLICE * output->line, &len,
		    &context->error);
		if (rc == ERR_OK && len == 0)
			break;
		if (rc == ERR_OK)
			rc = check_slice(
			    context, batch, output, first, bytes, len, done);
		if (rc == ERR_OK && len % output->line != 0)
			rc = check_rest(output, lines,
			    bytes + len / output->line * output->line,
			    len % output->line, &context->error);
	}
	crypto_wipe(bytes, sizeof(bytes));
	if (rc == ERR_OK && lines - *done > RESUME_LOST_MAX)
		rc = not_ours(output, *done + 1,
		    "too many tokens that the store does not know",
		    &context->error);
	for (size_t i = 0; rc == ERR_OK && i < *done; i++)
		batch->items[i].done = true;
	return rc;
}
