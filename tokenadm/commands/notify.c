#include <jansson.h>
#include <stdio.h>

#include "cli/command.h"
#include "cli/json.h"
#include "cli/table.h"
#include "cli/text.h"
#include "notify/notice_run.h"
#include "notify/notice_send.h"
#include "notify/notice_text.h"
#include "tokens/actor.h"
#include "tokens/token_pages.h"
#include "tokens/transaction.h"

/* Of a dry run. */
struct preview {
	struct table *table; /* NULL: as JSON */
	struct json_stream json;
};

static const char *const VIA[NOTICE_CHANNELS] = {
    [NOTICE_COMMAND] = "command",
    [NOTICE_MAIL] = "mail",
};

static enum err
preview_row(struct preview *preview, enum notice_channel channel,
    const struct notice *notice)
{
	const struct record *record = notice->record;
	char token[RECORD_USER_MAX + PARSE_NAME_MAX + 2];
	char when[PARSE_TIME_LEN + 1], next[NOTICE_NEXT_SIZE];
	const char *const cells[] = {
	    record->id,
	    token,
	    notice_kind_name(notice->kind),
	    when,
	    VIA[channel],
	    next,
	};

	(void)snprintf(
	    token, sizeof(token), "%s/%s", record->user, record->name);
	text_time(
	    notice->kind == NOTICE_ENDED ? notice->ended : record->expires,
	    when);
	notice_next(notice, next);
	return table_add(preview->table, cells, TABLE_PLAIN);
}

/* A notice_sender that shows what would be sent. */
static enum err
show(enum notice_channel channel, const struct notice *notice, void *arg,
    struct error *why)
{
	struct preview *preview = arg;
	json_t *object;

	(void)why;
	if (preview->table != NULL)
		return preview_row(preview, channel, notice);
	object = notice_json(notice);
	if (object != NULL)
		(void)json_object_set_new(
		    object, "via", json_string(VIA[channel]));
	return json_add(&preview->json, object);
}

struct walk {
	struct context *context;
	struct notice_run run;
};

static enum err
visit(const struct record *record, const struct last_use *usage, void *arg)
{
	struct walk *walk = arg;

	(void)usage;
	return notice_run_token(&walk->run, record, &walk->context->error);
}

static enum err
run_all(struct walk *walk)
{
	struct context *context = walk->context;
	enum err rc = notice_run_begin(
	    &walk->run, &context->config, &context->error);

	if (rc == ERR_OK)
		rc = token_pages_each(context, NULL, visit, walk);
	/* check reports these; the others were told. */
	if (rc == ERR_OK || rc == ERR_DAMAGED || rc == ERR_NEWER) {
		enum err done = notice_run_finish(&walk->run, &context->error);

		rc = done != ERR_OK ? done : rc;
	}
	notice_run_end(&walk->run);
	return rc;
}

static enum err
run_dry(struct walk *walk, bool as_json)
{
	static const char *const COLUMNS[] = {
	    "ID", "TOKEN", "NOTICE", "WHEN", "VIA", "NEXT"};
	struct preview preview = {0};
	enum err rc;

	if (as_json)
		json_begin(&preview.json, stdout, "notices");
	else
		preview.table = table_new(
		    COLUMNS, sizeof(COLUMNS) / sizeof(COLUMNS[0]), true);
	if (!as_json && preview.table == NULL)
		return error_plain(&walk->context->error, ERR_NOMEM);
	walk->run.is_dry = true;
	walk->run.send = show;
	walk->run.arg = &preview;
	rc = run_all(walk);
	walk->run.arg = NULL;
	if (as_json)
		json_end(&preview.json, rc);
	else if (table_print(preview.table, stdout) != ERR_OK && rc == ERR_OK)
		rc = text_not_written(&walk->context->error);
	table_free(preview.table);
	return rc;
}

static enum err
run_real(struct walk *walk, bool as_json)
{
	struct context *context = walk->context;
	char by[RECORD_BY_MAX + 1];
	struct notice_post post;
	enum err rc;

	actor_name(by);
	notice_post_begin(&post, &context->config, by);
	walk->run.send = notice_post_send;
	walk->run.arg = &post;
	rc = run_all(walk);
	walk->run.arg = NULL;
	if (rc == ERR_OK && as_json)
		printf("{\"sent\": %zu, \"failed\": %zu}\n", walk->run.sent,
		    walk->run.failed);
	if (rc != ERR_OK || walk->run.failed == 0)
		return rc;
	return error_set(&context->error, ERR_SYSTEM,
	    "%zu notice%s sent, %zu not: the log says why; the next run tries "
	    "again",
	    walk->run.sent, walk->run.sent == 1 ? "" : "s", walk->run.failed);
}

/* Nobody has to be told of anything. */
static enum err
no_store(const struct args *args)
{
	if (args_has(args, "json"))
		puts(args_has(args, "dry-run")
			? "{\"notices\": []}"
			: "{\"sent\": 0, \"failed\": 0}");
	return ERR_OK;
}

static enum err
run(struct context *context, const struct args *args)
{
	const struct notify_policy *notify = &context->config.notify;
	struct walk walk = {
	    .context = context,
	    .run = {.now = context->now,
		.uses = {notify->command[0] != '\0', notify->mails}},
	};
	struct store *store;
	enum err rc;

	if (!walk.run.uses[NOTICE_COMMAND] && !walk.run.uses[NOTICE_MAIL])
		return error_set(&context->error, ERR_CONFIG,
		    "%s: nobody is to be told; set command or mail in "
		    "[notify], see apitoken.conf(5)",
		    config_file_name(context->config_file));
	rc = transaction_read_any(&store, context);
	store_close(store);
	if (rc != ERR_OK)
		return rc;
	if (store == NULL)
		return no_store(args);
	return args_has(args, "dry-run")
	    ? run_dry(&walk, args_has(args, "json"))
	    : run_real(&walk, args_has(args, "json"));
}

static const struct option_spec OPTIONS[] = {
    {"dry-run", NULL, "only show what would be sent"},
    {"json", NULL, "as JSON"},
    {0},
};

const struct command command_notify = {
    .name = "notify",
    .operands = "",
    .summary = "Tell of tokens that expire soon, or have ended",
    .options = OPTIONS,
    .run = run,
};
