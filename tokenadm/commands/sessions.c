#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/json.h"
#include "cli/table.h"
#include "cli/text.h"
#include "session/rundir.h"
#include "session/session_list.h"

struct listing {
	const struct token_owner *self; /* whose; NULL: all */
	struct table *table;            /* NULL: as JSON */
	struct json_stream json;
};

static enum err
add_row(struct table *table, const struct session *session)
{
	char token[RECORD_USER_MAX + PARSE_NAME_MAX + 2];
	char since[PARSE_TIME_LEN + 1], pid[24];
	const char *const cells[] = {
	    session->id,
	    token,
	    session->service,
	    session->from,
	    session->tty,
	    since,
	    pid,
	};

	/* If its file is damaged, only its process is known. */
	(void)snprintf(token, sizeof(token), "%s%s%s", session->user,
	    session->user[0] != '\0' ? "/" : "", session->name);
	text_time(session->since, since);
	(void)snprintf(pid, sizeof(pid), "%" PRIu64, session->process.pid);
	return table_add(table, cells, TABLE_PLAIN);
}

static enum err
add_object(struct json_stream *stream, const struct session *session)
{
	char since[PARSE_TIME_LEN + 1];

	text_time(session->since, since);
	return json_add(stream,
	    json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:I}", "id",
		session->id, "user", json_string_or_null(session->user), "name",
		json_string_or_null(session->name), "service",
		json_string_or_null(session->service), "from",
		json_string_or_null(session->from), "tty",
		json_string_or_null(session->tty), "since",
		json_string_or_null(since), "pid",
		(json_int_t)session->process.pid));
}

static enum err
show(const struct session *session, void *arg)
{
	struct listing *listing = arg;

	if (session_is_over(session) ||
	    (listing->self != NULL &&
		strcmp(listing->self->user, session->user) != 0))
		return ERR_OK;
	return listing->table != NULL ? add_row(listing->table, session)
				      : add_object(&listing->json, session);
}

static enum err
list_json(struct context *context)
{
	struct listing listing = {.self = context->self};
	enum err rc;

	json_begin(&listing.json, stdout, "sessions");
	rc = session_each(RUNDIR, NULL, show, &listing, &context->error);
	json_end(&listing.json, rc);
	return rc == ERR_NOMEM ? error_plain(&context->error, rc) : rc;
}

static enum err
list_table(struct context *context)
{
	static const char *const COLUMNS[] = {
	    "ID", "TOKEN", "SERVICE", "FROM", "TTY", "SINCE", "PID"};
	struct listing listing = {
	    .self = context->self,
	    .table = table_new(
		COLUMNS, sizeof(COLUMNS) / sizeof(COLUMNS[0]), true),
	};
	enum err rc;

	if (listing.table == NULL)
		return error_plain(&context->error, ERR_NOMEM);
	rc = session_each(RUNDIR, NULL, show, &listing, &context->error);
	if (rc == ERR_NOMEM)
		(void)error_plain(&context->error, rc);
	if (table_print(listing.table, stdout) != ERR_OK && rc == ERR_OK)
		rc = text_not_written(&context->error);
	table_free(listing.table);
	return rc;
}

static enum err
run(struct context *context, const struct args *args)
{
	return args_has(args, "json") ? list_json(context)
				      : list_table(context);
}

static const struct option_spec OPTIONS[] = {
    {"json", NULL, "as JSON"},
    {0},
};

const struct command command_sessions = {
    .name = "sessions",
    .operands = "",
    .summary = "List the live sessions that were opened with tokens",
    .options = OPTIONS,
    .run = run,
};
