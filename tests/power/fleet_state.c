#include "fleet_state.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/deadline.h"
#include "check/check.h"
#include "fleet/fleet_file.h"
#include "fleet/fleet_issued_check.h"
#include "fleet/fleet_key.h"
#include "fleet/fleet_store.h"

#define PATIENCE 5000 /* ms */
#define TOKENS_MAX 64

struct tokens {
	struct store *store;
	char lines[TOKENS_MAX][256];
	size_t count;
	struct error *why;
};

static enum err
add_token(const char id[TOKEN_ID_LEN + 1], void *arg)
{
	struct tokens *tokens = arg;
	struct record record;
	enum err rc = store_get(tokens->store, id, &record, tokens->why);

	if (rc == ERR_OK && tokens->count < TOKENS_MAX)
		(void)snprintf(tokens->lines[tokens->count++],
		    sizeof(tokens->lines[0]), "issued %s %.64s %.64s %s: %.32s",
		    id, record.user, record.name,
		    record_state_name(record.state), record.scopes);
	return rc;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Revocations of what others have issued are published alone. */
static enum err
add_revocations(struct tokens *tokens, const struct fleet_list *list)
{
	static struct fleet_record record;

	for (size_t i = 0; i < list->count && tokens->count < TOKENS_MAX; i++) {
		const struct fleet_item *item = &list->items[i];

		if (fleet_record_decode(&record, item->bytes, item->len) !=
		    ERR_OK)
			return error_set(
			    tokens->why, ERR_DAMAGED, "%s", item->id);
		if (record.kind == FLEET_REVOKE)
			(void)snprintf(tokens->lines[tokens->count++],
			    sizeof(tokens->lines[0]), "revoked %s", item->id);
	}
	return ERR_OK;
}

static enum err
print_tokens(struct store *store, FILE *out, struct error *why)
{
	static struct tokens tokens;
	struct fleet_engine_list list;
	enum err rc;

	tokens = (struct tokens){.store = store, .why = why};
	rc = store_each_id(store, add_token, &tokens, why);
	if (rc == ERR_OK)
		rc = fleet_issued_list(store, &list, why);
	if (rc == ERR_OK) {
		rc = add_revocations(&tokens, &list.list);
		fleet_engine_list_free(&list);
	} else if (rc == ERR_NOT_FOUND) {
		rc = ERR_OK;
	}
	qsort(tokens.lines, tokens.count, sizeof(tokens.lines[0]), compare);
	for (size_t i = 0; i < tokens.count; i++)
		(void)fprintf(out, "%s\n", tokens.lines[i]);
	return rc;
}

/* What the engine has acknowledged, it has. */
static enum err
check_engine(
    const struct config *config, struct store *store, struct error *why)
{
	int64_t deadline = deadline_in(PATIENCE);
	struct fleet_engine_list list = {0};
	struct fleet_head acknowledged = {.seq = 0};
	struct fleet_outbox outbox;
	struct fleet_key key;
	void *state = NULL;
	size_t used;
	enum err rc = fleet_key_read(&key, config->fleet.key, why);

	if (rc == ERR_OK)
		rc = fleet_issued_get_outbox(store, &outbox, why);
	if (rc == ERR_OK && outbox.acknowledged[0] != '\0')
		rc = fleet_head_read(&acknowledged, outbox.acknowledged,
		    strlen(outbox.acknowledged), &used);
	if (rc == ERR_OK)
		rc = fleet_file.open(&state, config, deadline, why);
	if (rc == ERR_OK)
		rc = fleet_file.list(state, key.issuer, &list, deadline, why);
	if (rc == ERR_NOT_FOUND && acknowledged.seq == 0)
		rc = ERR_OK;
	else if (rc == ERR_OK &&
	    fleet_head_compare(&list.list.head, &acknowledged) < 0)
		rc = error_set(why, ERR_DAMAGED,
		    "the engine has lost what it had acknowledged");
	fleet_engine_list_free(&list);
	fleet_file.close(state);
	return rc;
}

static enum err
check_issued(const struct config *issued, struct error *why)
{
	struct check_report report;
	enum err rc = check_store(&report, issued, deadline_in(PATIENCE), why);

	if (rc == ERR_OK && report.findings.count > 0)
		rc = error_set(why, ERR_DAMAGED, "issued: %s",
		    report.findings.kept > 0 ? report.findings.lines[0] : "");
	check_report_free(&report);
	return rc;
}

bool
fleet_state_describe(const struct config *config, FILE *out, struct error *why)
{
	struct store *store = NULL;
	struct config issued;
	enum err rc;

	/* Made in this order: without the key nothing is issued. */
	if (config->fleet.id[0] == '\0' || access(config->fleet.key, F_OK) != 0)
		return true;
	fleet_issued_config(&issued, config);
	/* A writer's work is undone first. */
	rc = store_open(
	    &store, &issued, STORE_READ, deadline_in(PATIENCE), why);
	if (rc == ERR_OK)
		rc = fleet_issued_check(store, why);
	if (rc == ERR_OK)
		rc = print_tokens(store, out, why);
	if (rc == ERR_OK)
		rc = check_engine(config, store, why);
	store_close(store);
	if (rc == ERR_OK)
		rc = check_issued(&issued, why);
	if (rc == ERR_OK)
		rc = fleet_store_check(config, deadline_in(PATIENCE), why);
	return rc == ERR_OK;
}
