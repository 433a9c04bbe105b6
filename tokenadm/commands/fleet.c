#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "fleet/fleet_adopt.h"
#include "fleet/fleet_agent.h"
#include "fleet/fleet_export.h"
#include "fleet/fleet_init.h"
#include "fleet/fleet_status.h"

static enum err
run_export(struct context *context, const struct args *args)
{
	return fleet_export(
	    context, args->operand_count > 1 ? args->operands[1] : NULL);
}

static enum err
run_agent(struct context *context, const struct args *args)
{
	return fleet_agent(context, args_has(args, "once"));
}

/* What it does, with which options, and with how many operands behind. */
static const struct action {
	const char *name, *summary;
	const char *options[3];
	int most;
	enum err (*run)(struct context *context, const struct args *args);
} ACTIONS[] = {
    {"init", "make this machine one that issues to a fleet", {"name", "id"}, 0,
	fleet_init},
    {"agent", "keep this machine in step with its fleet", {"once"}, 0,
	run_agent},
    {"status", "how much this machine knows of its fleet, and since when",
	{"json"}, 0, fleet_status},
    {"export", "write what this machine issues to FILE, or standard output",
	{NULL}, 1, run_export},
    {"adopt", "take back from the fleet what this machine has issued", {NULL},
	0, fleet_adopt},
};

#define ACTION_COUNT (sizeof(ACTIONS) / sizeof(ACTIONS[0]))

static bool
has_option(const struct action *action, const char *name)
{
	for (size_t i = 0; i < 3 && action->options[i] != NULL; i++) {
		if (strcmp(action->options[i], name) == 0)
			return true;
	}
	return false;
}

static enum err
check(const struct action *action, const struct args *args, struct error *why)
{
	for (int i = 0; args->specs[i].name != NULL; i++) {
		if (args->values[i] != NULL &&
		    !has_option(action, args->specs[i].name))
			return error_about(why, args->specs[i].name, NULL,
			    error_set(why, ERR_USAGE, "--%s: not with fleet %s",
				args->specs[i].name, action->name));
	}
	if (args->operand_count - 1 > action->most)
		return error_about(why, "file", NULL,
		    error_set(why, ERR_USAGE, "fleet %s: too many operands",
			action->name));
	return ERR_OK;
}

static enum err
run(struct context *context, const struct args *args)
{
	const char *name = args->operands[0];
	enum err rc;

	for (size_t i = 0; i < ACTION_COUNT; i++) {
		if (strcmp(ACTIONS[i].name, name) != 0)
			continue;
		rc = check(&ACTIONS[i], args, &context->error);
		return rc == ERR_OK ? ACTIONS[i].run(context, args) : rc;
	}
	return error_about(&context->error, "action", NULL,
	    error_set(&context->error, ERR_USAGE,
		"fleet %s: no such action; tokenadm fleet --help lists them",
		name));
}

static void
print_actions(void)
{
	printf("\nActions:\n");
	for (size_t i = 0; i < ACTION_COUNT; i++)
		printf("  %-8s %s\n", ACTIONS[i].name, ACTIONS[i].summary);
}

static const struct option_spec OPTIONS[] = {
    {"name", "NAME", "init: the issuer's name [this machine's]"},
    {"id", "ID", "init: the fleet's [fleet] id, or a new one"},
    {"once", NULL, "agent: one pass"},
    {"json", NULL, "status: as JSON"},
    {0},
};

const struct command command_fleet = {
    .name = "fleet",
    .operands = "ACTION [FILE]",
    .least = 1,
    .most = 2,
    .summary = "Tokens for many machines, see fleet(7)",
    .options = OPTIONS,
    .help_more = print_actions,
    .run = run,
};
