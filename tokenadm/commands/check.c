#include "check/check.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/json.h"
#include "commands/check_fleet.h"
#include "commands/check_lines.h"
#include "commands/check_repair.h"
#include "lifecycle/policy.h"
#include "store/store.h"
#include "tokens/token_pages.h"

/* Finds tokens outside the present policy, user by user. */
struct outside {
	struct context *context;
	struct json_stream *json; /* NULL: for people */
	char user[RECORD_USER_MAX + 1];
	bool known; /* the policy is known */
	struct policy policy;
	uint64_t usable; /* the user's usable tokens */
};

static void
end_user(struct outside *outside)
{
	uint64_t allowed = outside->policy.max_tokens;
	char line[ERROR_TEXT_MAX];

	if (!outside->known || outside->usable <= allowed)
		return;
	(void)snprintf(line, sizeof(line),
	    "%s has %" PRIu64 " usable tokens; the policy's max_tokens allows "
	    "%" PRIu64,
	    outside->user, outside->usable, allowed);
	check_print_line(outside->json, "note", line);
}

/* If the name services do not answer, skips the user. */
static void
begin_user(struct outside *outside, const char *user)
{
	struct context *context = outside->context;
	struct error why;

	end_user(outside);
	strcpy(outside->user, user);
	outside->usable = 0;
	outside->known = policy_for(&context->config, user, &outside->policy,
			     &why) == ERR_OK;
	if (!outside->known)
		check_print_line(outside->json, "note", why.text);
}

static enum err
visit(const struct record *record, const struct last_use *usage, void *arg)
{
	struct outside *outside = arg;
	struct context *context = outside->context;
	char line[ERROR_TEXT_MAX * 2];
	struct error why;

	(void)usage;
	if (strcmp(outside->user, record->user) != 0)
		begin_user(outside, record->user);
	if (!outside->known || !record_is_usable(record, context->now))
		return ERR_OK;
	/* A rotated token no longer counts. */
	outside->usable += record->successor[0] == '\0';
	if (policy_check_limits(&outside->policy, context->config.groups,
		record, context->now, &why) == ERR_OK)
		return ERR_OK;
	(void)snprintf(line, sizeof(line), "token %s of %s (`%s`): %s",
	    record->id, record->user, record->name, why.text);
	check_print_line(outside->json, "note", line);
	return ERR_OK;
}

/* Notes do not change the exit code: the tokens still work. */
static enum err
note_policy(struct context *context, struct json_stream *json, bool damaged)
{
	struct outside outside = {.context = context, .json = json};
	enum err rc = token_pages_each(context, NULL, visit, &outside);

	end_user(&outside);
	if (!damaged)
		return rc;
	/* Unreadable tokens were already reported. */
	(void)error_shown(&context->error);
	return ERR_OK;
}

static void
print_counts(const char *directory, const struct check_report *report)
{
	printf("%s: %" PRIu64 " token%s of %" PRIu64 " user%s, %" PRIu64
	       " finding%s\n",
	    directory, report->tokens, check_plural(report->tokens),
	    report->users, check_plural(report->users), report->findings.count,
	    check_plural(report->findings.count));
}

static void
print_summary(const struct context *context, struct json_stream *json,
    const struct check_report *report, const struct issued_report *issued)
{
	uint64_t count = report->findings.count;
	char line[ERROR_TEXT_MAX];

	(void)snprintf(line, sizeof(line),
	    "%" PRIu64 " bytes that nothing uses, left by a command that was "
	    "killed: harmless; --repair frees them",
	    report->orphaned);
	if (report->orphaned > 0 && count == 0)
		check_print_line(json, "note", line);
	if (json == NULL) {
		print_counts(context->config.directory, report);
		if (issued->is_there)
			print_counts(issued->config.directory, &issued->report);
		return;
	}
	json_end_array(json);
	printf(", \"tokens\": %" PRIu64 ", \"users\": %" PRIu64
	       ", \"damage\": %" PRIu64,
	    report->tokens, report->users,
	    count + issued->report.findings.count);
	if (issued->is_there)
		printf(", \"issued\": %" PRIu64, issued->report.tokens);
	puts("}");
}

static enum err
check(struct context *context, struct json_stream *json)
{
	const struct config *config = &context->config;
	struct issued_report issued = {.is_there = false};
	struct check_report report;
	bool damaged;
	enum err rc = check_store(
	    &report, config, store_deadline(config), &context->error);

	if (rc == ERR_OK)
		rc = check_fleet_store(context, &report.findings);
	if (rc == ERR_OK)
		rc = check_issued(&issued, context);
	damaged = report.findings.count + issued.report.findings.count > 0;
	check_print_findings(json, "damage", &report.findings);
	check_print_findings(json, "damage", &issued.report.findings);
	if (rc == ERR_OK)
		rc = note_policy(context, json, report.findings.count > 0);
	if (rc == ERR_OK)
		print_summary(context, json, &report, &issued);
	else if (json != NULL)
		json_end(json, rc);
	if (rc == ERR_OK && damaged)
		rc = error_shown(&context->error);
	check_report_free(&issued.report);
	check_report_free(&report);
	return rc;
}

static enum err
run(struct context *context, const struct args *args)
{
	struct json_stream stream, *json = NULL;

	if (args_has(args, "json")) {
		json_begin(&stream, stdout, "findings");
		json = &stream;
	}
	return args_has(args, "repair") ? check_repair(context, json)
					: check(context, json);
}

static const struct option_spec OPTIONS[] = {
    {"repair", NULL, "rebuild what is damaged from what can be read"},
    {"json", NULL, "as JSON"},
    {0},
};

const struct command command_check = {
    .name = "check",
    .operands = "",
    .summary = "Look for damage in the token database",
    .options = OPTIONS,
    .run = run,
};
