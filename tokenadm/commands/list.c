#include <fnmatch.h>
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
#include "config/services.h"
#include "issue/token_options.h"
#include "tokens/token_lookup.h"
#include "tokens/token_pages.h"
#include "tokens/transaction.h"

/* Which tokens to show, and where: in a table, or as JSON. */
struct listing {
	const struct context *context;
	int64_t now;
	const struct service_group *groups;
	const char *state;   /* NULL: any */
	const char *service; /* likewise */
	const char *preset;  /* likewise */
	int64_t unused;      /* seconds; 0: any */
	int64_t expiring;    /* likewise */
	char **patterns;     /* one of them has to match; none: any */
	int pattern_count;
	size_t shown;
	struct columns columns;
	struct table *table;
	struct json_stream json;
};

static bool
is_expiring(const struct listing *listing, const struct record *record)
{
	return record_is_usable(record, listing->now) &&
	    record->expires != TIME_NEVER &&
	    record->expires - listing->now <= listing->expiring;
}

/* Whether it was neither used nor issued recently; nor has it just started. */
static bool
is_unused(const struct listing *listing, const struct record *record,
    const struct last_use *usage)
{
	int64_t last = usage->at != 0 ? usage->at : record->created.at;

	if (last < record->starts)
		last = record->starts;
	return listing->now - last >= listing->unused;
}

/* Whether a pattern matches its user, name, user/name or id. */
static bool
is_called(const struct listing *listing, const struct record *record)
{
	char full[RECORD_USER_MAX + PARSE_NAME_MAX + 2];
	const char *const texts[] = {
	    record->user, record->name, full, record->id};

	(void)snprintf(full, sizeof(full), "%s/%s", record->user, record->name);
	for (int i = 0; i < listing->pattern_count; i++) {
		for (size_t j = 0; j < sizeof(texts) / sizeof(texts[0]); j++) {
			if (fnmatch(listing->patterns[i], texts[j], 0) == 0)
				return true;
		}
	}
	return listing->pattern_count == 0;
}

static bool
is_wanted(const struct listing *listing, const struct record *record,
    const struct last_use *usage)
{
	if (listing->state != NULL &&
	    strcmp(listing->state, text_state(record, listing->now)) != 0)
		return false;
	if (listing->service != NULL &&
	    !services_include(
		listing->groups, record->services, listing->service))
		return false;
	if (listing->preset != NULL &&
	    strcmp(listing->preset, record->preset) != 0)
		return false;
	if (listing->unused != 0 && !is_unused(listing, record, usage))
		return false;
	if (!is_called(listing, record))
		return false;
	return listing->expiring == 0 || is_expiring(listing, record);
}

static enum err
add_row(struct listing *listing, const struct record *record,
    const struct last_use *usage)
{
	const char *cells[COLUMN_COUNT];
	struct row row;
	enum err rc = row_fill(&row, record, usage, listing->now);

	for (size_t i = 0; rc == ERR_OK && i < listing->columns.count; i++)
		cells[i] = row.cells[listing->columns.chosen[i]];
	if (rc == ERR_OK)
		rc = table_add(listing->table, cells,
		    record_is_usable(record, listing->now) ? TABLE_PLAIN
							   : TABLE_DEAD);
	row_free(&row);
	return rc;
}

static enum err
visit(const struct record *record, const struct last_use *usage, void *arg)
{
	struct listing *listing = arg;

	if (find_is_hidden(listing->context, ERR_OK, record) ||
	    !is_wanted(listing, record, usage))
		return ERR_OK;
	listing->shown++;
	return listing->table != NULL
	    ? add_row(listing, record, usage)
	    : json_token(&listing->json, record, usage, listing->now);
}

static enum err
check_state(const char *state, struct error *why)
{
	static const char *const STATES[] = {
	    "active", "not-yet", "revoked", "deactivated", "expired"};

	for (size_t i = 0; i < sizeof(STATES) / sizeof(STATES[0]); i++) {
		if (state == NULL || strcmp(state, STATES[i]) == 0)
			return ERR_OK;
	}
	return error_about(why, "state", NULL,
	    error_set(why, ERR_INVALID,
		"state `%s`: active, not-yet, revoked, deactivated or expired",
		state));
}

static enum err
check_service(
    const struct service_group *groups, const char *service, struct error *why)
{
	if (service == NULL)
		return ERR_OK;
	if (!parse_is_service_or_group(service))
		return error_about(why, "service", NULL,
		    error_set(why, ERR_INVALID,
			"service `%s`: give the name of a PAM service",
			service));
	return service[0] == '@'
	    ? error_about(why, "service", NULL,
		  token_options_check_group(groups, service, why))
	    : ERR_OK;
}

/* Tokens of a preset stay when it is gone from the config. */
static enum err
check_preset(const char *preset, struct error *why)
{
	if (preset == NULL || presets_is_name(preset))
		return ERR_OK;
	return error_about(why, "preset", NULL,
	    error_set(why, ERR_INVALID,
		"preset `%s`: not a name that a preset can have", preset));
}

/* A user without account and tokens must be a typo. */
static enum err
check_user(struct context *context, const char *user)
{
	struct index index = {0};
	struct account account;
	struct store *store;
	enum err rc;

	if (user == NULL)
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
read_duration(const struct args *args, const char *option, int64_t *seconds,
    struct error *why)
{
	const char *text = args_get(args, option);

	*seconds = 0;
	if (text == NULL || (parse_duration(text, seconds) && *seconds > 0))
		return ERR_OK;
	return error_about(why, option, NULL,
	    error_set(why, ERR_INVALID, "%s `%s`: give a duration, such as 90d",
		option, text));
}

static enum err
read_filters(
    struct context *context, const struct args *args, struct listing *listing)
{
	struct error *why = &context->error;
	enum err rc;

	listing->now = context->now;
	listing->groups = context->config.groups;
	listing->state = args_get(args, "state");
	listing->service = args_get(args, "service");
	listing->preset = args_get(args, "preset");
	listing->patterns = args->operands;
	listing->pattern_count = args->operand_count;
	rc = check_state(listing->state, why);
	if (rc == ERR_OK)
		rc = check_service(listing->groups, listing->service, why);
	if (rc == ERR_OK)
		rc = check_preset(listing->preset, why);
	if (rc == ERR_OK)
		rc = read_duration(args, "unused", &listing->unused, why);
	if (rc == ERR_OK)
		rc = read_duration(args, "expiring", &listing->expiring, why);
	for (int i = 0; rc == ERR_OK && i < args->operand_count; i++)
		rc = error_about(
		    why, "pattern", NULL, find_check(args->operands[i], why));
	return rc;
}

static enum err
list_json(struct context *context, struct listing *listing, const char *user)
{
	enum err rc;

	json_begin(&listing->json, stdout, "tokens");
	rc = token_pages_each(context, user, visit, listing);
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
	bool is_any = user == NULL && listing->state == NULL &&
	    listing->service == NULL && listing->preset == NULL &&
	    listing->unused == 0 && listing->expiring == 0 &&
	    listing->pattern_count == 0;

	fputs(is_any ? "tokenadm: there are no tokens yet\n"
		     : "tokenadm: no token is like that\n",
	    stderr);
}

static void
shorten_time(const char *old, char text[TABLE_CELL_SIZE], void *arg)
{
	const struct listing *listing = arg;
	int64_t when = 0;

	(void)parse_expiry(old, listing->now, &when);
	text_time_near(when, listing->now, text);
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
	rc = token_pages_each(context, args_get(args, "user"), visit, listing);
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
	const char *user = args_get(args, "user");
	struct listing listing = {.context = context};
	enum err rc = read_filters(context, args, &listing);

	if (rc != ERR_OK)
		return rc;
	if (args_has(args, "json") &&
	    (args_has(args, "sort") || args_has(args, "output")))
		return error_set(&context->error, ERR_USAGE,
		    "--json: cannot be combined with --sort or --output");
	rc = check_user(context, user);
	if (rc != ERR_OK)
		return rc;
	return args_has(args, "json") ? list_json(context, &listing, user)
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
    {"json", NULL, "as JSON"},
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
