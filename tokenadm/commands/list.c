#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "account/account.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/list_columns.h"
#include "cli/table.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "commands/list_filter.h"
#include "commands/list_follow.h"
#include "tokens/fleet_tokens.h"
#include "tokens/token_pages.h"
#include "tokens/transaction.h"

/* Which tokens to show, and where: in a table, or as JSON. */
struct listing {
	struct context *context;
	struct list_filter filter;
	size_t shown;
	struct columns columns;
	struct table *table;
	struct json_stream json;
};

static enum err
add_row(struct listing *listing, const struct record *record,
    const struct last_use *usage, const struct origin *origin)
{
	const char *cells[COLUMN_COUNT];
	struct row row;
	enum err rc = row_fill(
	    &row, record, usage, origin, listing->context->now);

	for (size_t i = 0; rc == ERR_OK && i < listing->columns.count; i++)
		cells[i] = row.cells[listing->columns.chosen[i]];
	if (rc == ERR_OK)
		rc = table_add(listing->table, cells,
		    record_is_usable(record, listing->context->now)
			? TABLE_PLAIN
			: TABLE_DEAD);
	row_free(&row);
	return rc;
}

static enum err
visit(const struct record *record, const struct last_use *usage,
    const struct origin *origin, void *arg)
{
	struct listing *listing = arg;

	if (!list_filter_wants(&listing->filter, record, usage))
		return ERR_OK;
	listing->shown++;
	return listing->table != NULL
	    ? add_row(listing, record, usage, origin)
	    : json_token(
		  &listing->json, record, usage, origin, listing->context->now);
}

static enum err
visit_local(
    const struct record *record, const struct last_use *usage, void *arg)
{
	return visit(record, usage, &origin_here, arg);
}

static enum err
visit_all(struct context *context, const char *user, struct listing *listing)
{
	return context->fleet != NULL
	    ? fleet_tokens_each(context, user, visit, listing)
	    : token_pages_each(context, user, visit_local, listing);
}

/* A user without account and tokens must be a typo. */
static enum err
check_user(struct context *context, const char *user)
{
	struct index index = {0};
	struct account account;
	struct store *store;
	enum err rc;

	if (user == NULL || context->fleet != NULL)
		return ERR_OK;
	account_lookup(&account, user, &context->config.account, context->now);
	if (account.found)
		return ERR_OK;
	rc = transaction_read(&store, context);
	if (rc != ERR_OK)
		return rc;
	rc = store_get_index(store, user, &index, &context->error);
	store_close(store);
	if (rc == ERR_OK && index.count == 0)
		rc = error_about(&context->error, "user", "no_user",
		    error_set(&context->error, ERR_NOT_FOUND,
			"user `%s`: no such account, or it cannot be looked "
			"up; and no tokens of that name",
			user));
	index_free(&index);
	return rc;
}

static enum err
list_json(struct context *context, struct listing *listing, const char *user)
{
	enum err rc;

	json_begin(&listing->json, stdout, "tokens");
	rc = visit_all(context, user, listing);
	json_end(&listing->json, rc);
	return rc;
}

static struct table *
make_table(const struct columns *columns)
{
	const char *names[COLUMN_COUNT] = {NULL};

	for (size_t i = 0; i < columns->count; i++)
		names[i] = columns_name(columns->chosen[i]);
	return table_new(names, columns->count, true);
}

/* Nothing is not the same as no answer; standard output stays empty. */
static void
report_none(const struct listing *listing, const char *user)
{
	const struct list_filter *filter = &listing->filter;
	bool is_any = user == NULL && filter->state == NULL &&
	    filter->service == NULL && filter->preset == NULL &&
	    filter->unused == 0 && filter->expiring == 0 &&
	    filter->pattern_count == 0;

	fputs(is_any ? "tokenadm: there are no tokens yet\n"
		     : "tokenadm: no token is like that\n",
	    stderr);
}

static void
shorten_time(const char *old, char text[TABLE_CELL_SIZE], void *arg)
{
	const struct listing *listing = arg;
	int64_t when = 0;

	(void)parse_expiry(old, listing->context->now, &when);
	text_time_near(when, listing->context->now, text);
}

/* For a terminal: near times, and one line for each token. */
static enum err
fit_table(struct listing *listing, const char *sort, size_t place)
{
	struct column_fit fit[COLUMN_COUNT];
	enum err rc = ERR_OK;

	for (size_t i = 0; rc == ERR_OK && i < listing->columns.count; i++) {
		enum column column = listing->columns.chosen[i];

		fit[i] = columns_fit(column);
		if (columns_are_times(column))
			rc = table_rewrite(
			    listing->table, i, shorten_time, listing);
	}
	/* Show what they are sorted by. */
	if (sort != NULL)
		fit[place].weight = UINT_MAX;
	return rc == ERR_OK ? table_fit(listing->table, fit) : rc;
}

static enum err
list_table(
    struct context *context, const struct args *args, struct listing *listing)
{
	const char *output = args_get(args, "output");
	const char *sort = args_get(args, "sort");
	struct error *why = &context->error;
	bool fits = output == NULL && terminal_get().has_output;
	size_t place = 0;
	enum err rc;

	if (output == NULL && context->fleet != NULL)
		output = COLUMNS_FLEET;
	if (output == NULL)
		output = fits ? COLUMNS_TERMINAL : COLUMNS_DEFAULT;
	rc = columns_parse(&listing->columns, output, why);
	if (rc == ERR_OK && sort != NULL)
		rc = columns_find(&listing->columns, sort, &place, why);
	if (rc != ERR_OK)
		return rc;
	listing->table = make_table(&listing->columns);
	if (listing->table == NULL)
		return error_plain(why, ERR_NOMEM);
	rc = visit_all(context, args_get(args, "user"), listing);
	if (rc == ERR_OK && listing->shown == 0)
		report_none(listing, args_get(args, "user"));
	if (sort != NULL)
		table_sort(listing->table, place);
	if (fits && fit_table(listing, sort, place) != ERR_OK && rc == ERR_OK)
		rc = error_plain(why, ERR_NOMEM);
	/* Show what could be read. */
	if (table_print(listing->table, stdout) != ERR_OK && rc == ERR_OK)
		rc = text_not_written(why);
	table_free(listing->table);
	return rc;
}

static enum err
run(struct context *context, const struct args *args)
{
	bool follows = args_has(args, "follow");
	bool is_json = args_has(args, "json") || follows;
	const char *other = args_has(args, "sort") ? "sort" : "output";
	const char *user = args_get(args, "user");
	struct listing listing = {.context = context};
	enum err rc;

	if (follows && context->fleet != NULL)
		return error_about(&context->error, "follow", NULL,
		    error_set(&context->error, ERR_USAGE,
			"--follow: not with --fleet: it follows the tokens of "
			"this machine only; ask with --json again and again"));
	if (is_json && (args_has(args, "sort") || args_has(args, "output")))
		return error_about(&context->error, other, NULL,
		    error_set(&context->error, ERR_USAGE,
			"--%s: cannot be combined with --sort or --output",
			follows ? "follow" : "json"));
	if (context->ask != NULL)
		return list_follow_own(context, args);
	rc = list_filter_read(context, args, &listing.filter);
	if (rc == ERR_OK)
		rc = check_user(context, user);
	if (rc != ERR_OK)
		return rc;
	if (follows)
		return list_follow(context, &listing.filter, user);
	return is_json ? list_json(context, &listing, user)
		       : list_table(context, args, &listing);
}

static const struct option_spec OPTIONS[] = {
    {"user", "USER", "only the tokens of this user"},
    {"state", "STATE", "active, not-yet, revoked, deactivated or expired"},
    {"service", "NAME", "only those that may log in to this service"},
    {"preset", "NAME", "only those issued with this preset"},
    {"unused", "DURATION", "only those not used for so long, such as 90d"},
    {"expiring", "DURATION", "only those that expire within so long"},
    {"sort", "COLUMN", "in the order of this column"},
    {"output", "COLUMN[,COLUMN]", "show these columns; -o for short", 'o'},
    {"fleet", NULL, "the fleet's tokens, of whatever issuer"},
    {"json", NULL, "as JSON"},
    {"follow", NULL, "as JSON, a line each; then a line for each change"},
    {0},
};

const struct command command_list = {
    .name = "list",
    .operands = "[PATTERN...]",
    .most = -1,
    .summary = "List tokens, all or those of a user or name",
    .options = OPTIONS,
    .help_more = columns_print_names,
    .run = run,
};
