#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/json.h"
#include "cli/table.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "commands/show.h"
#include "outbox/fleet_side.h"
#include "store/last_use.h"
#include "store/logos.h"
#include "tokens/fleet_tokens.h"
#include "tokens/token_lookup.h"
#include "tokens/transaction.h"

/* Near times are shown twice to people, once to programs. */
struct clock {
	bool is_terminal;
	int64_t now;
};

static void
format_time(
    char text[TEXT_TIME_BOTH_SIZE], int64_t when, const struct clock *clock)
{
	if (clock->is_terminal)
		text_time_both(when, clock->now, text);
	else
		text_time(when, text);
}

#define EVENT_SIZE (TEXT_TIME_BOTH_SIZE + RECORD_BY_MAX + RECORD_REASON_MAX + 8)

/* `2027-01-31T12:00:00Z by alice: reason`, or "" if it did not happen. */
static void
format_event(char text[EVENT_SIZE], const struct record_event *event,
    const struct clock *clock)
{
	char when[TEXT_TIME_BOTH_SIZE];

	format_time(when, event->at, clock);
	(void)snprintf(text, EVENT_SIZE, "%s%s%s%s%s", when,
	    event->at != 0 ? " by " : "", event->by,
	    event->reason[0] != '\0' ? ": " : "", event->reason);
}

#define USED_SIZE                                                              \
	(TEXT_TIME_BOTH_SIZE + PARSE_SERVICE_MAX + NETWORK_TEXT_LEN + 64)

/* `2027-01-31T12:00:00Z from 192.0.2.1 at sshd, noted 7 times` */
static void
format_used(char text[USED_SIZE], const struct last_use *usage,
    const struct clock *clock)
{
	char when[TEXT_TIME_BOTH_SIZE];

	text[0] = '\0';
	if (usage->at == 0)
		return;
	format_time(when, usage->at, clock);
	(void)snprintf(text, USED_SIZE, "%s%s%s%s%s, noted %llu time%s", when,
	    usage->from[0] != '\0' ? " from " : "", usage->from,
	    usage->service[0] != '\0' ? " at " : "", usage->service,
	    (unsigned long long)usage->count, usage->count == 1 ? "" : "s");
}

static enum err
fill(struct table *table, const struct record *record,
    const struct last_use *usage, const struct origin *origin, const char *from,
    const struct clock *clock)
{
	char starts[TEXT_TIME_BOTH_SIZE], expires[TEXT_TIME_BOTH_SIZE];
	char owner[RECORD_USER_MAX + 32], sessions[TEXT_MAX_SESSIONS_SIZE];
	char created[EVENT_SIZE], changed[EVENT_SIZE];
	const char *hosts = origin->issuer[0] != '\0' &&
		origin->hosts[0] == '\0'
	    ? "all"
	    : origin->hosts;
	char ended[EVENT_SIZE], approved[EVENT_SIZE], used[USED_SIZE];
	const char *const rows[][2] = {
	    {"Id:", record->id},
	    {"User:", owner},
	    {"Name:", record->name},
	    {"Description:", record->description},
	    {"Logo:", picture_type_name(record->logo)},
	    {"State:", text_state(record, clock->now)},
	    {"Length:", record->is_short ? "short" : "long"},
	    {"Issuer:", origin->issuer},
	    {"Hosts:", hosts},
	    {"Services:", record->services},
	    {"Scopes:", record->scopes},
	    {"From:", from[0] != '\0' ? from : "anywhere"},
	    {"Starts:", starts},
	    {"Expires:", expires},
	    {"Max sessions:", sessions},
	    {"Preset:", record->preset},
	    {"Lifetime:", record_lifetime_name(record->lifetime)},
	    {"Last used:", used},
	    {"Created:", created},
	    {"Changed:", changed},
	    {"Ended:", ended},
	    {"Approved:", approved},
	    {"Replaces:", record->predecessor},
	    {"Replaced by:", record->successor},
	};
	enum err rc = ERR_OK;

	format_time(starts, record->starts, clock);
	format_time(expires, record->expires, clock);
	text_max_sessions(record, sessions);
	if (record->uid == (uid_t)-1)
		strcpy(owner, record->user);
	else
		(void)snprintf(owner, sizeof(owner), "%s (uid %lu)",
		    record->user, (unsigned long)record->uid);
	format_used(used, usage, clock);
	format_event(created, &record->created, clock);
	format_event(changed, &record->changed, clock);
	format_event(ended, &record->ended, clock);
	format_event(approved, &record->approved, clock);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rc == ERR_OK && rows[i][1][0] != '\0')
			rc = table_add(table, rows[i], TABLE_PLAIN);
	}
	return rc;
}

enum err
show_print(FILE *stream, const struct record *record,
    const struct last_use *usage, const struct origin *origin, int64_t now)
{
	static const char *const COLUMNS[] = {"FIELD", "VALUE"};
	struct table *table = table_new(COLUMNS, 2, false);
	const struct clock clock = {stream == stdout
		? terminal_get().has_output
		: terminal_get().has_errors,
	    now};
	char *from = text_networks(record);
	enum err rc = ERR_NOMEM;

	if (table != NULL && from != NULL)
		rc = fill(table, record, usage, origin, from, &clock);
	if (rc == ERR_OK)
		rc = table_print(table, stream);
	table_free(table);
	free(from);
	return rc;
}

static enum err
print_json(const struct record *record, const struct last_use *usage,
    const struct origin *origin, int64_t now)
{
	struct json_stream stream;
	enum err rc;

	json_begin(&stream, stdout, "tokens");
	rc = json_token(&stream, record, usage, origin, now);
	json_end(&stream, rc);
	return rc;
}

static enum err
print(struct context *context, const struct args *args,
    const struct record *record, const struct origin *origin)
{
	const struct config *config = context->fleet != NULL
	    ? &context->fleet->local
	    : &context->config;
	struct last_use usage = last_use_look(
	    config, record->id, store_deadline(config));
	enum err rc = args_has(args, "json")
	    ? print_json(record, &usage, origin, context->now)
	    : show_print(stdout, record, &usage, origin, context->now);

	return rc == ERR_OK ? rc : error_plain(&context->error, rc);
}

static enum err
show_fleets(struct context *context, const struct args *args)
{
	struct fleet_found *found = calloc(1, sizeof(*found));
	struct origin origin;
	enum err rc;

	if (found == NULL)
		return error_plain(&context->error, ERR_NOMEM);
	rc = fleet_tokens_find(context, args->operands[0], NULL, found);
	origin = (struct origin){found->issuer, found->places};
	if (rc == ERR_OK)
		rc = print(context, args, &found->record, &origin);
	free(found);
	return rc;
}

/* Reads the record anew: an edit may have come between. */
static enum err
read_logo(struct context *context, const char *id, struct logo *logo)
{
	struct record record;
	struct store *store;
	enum err rc = transaction_read(&store, context);

	if (rc != ERR_OK)
		return rc;
	rc = store_get(store, id, &record, &context->error);
	if (rc == ERR_OK)
		rc = error_about(&context->error, "logo", NULL,
		    logos_get(store, &record, logo, &context->error));
	store_close(store);
	return rc;
}

/* The image as it is, for a file or another program. */
static enum err
write_logo(struct context *context, const char *id)
{
	struct logo *logo;
	enum err rc;

	if (terminal_get().has_output)
		return error_set(&context->error, ERR_INVALID,
		    "a logo is no text for a terminal; write it to a file: "
		    "tokenadm show %s --logo >FILE",
		    id);
	logo = malloc(sizeof(*logo));
	if (logo == NULL)
		return error_plain(&context->error, ERR_NOMEM);
	rc = read_logo(context, id, logo);
	/* A write error is reported when the stream is flushed. */
	if (rc == ERR_OK)
		(void)fwrite(logo->bytes, 1, logo->len, stdout);
	free(logo);
	return rc;
}

static enum err
check_logo(struct context *context, const struct args *args)
{
	struct error *why = &context->error;

	if (!args_has(args, "logo"))
		return ERR_OK;
	if (context->fleet != NULL)
		return error_about(why, "logo", NULL,
		    error_set(why, ERR_USAGE,
			"--logo: not with --fleet: its tokens have no logos"));
	return args_has(args, "json")
	    ? error_set(
		  why, ERR_USAGE, "--logo: cannot be combined with --json")
	    : ERR_OK;
}

static enum err
run(struct context *context, const struct args *args)
{
	struct found found;
	enum err rc = check_logo(context, args);

	if (rc != ERR_OK)
		return rc;
	if (context->fleet != NULL)
		return show_fleets(context, args);
	rc = find_closed(context, args->operands[0], NULL, &found);
	if (rc != ERR_OK)
		return rc;
	return args_has(args, "logo")
	    ? write_logo(context, found.record.id)
	    : print(context, args, &found.record, &origin_here);
}

static const struct option_spec OPTIONS[] = {
    {"fleet", NULL, "one of the fleet's, of whatever issuer"},
    {"json", NULL, "as JSON"},
    {"logo", NULL, "its logo, which is an image, to standard output"},
    {0},
};

const struct command command_show = {
    .name = "show",
    .operands = "TOKEN",
    .least = 1,
    .most = 1,
    .summary = "Show all that is known of a token",
    .options = OPTIONS,
    .run = run,
};
