#include "batch/batch_file.h"

#include <errno.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch/batch_options.h"
#include "batch/batch_parse.h"
#include "cli/ask.h"
#include "issue/preset_options.h"
#include "issue/token_options.h"
#include "lifecycle/policy.h"

#define FIRST_ROOM 1024

/* State for reading lines. */
struct reader {
	struct batch *batch;
	struct context *context;
	enum line_format format;
	char text[LINE_MAX_LEN + 1]; /* one extra, to detect a long line */
	size_t len;
	struct line line;
	struct record record;            /* what the line says about it */
	char services[LINE_MAX_LEN + 1]; /* the source of record.services */
};

/* Reads a line; of one that is too long keeps one byte more than allowed. */
static bool
next_line(FILE *file, struct reader *reader)
{
	int c;

	reader->len = 0;
	while ((c = getc_unlocked(file)) != EOF && c != '\n') {
		if (reader->len < sizeof(reader->text))
			reader->text[reader->len++] = (char)c;
	}
	return c != EOF || reader->len > 0;
}

static struct item *
new_item(struct batch *batch)
{
	size_t room = batch->room == 0 ? FIRST_ROOM : batch->room * 2;
	struct item *grown;

	if (batch->count == batch->room) {
		grown = reallocarray(batch->items, room, sizeof(*grown));
		if (grown == NULL)
			return NULL;
		batch->items = grown;
		batch->room = room;
	}
	batch->items[batch->count] = (struct item){0};
	return &batch->items[batch->count++];
}

/* Services are looked up on disk: skip that if the last line had the same. */
static enum err
set_services(struct reader *reader, const char *text, struct error *why)
{
	const struct config *config = &reader->context->config;
	enum err rc;

	if (strcmp(reader->services, text) == 0)
		return ERR_OK;
	reader->services[0] = '\0';
	rc = token_options_set_services(&reader->record, config, text, why);
	if (rc == ERR_OK)
		strcpy(reader->services, text);
	return rc;
}

/* Checks the fields by the rules for any user. */
static enum err
set_given(struct reader *reader, struct error *why)
{
	const struct line *line = &reader->line;
	const char *scopes = line_get(line, LINE_SCOPES);
	const char *from = line_get(line, LINE_FROM);
	const char *starts = line_get(line, LINE_STARTS);
	const char *sessions = line_get(line, LINE_MAX_SESSIONS);
	struct record *record = &reader->record;
	enum err rc;

	rc = token_options_set_name(record, line_get(line, LINE_NAME), why);
	if (rc == ERR_OK)
		rc = set_services(reader, line_get(line, LINE_SERVICES), why);
	if (rc == ERR_OK)
		rc = token_options_set_scopes(record,
		    scopes[0] == '\0' ? TOKEN_OPTIONS_DEFAULT_SCOPE : scopes,
		    why);
	if (rc == ERR_OK)
		rc = token_options_set_from(
		    record, from[0] == '\0' ? "any" : from, why);
	if (rc == ERR_OK)
		rc = token_options_set_description(
		    record, line_get(line, LINE_DESCRIPTION), why);
	if (rc == ERR_OK)
		rc = token_options_set_starts(record,
		    starts[0] == '\0' ? "now" : starts, reader->context->now,
		    why);
	if (rc == ERR_OK)
		rc = token_options_set_max_sessions(
		    record, sessions[0] == '\0' ? "unlimited" : sessions, why);
	return rc;
}

/* The same, within the preset, if there is one. */
static enum err
set_limits(struct reader *reader, struct error *why)
{
	const struct preset *preset = reader->batch->preset;
	enum err rc;

	if (preset != NULL)
		batch_options_fill(preset, &reader->line);
	rc = line_check_services(&reader->line, why);
	if (rc == ERR_OK)
		rc = set_given(reader, why);
	return rc == ERR_OK && preset != NULL
	    ? preset_options_check(
		  preset, reader->context->config.groups, &reader->record, why)
	    : rc;
}

/* Copies a line's name and description to the pool. */
static bool
keep_texts(struct reader *reader, struct item *item)
{
	const struct line *line = &reader->line;
	size_t name_size = strlen(line_get(line, LINE_NAME)) + 1;
	size_t size = strlen(line_get(line, LINE_DESCRIPTION)) + 1;
	char *place = pool_room(&reader->batch->texts, name_size + size);

	if (place == NULL)
		return false;
	memcpy(place, line_get(line, LINE_NAME), name_size);
	memcpy(place + name_size, line_get(line, LINE_DESCRIPTION), size);
	item->name = place;
	item->description = place + name_size;
	return true;
}

static enum err
keep_line(struct reader *reader, struct item *item)
{
	struct pool *texts = &reader->batch->texts;
	const struct line *line = &reader->line;

	item->services = pool_intern(texts, reader->record.services);
	item->scopes = pool_intern(texts, reader->record.scopes);
	item->from = pool_intern(texts, line_get(line, LINE_FROM));
	item->until = pool_intern(texts, line_get(line, LINE_EXPIRES));
	item->starts = reader->record.starts;
	item->max_sessions = reader->record.max_sessions;
	if (item->services == NULL || item->scopes == NULL ||
	    item->from == NULL || item->until == NULL ||
	    !keep_texts(reader, item))
		return ERR_NOMEM;
	item->owner = owners_get(
	    &reader->batch->owners, line_get(line, LINE_USER));
	return item->owner != NULL ? ERR_OK : ERR_NOMEM;
}

static enum err
take_line(struct reader *reader)
{
	struct batch *batch = reader->batch;
	struct item *item = new_item(batch);
	struct error why;
	enum err rc;

	if (item == NULL)
		return ERR_NOMEM;
	if (batch->count == 1)
		reader->format = line_guess_format(reader->text, reader->len);
	rc = line_parse(
	    &reader->line, reader->format, reader->text, reader->len, &why);
	if (rc == ERR_OK)
		rc = set_limits(reader, &why);
	if (rc == ERR_OK)
		return keep_line(reader, item);
	if (rc == ERR_NOMEM)
		return rc;
	batch_note(batch, item, &why);
	return ERR_OK;
}

static enum err
read_lines(struct batch *batch, struct context *context, FILE *file)
{
	struct reader *reader = calloc(1, sizeof(*reader));
	enum err rc = ERR_OK;

	if (reader == NULL)
		return error_plain(&context->error, ERR_NOMEM);
	reader->batch = batch;
	reader->context = context;
	while (rc == ERR_OK && next_line(file, reader))
		rc = take_line(reader);
	free(reader);
	if (rc != ERR_OK)
		return error_plain(&context->error, rc);
	if (ferror(file))
		return error_set(&context->error, ERR_SYSTEM,
		    "%s: cannot read: %s", batch->file, strerror(errno));
	if (batch->count == 0)
		return error_set(&context->error, ERR_INVALID,
		    "%s: empty; give one token a line", batch->file);
	return ERR_OK;
}

static int
compare(const void *a, const void *b)
{
	const struct item *left = a, *right = b;

	if (left->owner != right->owner)
		return left->owner < right->owner ? -1 : 1;
	return strcmp(left->name, right->name);
}

/* Enters a line under its name, which must be new. ERR_NOMEM. */
static enum err
check_duplicate(struct batch *batch, struct item *item)
{
	void *node = tsearch(item, &batch->by_name, compare);
	const struct item *first;
	struct error why;

	if (node == NULL)
		return ERR_NOMEM;
	first = *(struct item **)node;
	if (first == item)
		return ERR_OK;
	(void)error_set(&why, ERR_INVALID,
	    "name `%s`: line %zu gives it to a token of %s already", item->name,
	    batch_line(batch, first), item->owner->account->name);
	batch_note(batch, item, &why);
	return ERR_OK;
}

/* Checks a line against its owner's account and policy. */
static enum err
check_owner(const struct batch *batch, struct context *context,
    struct item *item, struct record *record, struct error *why)
{
	const struct owner *owner = item->owner;
	const char *until = item->until;
	enum err rc;

	if (owner->problem != NULL)
		return error_set(why, ERR_POLICY,
		    "user `%s`: cannot own a token that logs in: %s",
		    owner->account->name, owner->problem);
	rc = preset_options_explain(batch->preset,
	    policy_set_expiry(owner->policy, until[0] == '\0' ? NULL : until,
		context->now, item->starts, &item->expires, why),
	    why);
	if (rc == ERR_OK && batch->preset != NULL)
		rc = preset_options_check_expiry(
		    batch->preset, item->expires, context->now, why);
	if (rc != ERR_OK)
		return rc;
	strcpy(record->services, item->services);
	record->expires = item->expires;
	record->starts = item->starts;
	rc = policy_check_start(record, why);
	if (rc == ERR_OK)
		rc = policy_check_limits(owner->policy, context->config.groups,
		    record, context->now, why);
	return preset_options_explain(batch->preset, rc, why);
}

static enum err
check_items(struct batch *batch, struct context *context)
{
	struct record record = {.is_short = batch->is_short};
	enum err rc = ERR_OK;

	for (size_t i = 0; rc == ERR_OK && i < batch->count; i++) {
		struct item *item = &batch->items[i];
		struct error why;

		if (item->owner == NULL)
			continue;
		rc = check_duplicate(batch, item);
		if (check_owner(batch, context, item, &record, &why) != ERR_OK)
			batch_note(batch, item, &why);
	}
	return rc == ERR_OK ? rc : error_plain(&context->error, rc);
}

enum err
batch_read(struct batch *batch, struct context *context, const char *file)
{
	bool is_stdin = strcmp(file, "-") == 0;
	FILE *stream = is_stdin ? stdin : fopen(file, "re");
	size_t shown = PROBLEMS_SHOWN;
	enum err rc;

	owners_start(&batch->owners);
	if (is_stdin)
		ask_lines("USER, NAME and SERVICES of tokens");
	batch->file = is_stdin ? "standard input" : file;
	if (stream == NULL)
		return error_set(&context->error, ERR_SYSTEM,
		    "%s: cannot open: %s", file, strerror(errno));
	rc = read_lines(batch, context, stream);
	if (!is_stdin)
		(void)fclose(stream);
	if (rc != ERR_OK)
		return rc;
	shown -= batch->problems.count < shown ? batch->problems.count : shown;
	rc = owners_look_up(&batch->owners, context, shown);
	return rc == ERR_OK ? check_items(batch, context) : rc;
}

size_t
batch_line(const struct batch *batch, const struct item *item)
{
	return (size_t)(item - batch->items) + 1;
}

void
batch_note(struct batch *batch, struct item *item, const struct error *why)
{
	problems_add(&batch->problems, batch_line(batch, item), why);
	item->bad = true;
}

size_t
batch_count_bad(const struct batch *batch)
{
	size_t count = 0;

	for (size_t i = 0; i < batch->count; i++)
		count += batch->items[i].bad;
	return count;
}

struct item *
batch_find(const struct batch *batch, struct owner *owner, const char *name)
{
	struct item key = {.owner = owner, .name = name};
	void *node = tfind(&key, &batch->by_name, compare);

	return node == NULL ? NULL : *(struct item **)node;
}

void
batch_fill(
    const struct batch *batch, const struct item *item, struct record *record)
{
	*record = (struct record){
	    .state = RECORD_ACTIVE,
	    .uid = item->owner->account->uid,
	    .local = item->owner->account->local,
	    .expires = item->expires,
	    .starts = item->starts,
	    .max_sessions = item->max_sessions,
	};
	strcpy(record->user, item->owner->account->name);
	strcpy(record->name, item->name);
	strcpy(record->description, item->description);
	strcpy(record->services, item->services);
	strcpy(record->scopes, item->scopes);
	if (batch->preset != NULL)
		strcpy(record->preset, batch->preset->name);
	/* It was valid when the line was read. */
	if (item->from[0] != '\0')
		(void)token_options_set_from(record, item->from, NULL);
}

/* The items are in one array: nothing to free. */
static void
keep(void *item)
{
	(void)item;
}

void
batch_free(struct batch *batch)
{
	tdestroy(batch->by_name, keep);
	free(batch->items);
	owners_free(&batch->owners);
	pool_free(&batch->texts);
}
