#include "check/check.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "check/repair.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/signal_block.h"
#include "cli/text.h"
#include "commands/check_fleet.h"
#include "fleet/fleet_issued.h"
#include "lifecycle/policy.h"
#include "store/store.h"
#include "tokens/actor.h"
#include "tokens/audit.h"
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

/* json: as JSON; NULL: for people. Lack of memory shows at the end. */
static void
print_line(struct json_stream *json, const char *what, const char *line)
{
	if (json != NULL) {
		(void)json_add(json,
		    json_pack(
			"{s:s, s:o}", "state", what, "text", json_text(line)));
		return;
	}
	printf("%s: ", what);
	text_print(stdout, line);
	putchar('\n');
}

static void
print_findings(
    struct json_stream *json, const char *what, const struct findings *findings)
{
	char more[32];

	for (size_t i = 0; i < findings->kept; i++)
		print_line(json, what, findings->lines[i]);
	if (findings->count == findings->kept)
		return;
	(void)snprintf(more, sizeof(more), "and %" PRIu64 " more",
	    findings->count - findings->kept);
	print_line(json, what, more);
}

static const char *
plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

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
	print_line(outside->json, "note", line);
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
		print_line(outside->json, "note", why.text);
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
	print_line(outside->json, "note", line);
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
	    directory, report->tokens, plural(report->tokens), report->users,
	    plural(report->users), report->findings.count,
	    plural(report->findings.count));
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
		print_line(json, "note", line);
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
	print_findings(json, "damage", &report.findings);
	print_findings(json, "damage", &issued.report.findings);
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

static void
print_outcome(const char *directory, const struct repair_report *report)
{
	if (report->outcome == REPAIR_NOTHING) {
		printf("%s: %" PRIu64 " token%s, nothing to repair\n",
		    directory, report->tokens, plural(report->tokens));
		return;
	}
	if (report->outcome == REPAIR_PACKED) {
		printf("%s: %" PRIu64 " token%s, nothing to repair; freed the "
		       "space that nothing used\n",
		    directory, report->tokens, plural(report->tokens));
		return;
	}
	printf("%s: brought back %" PRIu64 " token%s, of which %" PRIu64
	       " from copies that may be old: none of these logs in before it "
	       "is approved; lost %" PRIu64 "\n"
	       "The damaged database is kept as %s\n",
	    directory, report->tokens, plural(report->tokens), report->doubtful,
	    report->lost, report->kept);
}

static void
print_outcome_json(const struct repair_report *report)
{
	static const char *const NAMES[] = {
	    [REPAIR_NOTHING] = "nothing",
	    [REPAIR_PACKED] = "packed",
	    [REPAIR_REBUILT] = "rebuilt",
	};

	printf("\"outcome\": \"%s\", \"tokens\": %" PRIu64
	       ", \"doubtful\": %" PRIu64 ", \"lost\": %" PRIu64,
	    NAMES[report->outcome], report->tokens, report->doubtful,
	    report->lost);
}

/*
 * Blocks signals: whoever waits for the lock waits for us, and what was changed
 * is logged.
 */
static enum err
repair_one(struct context *context, const struct config *config,
    struct json_stream *json, struct repair_report *report)
{
	char by[RECORD_BY_MAX + 1];
	struct signal_block hold;
	enum err rc;

	actor_name(by);
	signal_block_begin(&hold);
	rc = repair_store(report, config, by, context->now,
	    store_deadline(config), &context->error);
	if (rc == ERR_OK && report->outcome != REPAIR_NOTHING)
		audit_store("repaired-store", by, report->kept);
	signal_block_end(&hold);
	print_findings(json, "damage", &report->findings);
	print_findings(json, "repair", &report->changed);
	return rc;
}

/* What is issued to the fleet, once the local tokens are repaired. */
static enum err
repair_issued(struct context *context, struct json_stream *json,
    struct repair_report *report, bool *is_there)
{
	struct config issued;
	enum err rc;

	*report = (struct repair_report){0};
	*is_there = check_has_issued(context, &issued);
	if (!*is_there)
		return ERR_OK;
	rc = repair_one(context, &issued, json, report);
	if (rc == ERR_OK && report->outcome == REPAIR_REBUILT)
		print_line(json, "repair",
		    "what is issued to the fleet is sent to nobody before it "
		    "is compared with what the engine has: tokenadm fleet "
		    "adopt");
	return rc;
}

/* Once something is repaired; rc: how the rest of it went. */
static enum err
say_what_is_done(struct context *context, enum err rc)
{
	struct error cause = context->error;

	return rc == ERR_OK
	    ? rc
	    : error_set(&context->error, rc,
		  "what could be repaired is; but: %s", cause.text);
}

/* The fleet's own database comes back by itself, once it is moved away. */
static enum err
find_rest(struct context *context, struct json_stream *json)
{
	struct findings findings = {0};
	enum err rc = say_what_is_done(
	    context, check_fleet_store(context, &findings));

	print_findings(json, "damage", &findings);
	if (rc == ERR_OK && findings.count > 0)
		rc = error_shown(&context->error);
	findings_free(&findings);
	return rc;
}

/* issued: of that; NULL: nothing is issued to a fleet. */
static void
print_outcomes(const struct context *context, struct json_stream *json,
    const struct repair_report *report, const struct repair_report *issued)
{
	struct config config;

	if (json != NULL) {
		json_end_array(json);
		fputs(", ", stdout);
		print_outcome_json(report);
		if (issued != NULL) {
			fputs(", \"issued\": {", stdout);
			print_outcome_json(issued);
			putchar('}');
		}
		puts("}");
		return;
	}
	print_outcome(context->config.directory, report);
	if (issued == NULL)
		return;
	fleet_issued_config(&config, &context->config);
	print_outcome(config.directory, issued);
}

static enum err
repair(struct context *context, struct json_stream *json)
{
	struct repair_report report, issued = {0};
	bool has_issued = false, local_is_done;
	enum err rc = repair_one(context, &context->config, json, &report);

	local_is_done = rc == ERR_OK;
	if (rc == ERR_OK)
		rc = say_what_is_done(context,
		    repair_issued(context, json, &issued, &has_issued));
	if (rc == ERR_OK) {
		rc = find_rest(context, json);
		print_outcomes(
		    context, json, &report, has_issued ? &issued : NULL);
	} else if (json != NULL) {
		json_end(json, rc);
	} else if (local_is_done) {
		print_outcome(context->config.directory, &report);
	}
	repair_report_free(&issued);
	repair_report_free(&report);
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
	return args_has(args, "repair") ? repair(context, json)
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
