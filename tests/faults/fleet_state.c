#include "fleet_state.h"

#include <err.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/deadline.h"
#include "check/check.h"
#include "fleet/fleet_issued_check.h"
#include "fleet/fleet_key.h"
#include "fleet/fleet_renew.h"
#include "fleet/fleet_store.h"
#include "outbox/engine.h"
#include "run.h"
#include "state.h"

#define PATIENCE 20000 /* ms */
#define LINES_MAX 64

static const struct inject NONE = {.at = 0};
static struct error why;

struct lines {
	char *texts[LINES_MAX];
	size_t count;
	struct store *store;
	fleet_state_token *print;
};

bool
fleet_state_is_meant(const struct config *config)
{
	return config->fleet.id[0] != '\0';
}

void
fleet_state_settle(const char *work, const struct config *config)
{
	static struct run run;
	char path[PATH_MAX];
	static char words[][16] = {
	    "tokenadm", "--config", "fleet", "agent", "--once"};
	char *const argv[] = {
	    words[0], words[1], path, words[2], words[3], words[4], NULL};

	if (!fleet_state_is_meant(config) ||
	    access(config->fleet.key, F_OK) != 0)
		return;
	(void)snprintf(path, sizeof(path), "%s/" STATE_CONFIG, work);
	run_command(&run, argv, &NONE);
	if (run_exit_code(&run) != 0)
		printf("# the agent, then: %s", run.error);
}

static FILE *
begin_line(struct lines *lines, size_t *size)
{
	FILE *stream;

	if (lines->count == LINES_MAX)
		errx(EXIT_FAILURE, "too many tokens");
	stream = open_memstream(&lines->texts[lines->count++], size);
	if (stream == NULL)
		err(EXIT_FAILURE, "state");
	return stream;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
print_lines(FILE *stream, struct lines *lines)
{
	if (lines->count > 0)
		qsort(lines->texts, lines->count, sizeof(lines->texts[0]),
		    compare);
	for (size_t i = 0; i < lines->count; i++) {
		fputs(lines->texts[i], stream);
		free(lines->texts[i]);
	}
	lines->count = 0;
}

/* What other machines get of it. */
static void
print_record(FILE *stream, const struct fleet_record *record)
{
	const struct record *token = &record->token;

	fprintf(stream, "%s %s/%s %s for=%s scopes=%s hosts=%s @%s ends=%d\n",
	    record->kind == FLEET_TOKEN ? "token" : "revocation", token->user,
	    token->name,
	    record->kind == FLEET_TOKEN ? record_state_name(token->state) : "-",
	    token->services, token->scopes, record->hosts, record->groups,
	    record->ends_sessions);
}

static enum err
add_token(const char id[TOKEN_ID_LEN + 1], void *arg)
{
	static struct fleet_record published;
	struct lines *lines = arg;
	struct record record;
	size_t size;
	FILE *stream = begin_line(lines, &size);
	enum err rc = store_get(lines->store, id, &record, &why);

	if (rc == ERR_OK)
		lines->print(&record, stream);
	else
		fprintf(stream, "a token: %s\n", error_name(rc));
	rc = fleet_issued_get(lines->store, id, &published, &why);
	fputs("  as ", stream);
	if (rc == ERR_OK)
		print_record(stream, &published);
	else
		fprintf(stream, "%s\n", error_name(rc));
	if (fclose(stream) != 0)
		err(EXIT_FAILURE, "state");
	return ERR_OK;
}

static enum err
open_issued(struct store **store, const struct config *config)
{
	struct config issued;

	fleet_issued_config(&issued, config);
	return store_open(
	    store, &issued, STORE_SCAN, deadline_in(PATIENCE), &why);
}

static void
print_issued(
    FILE *stream, const struct config *config, fleet_state_token *print)
{
	struct lines lines = {.print = print};
	struct fleet_engine_list list;
	size_t foreign = 0;
	enum err rc = open_issued(&lines.store, config);

	/* One that is made, and empty, is as good as none. */
	if (rc == ERR_MISSING)
		fputs(
		    "published: 0, of these 0 revocations of others\n", stream);
	else if (rc != ERR_OK)
		fprintf(stream, "issued: %s\n", error_name(rc));
	if (rc != ERR_OK)
		return;
	(void)store_each_id(lines.store, add_token, &lines, &why);
	print_lines(stream, &lines);
	rc = fleet_issued_list(lines.store, &list, &why);
	for (size_t i = 0; rc == ERR_OK && i < list.list.count; i++) {
		static struct fleet_record record;
		const struct fleet_item *item = &list.list.items[i];

		foreign += fleet_record_decode(
			       &record, item->bytes, item->len) == ERR_OK &&
		    record.kind == FLEET_REVOKE;
	}
	fprintf(stream, "published: %zu, of these %zu revocations of others\n",
	    list.list.count, foreign);
	fleet_engine_list_free(&list);
	store_close(lines.store);
}

static enum err
add_entry(
    const char id[TOKEN_ID_LEN + 1], const struct fleet_entry *entry, void *arg)
{
	static struct fleet_record record;
	size_t size;
	FILE *stream = begin_line(arg, &size);

	(void)id;
	for (size_t i = 0; i < entry->count; i++) {
		const struct fleet_part *part = &entry->parts[i];

		fprintf(stream, "%s here=%d uid=%d: ", part->issuer,
		    part->overlay.state, part->overlay.has_uid);
		if (part->len == 0 ||
		    fleet_record_decode(&record, part->bytes, part->len) !=
			ERR_OK)
			fputs("nothing\n", stream);
		else
			print_record(stream, &record);
	}
	if (fclose(stream) != 0)
		err(EXIT_FAILURE, "state");
	return ERR_OK;
}

static void
print_applied(FILE *stream, const struct config *config)
{
	struct lines lines = {.count = 0};
	struct fleet_store *store = NULL;
	enum err rc = fleet_store_open(
	    &store, config, STORE_SCAN, deadline_in(PATIENCE), &why);

	if (rc == ERR_OK)
		rc = fleet_store_each(store, add_entry, &lines, &why);
	fleet_store_close(store);
	fprintf(stream, "applied: %s\n", error_name(rc));
	print_lines(stream, &lines);
}

/* Whether the engine's head is this one, and its records are whole. */
static bool
engine_has(const struct config *config, const char *issuer, const char *head)
{
	int64_t deadline = deadline_in(PATIENCE);
	struct fleet_engine_heads heads = {0};
	struct fleet_engine_list list = {0};
	const struct fleet_engine_head *own = NULL;
	struct engine engine;
	enum err rc = engine_open(&engine, config, deadline, &why);

	if (rc == ERR_OK)
		rc = engine.calls->read_heads(
		    engine.state, &heads, deadline, &why);
	if (rc == ERR_OK)
		own = fleet_engine_heads_find(&heads, issuer);
	if (rc == ERR_OK && own != NULL)
		rc = engine.calls->list(
		    engine.state, issuer, &list, deadline, &why);
	rc = rc == ERR_OK && strcmp(own != NULL ? own->text : "", head) == 0 &&
		(own == NULL || fleet_head_equals(&own->head, &list.list.head))
	    ? ERR_OK
	    : ERR_NOT_FOUND;
	fleet_engine_list_free(&list);
	fleet_engine_heads_free(&heads);
	engine_close(&engine);
	return rc == ERR_OK;
}

bool
fleet_state_is_sent(const struct config *config)
{
	struct fleet_outbox outbox;
	struct store *store = NULL;
	struct fleet_key key;
	enum err rc;

	if (!fleet_state_is_meant(config) ||
	    fleet_key_read(&key, config->fleet.key, &why) != ERR_OK)
		return true;
	rc = open_issued(&store, config);
	outbox = (struct fleet_outbox){.first = 0};
	if (rc == ERR_OK)
		rc = fleet_issued_get_outbox(store, &outbox, &why);
	store_close(store);
	return rc == ERR_OK && outbox.first == outbox.next &&
	    engine_has(config, key.issuer, outbox.head);
}

/* The head that was applied here is the one that is published. */
static bool
is_applied(const struct config *config)
{
	struct fleet_engine_list list = {0};
	struct store *store = NULL;
	struct fleet_head applied;
	struct fleet_key key;
	enum err rc = fleet_key_read(&key, config->fleet.key, &why);

	if (rc == ERR_OK)
		rc = open_issued(&store, config);
	if (rc == ERR_OK)
		rc = fleet_issued_list(store, &list, &why);
	store_close(store);
	if (rc == ERR_OK)
		rc = fleet_applied_head(
		    &applied, config, key.issuer, deadline_in(PATIENCE), &why);
	rc = rc == ERR_OK && !fleet_head_equals(&applied, &list.list.head)
	    ? ERR_DAMAGED
	    : rc;
	fleet_engine_list_free(&list);
	return rc == ERR_OK;
}

void
fleet_state_print(FILE *stream, const char *work, const struct config *config,
    fleet_state_token *print)
{
	char path[PATH_MAX];

	if (!fleet_state_is_meant(config))
		return;
	(void)snprintf(path, sizeof(path), "%s/" STATE_OUT "/export", work);
	fprintf(stream, "exported: %d\n", access(path, F_OK) == 0);
	(void)snprintf(path, sizeof(path), "%s/hub.pub", config->fleet.issuers);
	/* The last of what makes it an issuer. */
	fprintf(stream, "issues: %d\n", access(path, F_OK) == 0);
	print_issued(stream, config, print);
	print_applied(stream, config);
	fprintf(stream, "sent: %d, applied: %d\n", fleet_state_is_sent(config),
	    is_applied(config));
}

bool
fleet_state_is_sound(const struct config *config, const char **complaint)
{
	struct check_report report;
	struct fleet_outbox outbox;
	struct store *store = NULL;
	struct config issued;
	static char line[ERROR_TEXT_MAX + 16];
	enum err rc;

	if (!fleet_state_is_meant(config))
		return true;
	fleet_issued_config(&issued, config);
	rc = check_store(&report, &issued, deadline_in(PATIENCE), &why);
	(void)snprintf(line, sizeof(line), "issued: %s",
	    rc == ERR_OK && report.findings.kept > 0 ? report.findings.lines[0]
						     : why.text);
	*complaint = line;
	if (rc == ERR_OK && report.findings.count > 0)
		rc = ERR_DAMAGED;
	check_report_free(&report);
	if (rc != ERR_OK)
		return rc == ERR_MISSING;
	rc = open_issued(&store, config);
	if (rc == ERR_OK)
		rc = fleet_issued_get_outbox(store, &outbox, &why);
	/* Without one it was repaired, and has to be adopted first. */
	if (rc == ERR_OK && outbox.acknowledged[0] != '\0')
		rc = fleet_issued_check(store, &why);
	store_close(store);
	(void)snprintf(line, sizeof(line), "issued: %s", why.text);
	return rc == ERR_OK &&
	    fleet_store_check(config, deadline_in(PATIENCE), &why) == ERR_OK;
}
