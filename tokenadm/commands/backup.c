#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "backup/backup_head.h"
#include "backup/backup_writer.h"
#include "backup/snapshot.h"
#include "backup/snapshot_walk.h"
#include "base/safe_file.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/signal_block.h"
#include "cli/text.h"
#include "fleet/fleet_issued.h"
#include "outbox/fleet_side.h"
#include "store/key.h"
#include "store/logos.h"
#include "store/store_values.h"

struct backup {
	struct backup_writer *writer;
	struct store *store;
	struct logo logo;      /* of the token that was added last */
	enum crypto_name kind; /* of the values that are added */
	struct signal_block hold;
	struct error *why;
};

/* A damaged logo stops no backup of the token. */
static enum err
add_with_logo(struct backup *backup, const struct record *record)
{
	struct record without = *record;
	enum err rc = logos_get(
	    backup->store, record, &backup->logo, backup->why);

	if (rc == ERR_OK)
		return backup_writer_add(
		    backup->writer, record, &backup->logo, backup->why);
	if (rc != ERR_DAMAGED)
		return rc;
	fprintf(stderr, "tokenadm: left out: %s\n", backup->why->text);
	logo_note(&without, NULL);
	return backup_writer_add(backup->writer, &without, NULL, backup->why);
}

static enum err
add(const struct record *record, void *arg)
{
	struct backup *backup = arg;

	if (signal_block_interrupted(&backup->hold))
		return error_set(
		    backup->why, ERR_SYSTEM, "interrupted; no backup was made");
	return record->logo != PICTURE_NONE
	    ? add_with_logo(backup, record)
	    : backup_writer_add(backup->writer, record, NULL, backup->why);
}

static enum err
add_value(const char *name, const uint8_t *value, size_t len, void *arg)
{
	struct backup *backup = arg;

	return backup_writer_add_value(
	    backup->writer, backup->kind, name, value, len, backup->why);
}

/* With --fleet: what is published, and what is on the way. */
static enum err
add_values(struct backup *backup)
{
	enum err rc = ERR_OK;

	for (size_t i = 0; rc == ERR_OK && i < FLEET_ISSUED_KINDS; i++) {
		backup->kind = fleet_issued_kinds[i];
		rc = store_value_each(backup->store, backup->kind, add_value,
		    backup, backup->why);
	}
	return rc;
}

/* Blocks signals, so that no partial file is left. */
static enum err
write_tokens(struct context *context, struct store *store, const char *path,
    bool force, uint64_t count)
{
	struct backup *backup = calloc(1, sizeof(*backup));
	enum err rc;

	if (backup == NULL)
		return error_plain(&context->error, ERR_NOMEM);
	backup->store = store;
	backup->why = &context->error;
	signal_block_begin(&backup->hold);
	rc = backup_writer_open(&backup->writer, &context->config, path, force,
	    context->now, count, &context->error);
	if (rc == ERR_OK)
		rc = snapshot_walk_tokens(store, add, backup, &context->error);
	if (rc == ERR_OK && context->fleet != NULL)
		rc = add_values(backup);
	if (rc == ERR_OK)
		rc = backup_writer_finish(backup->writer, &context->error);
	backup_writer_close(backup->writer);
	signal_block_end(&backup->hold);
	free(backup);
	return rc;
}

/* Reads a copy of the database, so that nobody has to wait for us. */
static enum err
back_up(struct context *context, const char *path, bool force, uint64_t *count)
{
	struct store *store = NULL;
	int fd = -1;
	enum err rc = snapshot_take(&context->config, &fd, &context->error);

	if (rc == ERR_OK)
		rc = store_open_private(
		    &store, &context->config, fd, &context->error);
	if (rc == ERR_OK)
		rc = snapshot_walk_count(store, count, &context->error);
	if (rc == ERR_OK)
		rc = write_tokens(context, store, path, force, *count);
	if (rc == ERR_EXISTS)
		rc = error_about(&context->error, "file", NULL, rc);
	store_close(store);
	if (fd >= 0)
		(void)close(fd);
	return rc;
}

static enum err
read_fingerprint(
    struct context *context, char fingerprint[BACKUP_FINGERPRINT_LEN + 1])
{
	struct keys keys;
	enum err rc = key_read(context->config.key, &keys, &context->error);

	if (rc != ERR_OK)
		return rc;
	backup_fingerprint(&keys, fingerprint);
	crypto_wipe(&keys, sizeof(keys));
	return ERR_OK;
}

/* What else has to be kept, or is kept elsewhere. */
static void
report_rest(const struct context *context, FILE *stream)
{
	if (context->fleet != NULL)
		fprintf(stream, "So has %s, with which this machine signs.\n",
		    context->config.fleet.key);
	else if (!safe_is_absent(context->config.fleet.key))
		fputs("What this machine issues to its fleet is not in it: "
		      "tokenadm backup --fleet\n",
		    stream);
}

static void
report(const struct context *context, const char *path, uint64_t count,
    const char *fingerprint)
{
	FILE *stream = isatty(STDOUT_FILENO) ? stdout : stderr;

	text_print(stream, path);
	fprintf(stream,
	    ": %llu token%s.\nIt can be restored only with the key %s "
	    "(fingerprint %s).\nKeep a copy of the key too, apart from the "
	    "backup.\n",
	    (unsigned long long)count, count == 1 ? "" : "s",
	    context->config.key, fingerprint);
	report_rest(context, stream);
}

static enum err
print_json(struct context *context, const char *path, uint64_t count,
    const char *fingerprint)
{
	json_t *object = json_pack("{s:o, s:I, s:o, s:s}", "file",
	    json_text(path), "tokens", (json_int_t)count, "key",
	    json_text(context->config.key), "fingerprint", fingerprint);
	enum err rc = object != NULL ? json_print(object, stdout) : ERR_NOMEM;

	if (object != NULL)
		putchar('\n');
	json_decref(object);
	return rc == ERR_OK ? rc : error_plain(&context->error, rc);
}

static enum err
run(struct context *context, const struct args *args)
{
	const char *path = args->operands[0];
	char fingerprint[BACKUP_FINGERPRINT_LEN + 1];
	uint64_t count = 0;
	enum err rc = context->fleet != NULL ? fleet_side_check(context)
					     : ERR_OK;

	/* First: nothing may fail once the backup exists. */
	if (rc == ERR_OK)
		rc = read_fingerprint(context, fingerprint);
	if (rc == ERR_OK)
		rc = back_up(context, path, args_has(args, "force"), &count);
	if (rc != ERR_OK)
		return rc;
	if (args_has(args, "json"))
		return print_json(context, path, count, fingerprint);
	report(context, path, count, fingerprint);
	return ERR_OK;
}

static const struct option_spec OPTIONS[] = {
    {"force", NULL, "replace FILE if it exists"},
    {"fleet", NULL, "what this machine issues to its fleet"},
    {"json", NULL, "as JSON: file, tokens, key and fingerprint"},
    {0},
};

const struct command command_backup = {
    .name = "backup",
    .operands = "FILE",
    .least = 1,
    .most = 1,
    .summary = "Write all tokens to a file, sealed under the key",
    .options = OPTIONS,
    .run = run,
};
