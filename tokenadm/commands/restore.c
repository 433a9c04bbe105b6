#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "backup/backup_reader.h"
#include "backup/restore_plan.h"
#include "backup/snapshot.h"
#include "backup/snapshot_walk.h"
#include "cli/ask.h"
#include "cli/command.h"
#include "cli/json_lines.h"
#include "cli/signal_block.h"
#include "cli/text.h"
#include "outbox/fleet_side.h"
#include "store/create.h"
#include "store/logos.h"
#include "store/store.h"
#include "store/store_values.h"
#include "store/usage_beat.h"
#include "tokens/actor.h"
#include "tokens/audit.h"
#include "tokens/transaction.h"

#define ROUNDS 5 /* attempts, if the tokens keep changing */

/* Private copies: the store in the backup, and the present one. */
struct restore {
	struct context *context;
	bool dry_run, yes;
	int backup;  /* descriptors, -1 for none */
	int present; /* -1: there is no store */
	int64_t at;
	uint64_t count;
};

/* Adds the next token of the backup to a store, with its logo. */
static enum err
add_next(struct store *store, struct backup_reader *reader, struct logo *logo,
    struct error *why)
{
	struct record record;
	enum err rc = backup_reader_next(reader, &record, logo, why);

	if (rc == ERR_OK)
		rc = store_add(store, &record, why);
	return rc == ERR_OK && record.logo != PICTURE_NONE
	    ? logos_put_back(store, &record, logo, why)
	    : rc;
}

/* With --fleet: what is published, and what is on the way. */
static enum err
add_values(struct store *store, struct backup_reader *reader, struct error *why)
{
	struct backup_value value;
	enum err rc;

	do {
		rc = backup_reader_next_value(reader, &value, why);
		if (rc == ERR_OK)
			rc = store_value_put(store, value.kind, value.name,
			    value.bytes, value.len, why);
	} while (rc == ERR_OK);
	return rc;
}

/* Makes a store from the backup, which must be complete. */
static enum err
add_all(struct restore *restore, struct backup_reader *reader)
{
	struct error *why = &restore->context->error;
	struct logo *logo = malloc(sizeof(*logo));
	struct store *store = NULL;
	enum err rc;

	if (logo == NULL)
		return error_plain(why, ERR_NOMEM);
	rc = store_open_private(
	    &store, &restore->context->config, restore->backup, why);
	while (rc == ERR_OK)
		rc = add_next(store, reader, logo, why);
	if (rc == ERR_NOT_FOUND && backup_reader_has_values(reader))
		rc = add_values(store, reader, why);
	store_close(store);
	free(logo);
	return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}

/* It is of the local tokens, or of what is issued to a fleet. */
static enum err
check_kind(const struct context *context, const struct backup_reader *reader,
    const char *path, struct error *why)
{
	bool is_fleets = backup_reader_has_values(reader);

	if (is_fleets == (context->fleet != NULL))
		return ERR_OK;
	return error_set(why, ERR_INVALID, "%s: holds %s: tokenadm restore%s",
	    path,
	    is_fleets ? "what is issued to a fleet"
		      : "tokens of this machine, and not what is issued to a "
			"fleet",
	    is_fleets ? " --fleet" : ", without --fleet");
}

static enum err
read_backup(struct restore *restore, const char *path)
{
	struct context *context = restore->context;
	struct backup_reader *reader = NULL;
	enum err rc = backup_reader_open(
	    &reader, &context->config, path, &context->error);

	if (rc == ERR_OK)
		rc = check_kind(context, reader, path, &context->error);
	rc = error_about(&context->error, "file", NULL, rc);
	if (rc == ERR_OK)
		rc = snapshot_make(
		    &context->config, &restore->backup, &context->error);
	if (rc == ERR_OK)
		rc = add_all(restore, reader);
	if (rc == ERR_OK) {
		restore->at = backup_reader_time(reader);
		restore->count = backup_reader_count(reader);
	}
	backup_reader_close(reader);
	return rc;
}

static void
forget_present(struct restore *restore)
{
	if (restore->present >= 0)
		(void)close(restore->present);
	restore->present = -1;
}

/* Opens the copy of the present store, if it is not damaged. */
static enum err
open_present(struct restore *restore, struct store **present, struct plan *plan)
{
	struct context *context = restore->context;
	enum err rc;

	if (restore->present < 0)
		return ERR_OK;
	rc = store_open_private(
	    present, &context->config, restore->present, &context->error);
	if (rc == ERR_KEY)
		return error_set(&context->error, rc,
		    "%s/%s: sealed with another key than %s; if the backup is "
		    "to take its place, move it away first",
		    context->config.directory, STORE_DATABASE,
		    context->config.key);
	if (rc == ERR_DAMAGED)
		plan->now = PLAN_NOW_DAMAGED;
	return rc == ERR_DAMAGED ? ERR_OK : rc;
}

/* Finds out what would change. */
static enum err
make_plan(struct restore *restore, struct plan *plan)
{
	struct context *context = restore->context;
	struct store *present = NULL, *backup = NULL;
	enum err rc = snapshot_take(
	    &context->config, &restore->present, &context->error);

	if (rc == ERR_MISSING)
		rc = ERR_OK;
	if (rc == ERR_OK)
		rc = open_present(restore, &present, plan);
	if (rc == ERR_OK)
		rc = store_open_private(&backup, &context->config,
		    restore->backup, &context->error);
	if (rc == ERR_OK)
		rc = plan_make(
		    plan, present, backup, context->now, &context->error);
	store_close(backup);
	store_close(present);
	return rc;
}

/* Creates an empty store; sets *changed if somebody else did, or used it. */
static enum err
make_store(struct restore *restore, bool *changed)
{
	const struct config *config = &restore->context->config;
	struct error *why = &restore->context->error;
	struct store *store = NULL;
	uint64_t count = 0;
	bool created;
	enum err rc = create_store(
	    config, store_deadline(config), &created, why);

	if (rc == ERR_OK)
		rc = snapshot_take(config, &restore->present, why);
	if (rc == ERR_OK)
		rc = store_open_private(&store, config, restore->present, why);
	if (rc == ERR_OK)
		rc = snapshot_walk_count(store, &count, why);
	store_close(store);
	*changed = rc == ERR_OK && (!created || count > 0);
	return rc;
}

static enum err
apply(struct restore *restore, bool *changed)
{
	struct context *context = restore->context;
	struct signal_block hold;
	enum err rc = ERR_OK;

	signal_block_begin(&hold);
	if (restore->present < 0)
		rc = make_store(restore, changed);
	/* What it brings back may have been used elsewhere, or by nobody. */
	if (rc == ERR_OK && !*changed && context->fleet == NULL)
		rc = usage_beat_forget(&context->config,
		    store_deadline(&context->config), &context->error);
	if (rc == ERR_OK && !*changed)
		rc = snapshot_install(&context->config, restore->backup,
		    restore->present, changed, &context->error);
	/* Until what was done is logged. */
	if (rc != ERR_OK || *changed)
		signal_block_end(&hold);
	return rc;
}

static enum err
confirm(struct restore *restore)
{
	if (restore->yes)
		return ERR_OK;
	if (!ask_is_possible())
		return error_about(&restore->context->error, "yes",
		    "not_confirmed",
		    error_set(&restore->context->error, ERR_SYSTEM,
			"no terminal to ask on; if you are sure, give --yes"));
	if (ask_yes("Restore?"))
		return ERR_OK;
	fputs("Nothing was changed.\n", stderr);
	return error_shown(&restore->context->error);
}

/* What is published may differ though no token does. */
static bool
has_changes(const struct restore *restore, const struct plan *plan)
{
	return restore->context->fleet != NULL || !plan_is_empty(plan);
}

static enum err
show(struct restore *restore, struct plan *plan)
{
	char at[PARSE_TIME_LEN + 1];
	enum err rc = plan_print(plan, stdout, &restore->context->error);

	if (rc == ERR_OK && has_changes(restore, plan) && !restore->dry_run)
		rc = confirm(restore);
	if (rc != ERR_OK || restore->dry_run || has_changes(restore, plan))
		return rc;
	rc = transaction_settle(restore->context);
	if (rc != ERR_OK)
		return rc;
	text_time(restore->at, at);
	printf("Nothing to do: all is as it was at %s.\n", at);
	return ERR_OK;
}

/* One attempt; sets *changed if it must be repeated. */
static enum err
attempt(struct restore *restore, bool *changed)
{
	struct plan plan = {0};
	char at[PARSE_TIME_LEN + 1], by[RECORD_BY_MAX + 1];
	enum err rc = make_plan(restore, &plan);
	bool apply_it = false;

	*changed = false;
	if (rc == ERR_OK)
		rc = show(restore, &plan);
	apply_it = rc == ERR_OK && !restore->dry_run &&
	    has_changes(restore, &plan);
	plan_free(&plan);
	if (!apply_it)
		return rc;
	rc = apply(restore, changed);
	if (rc != ERR_OK || *changed)
		return rc;
	text_time(restore->at, at);
	actor_name(by);
	audit_store("restored-store", by, at);
	printf("Restored: the tokens are as they were at %s.\n", at);
	if (restore->context->fleet != NULL)
		puts("What was published since then is what the engine has: "
		     "tokenadm fleet adopt");
	return ERR_OK;
}

static enum err
attempt_all(struct restore *restore)
{
	bool changed = true;
	enum err rc = ERR_OK;

	for (int i = 0; rc == ERR_OK && changed && i < ROUNDS; i++) {
		if (i > 0)
			printf("The tokens were changed meanwhile. Now:\n");
		rc = attempt(restore, &changed);
		forget_present(restore);
	}
	if (rc == ERR_OK && changed)
		rc = error_set(&restore->context->error, ERR_BUSY,
		    "the tokens keep changing; nothing was restored, run it "
		    "again when there is less to do");
	return rc;
}

static enum err
run(struct context *context, const struct args *args)
{
	struct restore restore = {
	    .context = context,
	    .dry_run = args_has(args, "dry-run"),
	    .yes = args_has(args, "yes"),
	    .backup = -1,
	    .present = -1,
	};
	bool is_json = args_has(args, "json");
	char at[PARSE_TIME_LEN + 1];
	struct json_lines lines;
	enum err rc;

	/* The changes are shown when it is done. */
	if (is_json && !restore.yes && !restore.dry_run)
		return error_about(&context->error, "yes", NULL,
		    error_set(&context->error, ERR_USAGE,
			"--json: nobody is asked; give --yes or --dry-run"));
	if (context->fleet != NULL && !context->fleet->is_issuer)
		return error_set(&context->error, ERR_MISSING,
		    "%s: missing; put your copy of it there, or see fleet(7), "
		    "AN ISSUER IS LOST",
		    context->fleet->local.fleet.key);
	rc = json_lines_begin(&lines, is_json, &context->error);
	if (rc == ERR_OK)
		rc = read_backup(&restore, args->operands[0]);
	if (rc == ERR_OK) {
		text_time(restore.at, at);
		printf("Backup of %s, %llu token%s.\n", at,
		    (unsigned long long)restore.count,
		    restore.count == 1 ? "" : "s");
		rc = attempt_all(&restore);
	}
	if (restore.backup >= 0)
		(void)close(restore.backup);
	return json_lines_end(&lines, rc, &context->error);
}

static const struct option_spec OPTIONS[] = {
    {"dry-run", NULL, "only show what would change"},
    {"yes", NULL, "do not ask"},
    {"fleet", NULL, "what this machine issues to its fleet"},
    {"json", NULL, "with --yes or --dry-run: as JSON"},
    {0},
};

const struct command command_restore = {
    .name = "restore",
    .operands = "FILE",
    .least = 1,
    .most = 1,
    .summary = "Make all tokens what they were at a backup",
    .options = OPTIONS,
    .run = run,
};
