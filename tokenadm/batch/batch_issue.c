#include "batch/batch_issue.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/deadline.h"
#include "batch/batch_check.h"
#include "batch/batch_file.h"
#include "batch/batch_options.h"
#include "batch/batch_output.h"
#include "batch/batch_resume.h"
#include "batch/batch_scopes.h"
#include "batch/interruption.h"
#include "cli/progress.h"
#include "cli/signal_block.h"
#include "lifecycle/policy.h"
#include "token/token.h"
#include "tokens/actor.h"
#include "tokens/audit.h"
#include "tokens/transaction.h"
#include "tokens/user_tokens.h"

#define CHUNK RESUME_LOST_MAX /* tokens per transaction */
/* Milliseconds for others to take the lock: they try every 2 ms. */
#define PAUSE 3

/* A token about to be issued. */
struct draft {
	const struct item *item;
	char id[TOKEN_ID_LEN + 1];
	char *text; /* in the order of items */
};

struct bulk {
	struct context *context;
	struct batch batch;
	struct output output;
	struct record_event created;
	struct draft drafts[CHUNK];
	char texts[CHUNK * OUTPUT_LINE]; /* see output_write */
	size_t count;                    /* of drafts and texts */
	size_t next;                     /* item */
	size_t issued;                   /* by this run */
	size_t due;                      /* to be issued by this run */
	bool is_void;  /* more was written than was committed */
	int64_t pause; /* leave the lock to others until then */
	bool forces;   /* any scopes will do */
};

/* Makes tokens for the next items that are due. ERR_RANDOM. */
static enum err
draft_some(struct bulk *bulk)
{
	const struct batch *batch = &bulk->batch;
	enum err rc = ERR_OK;

	bulk->count = 0;
	while (
	    rc == ERR_OK && bulk->next < batch->count && bulk->count < CHUNK) {
		const struct item *item = &batch->items[bulk->next++];
		struct draft *draft = &bulk->drafts[bulk->count];

		if (item->done)
			continue;
		draft->item = item;
		draft->text = bulk->texts + bulk->count++ * bulk->output.line;
		rc = batch->is_short ? token_make_short(draft->text, draft->id)
				     : token_make(draft->text, draft->id);
	}
	return rc == ERR_OK ? rc : error_plain(&bulk->context->error, rc);
}

/* By owner, then by line. */
static int
compare_drafts(const void *a, const void *b)
{
	const struct draft *left = a, *right = b;

	if (left->item->owner != right->item->owner)
		return left->item->owner < right->item->owner ? -1 : 1;
	return (left->text > right->text) - (left->text < right->text);
}

struct taken_call {
	const struct bulk *bulk;
	struct owner *owner;
};

/* Somebody else has issued a token since the batch was checked. */
static enum err
refuse_taken(const struct record *usable, void *arg, struct error *why)
{
	const struct taken_call *call = arg;
	const struct batch *batch = &call->bulk->batch;
	const struct item *item = batch_find(batch, call->owner, usable->name);
	const struct item *first = call->bulk->drafts[0].item;

	if (item == NULL || item->done || item < first ||
	    item >= &batch->items[call->bulk->next])
		return ERR_OK;
	return error_set(why, ERR_EXISTS,
	    "%s:%zu: %s has a usable token named `%s` by now: %s", batch->file,
	    batch_line(batch, item), usable->user, usable->name, usable->id);
}

static enum err
add_draft(struct bulk *bulk, struct store *store, const struct draft *draft,
    struct index *index)
{
	struct error *why = &bulk->context->error;
	struct record record;

	batch_fill(&bulk->batch, draft->item, &record);
	memcpy(record.id, draft->id, sizeof(record.id));
	record.created = bulk->created;
	record.is_short = bulk->batch.is_short;
	store_digest(store, draft->text, record.digest);
	if (index_add(index, record.id) != ERR_OK)
		return error_plain(why, ERR_NOMEM);
	return store_put_new(store, &record, why);
}

/* Adds one owner's drafts, reading and writing the index once. */
static enum err
add_for_owner(struct bulk *bulk, struct store *store,
    const struct draft *drafts, size_t count)
{
	struct owner *owner = drafts->item->owner;
	const struct policy *policy = owner->policy;
	struct taken_call call = {bulk, owner};
	struct error *why = &bulk->context->error;
	int64_t now = bulk->context->now;
	struct user_tokens room;
	enum err rc;

	rc = user_tokens_read(
	    &room, store, owner->account->name, now, refuse_taken, &call, why);
	if (rc == ERR_OK && room.usable + count > policy->max_tokens)
		rc = error_set(why, ERR_POLICY,
		    "%s has more tokens by now, and the policy's max_tokens "
		    "allows %llu",
		    owner->account->name,
		    (unsigned long long)policy->max_tokens);
	for (size_t i = 0; rc == ERR_OK && i < count; i++)
		rc = add_draft(bulk, store, &drafts[i], &room.index);
	if (rc == ERR_OK)
		rc = store_put_index(
		    store, owner->account->name, &room.index, why);
	if (rc == ERR_OK && room.dead > policy->keep_dead)
		rc = policy_prune(
		    policy, store, owner->account->name, now, why);
	user_tokens_free(&room);
	return rc;
}

static enum err
add_drafts(struct bulk *bulk, struct store *store)
{
	enum err rc = ERR_OK;
	size_t first, end;

	for (first = 0; rc == ERR_OK && first < bulk->count; first = end) {
		const struct draft *drafts = bulk->drafts;
		const struct owner *owner = drafts[first].item->owner;

		end = first + 1;
		while (end < bulk->count && drafts[end].item->owner == owner)
			end++;
		rc = add_for_owner(bulk, store, drafts + first, end - first);
	}
	return rc;
}

/* Waits for the rest of the pause, to let others take the lock. */
static void
let_others_in(const struct bulk *bulk)
{
	struct timespec until = deadline_timespec(bulk->pause);

	(void)clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}

/*
 * The tokens have been written, and live once committed. One that was written
 * but not committed is harmless.
 */
static enum err
commit_drafts(struct bulk *bulk)
{
	struct transaction change;
	bool is_whole = false;
	enum err rc;

	let_others_in(bulk);
	rc = transaction_begin_first(&change, bulk->context);
	if (rc == ERR_OK) {
		rc = add_drafts(bulk, change.store);
		is_whole = rc == ERR_OK;
		rc = transaction_end(&change, bulk->context, rc);
	}
	bulk->pause = deadline_in(PAUSE);
	if (rc == ERR_OK)
		output_keep(&bulk->output, bulk->count);
	/* A failed commit may have happened anyway: a later run checks. */
	else if (!is_whole || change.is_given_up)
		output_undo(&bulk->output);
	return rc;
}

static enum err
issue_some(struct bulk *bulk)
{
	const struct batch *batch = &bulk->batch;
	size_t first, last;
	enum err rc;

	rc = draft_some(bulk);
	if (rc != ERR_OK)
		return rc;
	first = batch_line(batch, bulk->drafts[0].item);
	last = batch_line(batch, bulk->drafts[bulk->count - 1].item);
	qsort(
	    bulk->drafts, bulk->count, sizeof(bulk->drafts[0]), compare_drafts);
	rc = output_write(
	    &bulk->output, bulk->texts, bulk->count, &bulk->context->error);
	if (rc == ERR_OK)
		rc = commit_drafts(bulk);
	else
		output_undo(&bulk->output);
	bulk->is_void = rc != ERR_OK && bulk->output.path == NULL;
	if (rc != ERR_OK)
		return rc;
	bulk->issued += bulk->count;
	audit_batch(batch->file, bulk->count, first, last, bulk->created.by);
	signal_block_release();
	return rc;
}

/* Sets the error for an early end: the cause, and how far it came. */
static enum err
stopped(const struct bulk *bulk, enum err rc)
{
	const struct batch *batch = &bulk->batch;
	struct error *why = &bulk->context->error;
	size_t before = batch->count - bulk->due;
	struct error reason = *why;

	if (interruption_has_come())
		(void)error_set(&reason, rc, "interrupted");
	return error_set(why, rc,
	    "%.255s; %zu of %zu tokens are issued%s; run it again to go on",
	    reason.text, before + bulk->issued, batch->count,
	    bulk->is_void ? ", what else was written is void" : "");
}

static enum err
issue_all(struct bulk *bulk)
{
	struct progress progress;
	enum err rc = ERR_OK;

	progress_start(&progress, "issuing", bulk->due);
	while (rc == ERR_OK && !interruption_has_come() &&
	    bulk->issued < bulk->due) {
		rc = issue_some(bulk);
		progress_show(&progress, bulk->issued);
	}
	progress_end(&progress);
	crypto_wipe(bulk->texts, sizeof(bulk->texts));
	if (rc == ERR_OK && bulk->issued < bulk->due)
		rc = ERR_SYSTEM;
	return rc == ERR_OK ? rc : stopped(bulk, rc);
}

/* Checks everything before issuing anything. */
static enum err
check_all(struct bulk *bulk, const char *file, size_t *done)
{
	struct context *context = bulk->context;
	struct batch *batch = &bulk->batch;
	enum err rc = batch_read(batch, context, file);

	*done = 0;
	if (rc == ERR_OK)
		rc = resume_batch(context, batch, &bulk->output, done);
	if (rc == ERR_OK)
		rc = batch_check(context, batch, bulk->output.path == NULL);
	if (rc == ERR_OK && !bulk->forces)
		rc = batch_scopes_check(context, batch);
	problems_print(&batch->problems, batch->file);
	if (rc == ERR_OK && batch->problems.count > 0)
		rc = error_set(&context->error, ERR_INVALID,
		    "%s: %zu of %zu lines are bad; nothing was issued",
		    batch->file, batch_count_bad(batch), batch->count);
	for (size_t i = 0; i < batch->count; i++)
		bulk->due += batch->items[i].done ? 0 : 1;
	return rc;
}

static enum err
run(struct bulk *bulk, const char *file, const char *path)
{
	struct context *context = bulk->context;
	struct error *why = &context->error;
	size_t done, total;
	enum err rc = crypto_init(why);

	if (rc == ERR_OK)
		rc = output_open(
		    &bulk->output, path, bulk->batch.is_short, why);
	if (rc == ERR_OK)
		rc = check_all(bulk, file, &done);
	if (rc != ERR_OK)
		return rc;
	total = bulk->batch.count;
	if (bulk->due < total)
		fprintf(stderr, "%zu of %zu tokens were issued before%s\n",
		    total - bulk->due, total,
		    path == NULL ? ", and are left out" : "");
	bulk->created.at = context->now;
	actor_name(bulk->created.by);
	rc = output_start(&bulk->output, done, why);
	if (rc != ERR_OK)
		return rc;
	if (bulk->due == 0)
		return transaction_settle(context);
	interruption_await();
	return issue_all(bulk);
}

enum err
batch_issue(struct context *context, const struct args *args)
{
	const char *file, *path = args_get(args, "output");
	struct bulk *bulk;
	enum err rc;

	rc = args_require(args, "batch", &file, &context->error);
	if (rc == ERR_OK)
		rc = batch_options_check(args, &context->error);
	if (rc != ERR_OK)
		return rc;
	if (path != NULL && strcmp(path, "-") == 0)
		path = NULL;
	bulk = calloc(1, sizeof(*bulk));
	if (bulk == NULL)
		return error_plain(&context->error, ERR_NOMEM);
	bulk->context = context;
	bulk->forces = args_has(args, "force");
	bulk->batch.is_short = args_has(args, "short");
	bulk->output.fd = -1;
	rc = batch_options_preset(
	    args, &context->config, &bulk->batch.preset, &context->error);
	if (rc == ERR_OK)
		rc = run(bulk, file, path);
	output_close(&bulk->output);
	batch_free(&bulk->batch);
	free(bulk);
	return rc;
}
