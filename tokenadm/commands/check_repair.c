#include "commands/check_repair.h"

#include <inttypes.h>
#include <stdio.h>

#include "check/repair.h"
#include "cli/signal_block.h"
#include "commands/check_fleet.h"
#include "commands/check_lines.h"
#include "fleet/fleet_issued.h"
#include "store/store.h"
#include "tokens/actor.h"
#include "tokens/audit.h"

static void
print_outcome(const char *directory, const struct repair_report *report)
{
	if (report->outcome == REPAIR_NOTHING) {
		printf("%s: %" PRIu64 " token%s, nothing to repair\n",
		    directory, report->tokens, check_plural(report->tokens));
		return;
	}
	if (report->outcome == REPAIR_PACKED) {
		printf("%s: %" PRIu64 " token%s, nothing to repair; freed the "
		       "space that nothing used\n",
		    directory, report->tokens, check_plural(report->tokens));
		return;
	}
	printf("%s: brought back %" PRIu64 " token%s, of which %" PRIu64
	       " from copies that may be old: none of these logs in before it "
	       "is approved; lost %" PRIu64 "\n"
	       "The damaged database is kept as %s\n",
	    directory, report->tokens, check_plural(report->tokens),
	    report->doubtful, report->lost, report->kept);
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
	check_print_findings(json, "damage", &report->findings);
	check_print_findings(json, "repair", &report->changed);
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
		check_print_line(json, "repair",
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

	check_print_findings(json, "damage", &findings);
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

/* What a fleet has, once the local tokens are repaired, and the outcome. */
static enum err
repair_rest(struct context *context, struct json_stream *json,
    const struct repair_report *report)
{
	struct repair_report issued;
	bool has_issued;
	enum err rc = say_what_is_done(
	    context, repair_issued(context, json, &issued, &has_issued));

	if (rc == ERR_OK) {
		rc = find_rest(context, json);
		print_outcomes(
		    context, json, report, has_issued ? &issued : NULL);
	} else if (json != NULL) {
		json_end(json, rc);
	} else {
		print_outcome(context->config.directory, report);
	}
	repair_report_free(&issued);
	return rc;
}

enum err
check_repair(struct context *context, struct json_stream *json)
{
	struct repair_report report;
	enum err rc = repair_one(context, &context->config, json, &report);

	if (rc == ERR_OK)
		rc = repair_rest(context, json, &report);
	else if (json != NULL)
		json_end(json, rc);
	repair_report_free(&report);
	return rc;
}
