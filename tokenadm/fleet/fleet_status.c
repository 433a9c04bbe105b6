#include "fleet/fleet_status.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>

#include "base/hex.h"
#include "cli/json.h"
#include "cli/table.h"
#include "cli/text.h"
#include "fleet/fleet_look.h"

#define NUMBER_SIZE 48

/* EPOCH.SEQ, or "-" */
static void
format_head(
    char text[NUMBER_SIZE], bool is_there, const struct fleet_head *head)
{
	if (is_there)
		(void)snprintf(text, NUMBER_SIZE, "%" PRIu64 ".%" PRIu64,
		    head->epoch, head->seq);
	else
		(void)snprintf(text, NUMBER_SIZE, "-");
}

static const char *
may_of(const struct fleet_trust *trust)
{
	if (trust->may_issue && trust->may_revoke)
		return "issue,revoke";
	return trust->may_issue ? "issue" : "revoke";
}

static enum err
add_row(struct table *table, const struct fleet_look_issuer *issuer)
{
	char applied[NUMBER_SIZE], there[NUMBER_SIZE], records[NUMBER_SIZE];
	char age[NUMBER_SIZE] = "never", until[PARSE_TIME_LEN + 1] = "never";
	const char *const cells[] = {
	    issuer->trust.issuer,
	    may_of(&issuer->trust),
	    fleet_look_state(issuer),
	    age,
	    applied,
	    there,
	    records,
	    until,
	};

	format_head(applied, issuer->has_applied, &issuer->applied);
	format_head(there, issuer->has_there, &issuer->there);
	(void)snprintf(
	    records, sizeof(records), "%" PRIu64, issuer->applied.count);
	if (issuer->age >= 0)
		(void)snprintf(age, sizeof(age), "%" PRId64 "s", issuer->age);
	if (!issuer->has_applied)
		until[0] = '\0';
	else if (issuer->applied.valid_until != TIME_NEVER)
		text_time(issuer->applied.valid_until, until);
	return table_add(table, cells, TABLE_PLAIN);
}

static void
print_line(const char *what, const char *text)
{
	printf("%s: ", what);
	text_print(stdout, text);
	putchar('\n');
}

static void
print_own(const struct fleet_look *look)
{
	char digits[2 * CRYPTO_SIGNATURE_KEY_LEN + 1];

	if (look->is_issuer) {
		hex_put(digits, look->key, sizeof(look->key));
		printf("issues as %s, key %s\n", look->issuer, digits);
		printf("outbox: %" PRIu64 " not acknowledged\n", look->outbox);
	}
	if (look->issuer_error.text[0] != '\0')
		print_line("issuer", look->issuer_error.text);
	if (look->engine_error.text[0] != '\0')
		print_line("engine", look->engine_error.text);
	for (size_t i = 0; i < look->count; i++) {
		if (look->issuers[i].there_error.text[0] != '\0')
			print_line("engine", look->issuers[i].there_error.text);
	}
}

static enum err
print_table(const struct config *config, const struct fleet_look *look)
{
	static const char *const COLUMNS[] = {"ISSUER", "MAY", "STATE", "AGE",
	    "APPLIED", "ENGINE", "RECORDS", "VALID_UNTIL"};
	struct table *table = table_new(
	    COLUMNS, sizeof(COLUMNS) / sizeof(COLUMNS[0]), true);
	enum err rc = table != NULL ? ERR_OK : ERR_NOMEM;

	for (size_t i = 0; rc == ERR_OK && i < look->count; i++)
		rc = add_row(table, &look->issuers[i]);
	if (rc == ERR_OK) {
		printf("fleet %s, host %s, engine %s\n", config->fleet.id,
		    look->host, config->fleet.engine);
		print_own(look);
		rc = table_print(table, stdout);
	}
	if (rc == ERR_OK && look->count == 0)
		printf("believes nobody: no NAME.pub in %s\n",
		    config->fleet.issuers);
	table_free(table);
	return rc;
}

static json_t *
head_object(bool is_there, const struct fleet_head *head)
{
	char until[PARSE_TIME_LEN + 1] = "", signed_at[PARSE_TIME_LEN + 1] = "";

	if (!is_there)
		return json_null();
	text_time(head->time, signed_at);
	if (head->valid_until != TIME_NEVER)
		text_time(head->valid_until, until);
	return json_pack("{s:I, s:I, s:I, s:o, s:o}", "epoch",
	    (json_int_t)head->epoch, "seq", (json_int_t)head->seq, "records",
	    (json_int_t)head->count, "time", json_string_or_null(signed_at),
	    "valid_until", json_string_or_null(until));
}

static json_t *
issuer_object(const struct fleet_look_issuer *issuer)
{
	return json_pack("{s:s, s:b, s:b, s:s, s:o, s:o, s:o, s:b, s:o}",
	    "issuer", issuer->trust.issuer, "may_issue",
	    issuer->trust.may_issue, "may_revoke", issuer->trust.may_revoke,
	    "state", fleet_look_state(issuer), "age",
	    issuer->age >= 0 ? json_integer(issuer->age) : json_null(),
	    "applied", head_object(issuer->has_applied, &issuer->applied),
	    "engine", head_object(issuer->has_there, &issuer->there), "agrees",
	    fleet_look_agrees(issuer), "error",
	    json_text_or_null(issuer->there_error.text));
}

/* All of them, or NULL: who leaves one out says that all is well. */
static json_t *
issuers_array(const struct fleet_look *look)
{
	json_t *array = json_array();

	for (size_t i = 0; array != NULL && i < look->count; i++) {
		if (json_array_append_new(
			array, issuer_object(&look->issuers[i])) == 0)
			continue;
		json_decref(array);
		array = NULL;
	}
	return array;
}

static enum err
print_json(const struct config *config, const struct fleet_look *look)
{
	char key[2 * CRYPTO_SIGNATURE_KEY_LEN + 1] = "";
	json_t *object;
	enum err rc = ERR_NOMEM;

	if (look->is_issuer)
		hex_put(key, look->key, sizeof(look->key));
	object = json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:I, s:o, s:b, s:o}",
	    "fleet", config->fleet.id, "host", look->host, "engine",
	    config->fleet.engine, "engine_error",
	    json_text_or_null(look->engine_error.text), "issuer",
	    json_string_or_null(look->issuer), "key", json_string_or_null(key),
	    "outbox", (json_int_t)look->outbox, "issuer_error",
	    json_text_or_null(look->issuer_error.text), "good",
	    fleet_look_is_good(look), "issuers", issuers_array(look));
	if (object != NULL) {
		rc = json_print(object, stdout);
		putchar('\n');
	}
	json_decref(object);
	return rc;
}

enum err
fleet_status(struct context *context, const struct args *args)
{
	const struct config *config = &context->config;
	struct fleet_look look;
	enum err rc = fleet_look_take(
	    &look, config, true, context->now, &context->error);
	bool is_good = rc == ERR_OK && fleet_look_is_good(&look);

	if (rc == ERR_OK) {
		rc = args_has(args, "json") ? print_json(config, &look)
					    : print_table(config, &look);
		if (rc != ERR_OK)
			rc = error_plain(&context->error, rc);
	}
	fleet_look_free(&look);
	return rc != ERR_OK || is_good ? rc : error_shown(&context->error);
}
