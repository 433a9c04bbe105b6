#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/list.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/secret.h"
#include "cli/session_limit.h"
#include "cli/table.h"
#include "cli/verdict_text.h"
#include "lifecycle/max_sessions.h"
#include "login/attempt_run.h"
#include "session/rundir.h"
#include "store/store.h"
#include "tokens/token_lookup.h"

static enum outcome
sessions_outcome(const struct session_limit *limit)
{
	return session_limit_is_full(limit) ? OUTCOME_FAILED : OUTCOME_PASSED;
}

/* The check that the session makes, not the login before it. */
static enum err
add_sessions(struct table *table, const struct session_limit *limit)
{
	char text[SESSION_LIMIT_TEXT_SIZE];
	const char *const cells[] = {
	    "sessions",
	    verdict_text_outcome(sessions_outcome(limit)),
	    text,
	};

	session_limit_text(limit, text);
	return limit->is_known ? table_add(table, cells, TABLE_PLAIN) : ERR_OK;
}

static enum err
print_checks(const struct attempt_outcome *outcome,
    const struct attempt *attempt, const struct session_limit *limit)
{
	static const char *const COLUMNS[] = {"CHECK", "OUTCOME", "DETAIL"};
	struct table *table = table_new(COLUMNS, 3, true);
	enum err rc = table == NULL ? ERR_NOMEM : ERR_OK;

	for (unsigned i = 0; rc == ERR_OK && i < LOGIN_TEST_COUNT; i++) {
		char detail[VERDICT_TEXT_DETAIL_SIZE];
		const char *const cells[] = {
		    verdict_test_name((enum login_test)i),
		    verdict_text_outcome(outcome->verdict.outcome[i]),
		    detail,
		};

		verdict_text_detail(detail, (enum login_test)i,
		    &outcome->verdict, &outcome->record, attempt);
		rc = table_add(table, cells, TABLE_PLAIN);
	}
	if (rc == ERR_OK)
		rc = add_sessions(table, limit);
	if (rc == ERR_OK)
		rc = table_print(table, stdout);
	table_free(table);
	return rc;
}

static enum err
add_object(struct json_stream *stream, const char *check, enum outcome outcome,
    const char *detail)
{
	return json_add(stream,
	    json_pack("{s:s, s:s, s:o}", "check", check, "outcome",
		verdict_text_word(outcome), "detail",
		json_text_or_null(detail)));
}

static enum err
print_json(const struct attempt_outcome *outcome, const struct attempt *attempt,
    const struct session_limit *limit, const char *reason)
{
	const char *id = outcome->record.id;
	char detail[VERDICT_TEXT_DETAIL_SIZE], full[SESSION_LIMIT_TEXT_SIZE];
	struct json_stream stream;
	enum err rc = ERR_OK;

	json_begin(&stream, stdout, "checks");
	for (unsigned i = 0; rc == ERR_OK && i < LOGIN_TEST_COUNT; i++) {
		enum login_test test = (enum login_test)i;

		verdict_text_detail(
		    detail, test, &outcome->verdict, &outcome->record, attempt);
		rc = add_object(&stream, verdict_test_name(test),
		    outcome->verdict.outcome[i], detail);
	}
	session_limit_text(limit, full);
	if (rc == ERR_OK && limit->is_known)
		rc = add_object(
		    &stream, "sessions", sessions_outcome(limit), full);
	json_end_array(&stream);
	/* Both are words of ours. */
	printf(", \"accepted\": %s, \"reason\": %s%s%s, \"id\": %s%s%s}\n",
	    reason == NULL ? "true" : "false", reason == NULL ? "" : "\"",
	    reason == NULL ? "null" : reason, reason == NULL ? "" : "\"",
	    id[0] == '\0' ? "" : "\"", id[0] == '\0' ? "null" : id,
	    id[0] == '\0' ? "" : "\"");
	return rc;
}

static enum err
read_need(const struct args *args, char need[RECORD_SCOPES_MAX + 1],
    struct error *why)
{
	const char *text = args_get(args, "need");
	char bad[LIST_WORD_MAX + 1];

	if (!list_parse(text != NULL ? text : VERDICT_DEFAULT_NEED,
		parse_is_scope, need, RECORD_SCOPES_MAX + 1, bad))
		return error_about(why, "need", NULL,
		    error_set(why, ERR_INVALID,
			"need `%s`: give scopes, separated by commas", text));
	return ERR_OK;
}

static enum err
print(const struct attempt_outcome *outcome, const struct attempt *attempt,
    const struct session_limit *limit, const char *reason)
{
	enum err rc = print_checks(outcome, attempt, limit);

	if (rc == ERR_OK && reason == NULL)
		puts("accepted");
	else if (rc == ERR_OK)
		printf("refused: %s\n", reason);
	return rc;
}

/* Of who has his own tokens only, others do not exist; nor do their ids. */
static void
hide(const struct context *context, struct attempt_outcome *outcome)
{
	const struct verdict *verdict = &outcome->verdict;

	if (context->self == NULL ||
	    (!find_is_hidden(context, ERR_OK, &outcome->record) &&
		verdict->outcome[LOGIN_TEST_DIGEST] == OUTCOME_PASSED) ||
	    verdict->outcome[LOGIN_TEST_FORM] != OUTCOME_PASSED)
		return;
	outcome->record = (struct record){.id = ""};
	verdict_fail(&outcome->verdict, LOGIN_TEST_KNOWN);
}

/* Why it is refused; NULL: it is not. */
static const char *
reason_of(const struct verdict *verdict, const struct session_limit *limit)
{
	if (!verdict->accepted)
		return verdict_reason(verdict);
	return session_limit_is_full(limit) ? MAX_SESSIONS_REASON : NULL;
}

static enum err
try_and_print(
    struct context *context, const struct attempt *attempt, bool as_json)
{
	static const struct attempt_host HOST = {.run = RUNDIR};
	struct attempt_outcome outcome;
	struct session_limit limit;
	const char *reason;
	enum err rc = attempt_run(
	    &outcome, attempt, &context->config, &HOST, &context->error);

	if (rc == ERR_OK)
		hide(context, &outcome);
	if (rc == ERR_OK)
		rc = session_limit_look(
		    &limit, &outcome.verdict, &outcome.record, &context->error);
	if (rc != ERR_OK)
		return rc;
	reason = reason_of(&outcome.verdict, &limit);
	rc = as_json ? print_json(&outcome, attempt, &limit, reason)
		     : print(&outcome, attempt, &limit, reason);
	if (rc != ERR_OK)
		return error_plain(&context->error, rc);
	return reason == NULL ? ERR_OK : error_shown(&context->error);
}

static enum err
run(struct context *context, const struct args *args)
{
	char text[1024], id[TOKEN_ID_LEN + 1], need[RECORD_SCOPES_MAX + 1];
	struct attempt attempt = {
	    .id = id,
	    .text = text,
	    .need = need,
	    .now = context->now,
	    .from = args_get(args, "from"),
	};
	struct error *why = &context->error;
	enum err rc = args_require(args, "user", &attempt.user, why);

	if (rc == ERR_OK)
		rc = args_require(args, "service", &attempt.service, why);
	if (rc == ERR_OK)
		rc = args_check_from(attempt.from, why);
	if (rc == ERR_OK)
		rc = read_need(args, need, why);
	if (rc == ERR_OK)
		rc = secret_read(text, sizeof(text), why);
	if (rc == ERR_OK) {
		(void)token_parse(text, id);
		attempt.deadline = store_deadline(&context->config);
		rc = try_and_print(context, &attempt, args_has(args, "json"));
	}
	crypto_wipe(text, sizeof(text));
	return rc;
}

static const struct option_spec OPTIONS[] = {
    {"user", "USER", "who wants to log in"},
    {"service", "NAME", "the PAM service that is asked"},
    {"from", "ADDRESS", "the address that the login comes from"},
    {"need", "SCOPE[,SCOPE]",
	"the scopes that the service demands [" VERDICT_DEFAULT_NEED "]"},
    {"json", NULL, "as JSON"},
    {0},
};

const struct command command_verify = {
    .name = "verify",
    .operands = "",
    .summary = "Judge the token on standard input, as a login would",
    .options = OPTIONS,
    .run = run,
};
