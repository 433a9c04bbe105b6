#include "state.h"

#include <err.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backup/backup_reader.h"
#include "backup/snapshot_walk.h"
#include "base/deadline.h"
#include "check/check.h"
#include "config/config.h"
#include "fleet/fleet_issued.h"
#include "fleet_state.h"
#include "store/logos.h"
#include "store/store.h"

#define PATIENCE 20000 /* ms */

static struct error why;

static void
read_config(const char *work, struct config *config)
{
	char path[PATH_MAX];

	(void)snprintf(path, sizeof(path), "%s/" STATE_CONFIG, work);
	if (config_read(config, path, &why) != ERR_OK)
		errx(EXIT_FAILURE, "%s", why.text);
}

#define TOKENS_MAX 64

/* Lines of text, for sorting. */
struct lines {
	char *texts[TOKENS_MAX];
	size_t count;
	struct store *store; /* that they are in */
};

/* The ids that existed when a state was first read. */
static char known[TOKENS_MAX][TOKEN_ID_LEN + 1];
static size_t known_count;
static bool all_known;

static bool
is_fresh(const char *id)
{
	for (size_t i = 0; i < known_count; i++)
		if (strcmp(known[i], id) == 0)
			return false;
	if (all_known || known_count == TOKENS_MAX)
		return true;
	strcpy(known[known_count++], id);
	return false;
}

/* What is wrong with the token's logo; "" if it has none, or a whole one. */
static const char *
logo_fault(struct store *store, const struct record *record)
{
	static struct logo logo;
	enum err rc = record->logo == PICTURE_NONE
	    ? ERR_OK
	    : logos_get(store, record, &logo, &why);

	return rc == ERR_OK ? "" : error_name(rc);
}

static void
describe(const struct record *record, struct store *store, FILE *stream)
{
	if (fprintf(stream,
		"%s/%s fresh=%d short=%d replaced=%d %s for=%s scopes=%s "
		"from=%zu starts=%d sessions=%u logo=%s%s life=%s "
		"once=%d old=%d new=%d expires=%d ended=%d/%s approved=%d "
		"changed=%d: %s\n",
		record->user, record->name, is_fresh(record->id),
		record->is_short, record->is_replaced,
		record_state_name(record->state), record->services,
		record->scopes, record->from_count, record->starts != 0,
		(unsigned)record->max_sessions, picture_type_name(record->logo),
		store != NULL ? logo_fault(store, record) : "",
		record_lifetime_name(record->lifetime),
		record->ticket[0] != '\0', record->predecessor[0] != '\0',
		record->successor[0] != '\0', record->expires != TIME_NEVER,
		record->ended.by[0] != '\0', record->ended.reason,
		record->approved.by[0] != '\0', record->changed.by[0] != '\0',
		record->description) < 0)
		err(EXIT_FAILURE, "state");
}

static void
describe_issued(const struct record *record, FILE *stream)
{
	describe(record, NULL, stream);
}

static enum err
add_line(const struct record *record, void *arg)
{
	struct lines *lines = arg;
	FILE *stream;
	size_t size;

	if (lines->count == TOKENS_MAX)
		errx(EXIT_FAILURE, "too many tokens");
	stream = open_memstream(&lines->texts[lines->count++], &size);
	if (stream == NULL)
		err(EXIT_FAILURE, "state");
	describe(record, lines->store, stream);
	if (fclose(stream) != 0)
		err(EXIT_FAILURE, "state");
	return ERR_OK;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
print_tokens(FILE *stream, struct store *store)
{
	struct lines lines = {.store = store};

	if (snapshot_walk_tokens(store, add_line, &lines, &why) != ERR_OK)
		fprintf(stream, "%s\n", why.text);
	qsort(lines.texts, lines.count, sizeof(lines.texts[0]), compare);
	for (size_t i = 0; i < lines.count; i++) {
		fputs(lines.texts[i], stream);
		free(lines.texts[i]);
	}
}

/* A backup is there as a whole, or not at all. */
static void
print_backup(FILE *stream, const char *work, const struct config *config)
{
	struct backup_reader *reader = NULL;
	static struct logo logo;
	struct record record;
	char path[PATH_MAX];
	size_t count = 0;
	enum err rc;

	(void)snprintf(path, sizeof(path), "%s/" STATE_BACKUP, work);
	if (access(path, F_OK) != 0)
		return;
	rc = backup_reader_open(&reader, config, path, &why);
	for (; rc == ERR_OK; count++)
		rc = backup_reader_next(reader, &record, &logo, &why);
	fprintf(stream, "backup: %s, %zu tokens\n",
	    rc == ERR_NOT_FOUND ? "whole" : why.text, count - 1);
	backup_reader_close(reader);
}

char *
state_read(const char *work)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);
	struct config config;
	struct store *store = NULL;
	enum err rc;

	if (stream == NULL)
		err(EXIT_FAILURE, "state");
	read_config(work, &config);
	/* Mapped, to read all of it: by calls that takes thirty times as long.
	 */
	rc = store_open(
	    &store, &config, STORE_SCAN, deadline_in(PATIENCE), &why);
	if (rc == ERR_OK)
		print_tokens(stream, store);
	else
		fprintf(stream, "%s\n", error_name(rc));
	store_close(store);
	print_backup(stream, work, &config);
	fleet_state_print(stream, work, &config, describe_issued);
	config_free(&config);
	all_known = true;
	if (fclose(stream) != 0)
		err(EXIT_FAILURE, "state");
	return text;
}

bool
state_is_sound(const char *work, const char **complaint)
{
	static char line[ERROR_TEXT_MAX];
	struct check_report report;
	struct config config;
	bool is_sound;
	enum err rc;

	read_config(work, &config);
	rc = check_store(&report, &config, deadline_in(PATIENCE), &why);
	is_sound = rc == ERR_MISSING ||
	    (rc == ERR_OK && report.findings.count == 0);
	(void)snprintf(line, sizeof(line), "%s",
	    rc == ERR_OK && report.findings.kept > 0 ? report.findings.lines[0]
						     : why.text);
	*complaint = line;
	check_report_free(&report);
	if (is_sound && !fleet_state_is_sound(&config, complaint))
		is_sound = false;
	config_free(&config);
	return is_sound;
}

static bool
lives(struct store *store, const char text[TOKEN_LEN + 1])
{
	char id[TOKEN_ID_LEN + 1];
	struct record record;

	return token_parse(text, id) &&
	    store_get(store, id, &record, &why) == ERR_OK &&
	    record.state == RECORD_ACTIVE &&
	    store_matches(store, text, &record);
}

char *
state_output(const char *work)
{
	char path[PATH_MAX], *text = calloc(1, ERROR_TEXT_MAX * 8);
	ssize_t len;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/" STATE_TOKENS, work);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	len = fd < 0 ? 0 : read(fd, text, ERROR_TEXT_MAX * 8 - 1);
	if (text == NULL || len < 0)
		err(EXIT_FAILURE, "%s", path);
	if (fd >= 0)
		(void)close(fd);
	return text;
}

/* Of the local tokens, or of those that are issued to a fleet. */
static bool
all_live(struct store *store, const char *text)
{
	char token[TOKEN_LEN + 1];
	const char *at = text;

	while ((at = strstr(at, "atk_")) != NULL) {
		(void)snprintf(
		    token, sizeof(token), "%.*s", (int)token_span(at), at);
		if (token_has_shape(token) && !lives(store, token))
			return false;
		at++;
	}
	return true;
}

void
state_settle(const char *work)
{
	struct config config;

	read_config(work, &config);
	fleet_state_settle(work, &config);
	config_free(&config);
}

bool
state_is_sent(const char *work)
{
	struct config config;
	bool is_sent;

	read_config(work, &config);
	is_sent = fleet_state_is_sent(&config);
	config_free(&config);
	return is_sent;
}

bool
state_has_tokens(const char *work, const char *text)
{
	struct config config, issued;
	struct store *store = NULL;
	bool have;

	if (strstr(text, "atk_") == NULL)
		return true;
	read_config(work, &config);
	fleet_issued_config(&issued, &config);
	have = store_open(&store,
		   fleet_state_is_meant(&config) ? &issued : &config,
		   STORE_READ, deadline_in(PATIENCE), &why) == ERR_OK &&
	    all_live(store, text);
	store_close(store);
	config_free(&config);
	return have;
}
