#include <stdio.h>
#include <string.h>

#include "command.h"
#include "json.h"
#include "table.h"
#include "text.h"
#include "tokens.h"

static const char *const COLUMNS[] = {
    "ID", "USER", "NAME", "STATE", "SERVICES", "SCOPES", "EXPIRES"};

#define COLUMN_COUNT (sizeof(COLUMNS) / sizeof(COLUMNS[0]))

/* Where the tokens go: into a table, or out as JSON. */
struct listing {
	int64_t now;
	const char *state; /* NULL: all */
	struct table *table;
	struct json_stream json;
};

static enum err
add_row(struct table *table, const struct record *record, int64_t now)
{
	char expires[PARSE_TIME_LEN + 1];
	const char *const cells[COLUMN_COUNT] = {
	    record->id,
	    record->user,
	    record->name,
	    text_state(record, now),
	    record->services,
	    record->scopes,
	    expires,
	};

	text_time(record->expires, expires);
	return table_add(table, cells);
}

static enum err
visit(const struct record *record, void *arg)
{
	struct listing *listing = arg;
	const char *state = text_state(record, listing->now);

	if (listing->state != NULL && strcmp(listing->state, state) != 0)
		return ERR_OK;
	return listing->table != NULL
	    ? add_row(listing->table, record, listing->now)
	    : json_token(&listing->json, record, listing->now);
}

static enum err
check_state(const char *state, struct error *why)
{
	static const char *const STATES[] = {
	    "active", "revoked", "deactivated", "expired"};

	if (state == NULL)
		return ERR_OK;
	for (size_t i = 0; i < sizeof(STATES) / sizeof(STATES[0]); i++) {
		if (strcmp(state, STATES[i]) == 0)
			return ERR_OK;
	}
	return error_set(why, ERR_INVALID,
	    "state `%s`: active, revoked, deactivated or expired", state);
}

static enum err
list_json(struct context *context, struct listing *listing, const char *user)
{
	enum err rc;

	json_begin(&listing->json, stdout);
	rc = tokens_each(context, user, visit, listing);
	json_end(&listing->json);
	return rc;
}

static enum err
list_table(struct context *context, struct listing *listing, const char *user)
{
	enum err rc;

	listing->table = table_new(COLUMNS, COLUMN_COUNT, true);
	if (listing->table == NULL)
		return error_plain(&context->error, ERR_NOMEM);
	rc = tokens_each(context, user, visit, listing);
	/* What could be read is shown, whatever could not. */
	if (table_print(listing->table) != ERR_OK && rc == ERR_OK)
		rc = error_set(&context->error, ERR_SYSTEM,
		    "standard output: cannot write all of it");
	table_free(listing->table);
	return rc;
}

static enum err
run(struct context *context, const struct args *args)
{
	struct listing listing = {
	    .now = context->now,
	    .state = args_get(args, "state"),
	};
	const char *user = args_get(args, "user");
	enum err rc = check_state(listing.state, &context->error);

	if (rc != ERR_OK)
		return rc;
	return args_has(args, "json") ? list_json(context, &listing, user)
				      : list_table(context, &listing, user);
}

static const struct option_spec OPTIONS[] = {
    {"user", "USER", "only the tokens of this user"},
    {"state", "STATE", "only active, revoked, deactivated or expired ones"},
    {"json", NULL, "as JSON"},
    {0},
};

const struct command command_list = {
    .name = "list",
    .operands = "",
    .summary = "List tokens",
    .options = OPTIONS,
    .run = run,
};
