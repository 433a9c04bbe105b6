#include <stdint.h>

#include "cli/command.h"
#include "cli/json_lines.h"
#include "sweep/sweeping.h"
#include "token/record.h"
#include "tokens/actor.h"

static enum err
run(struct context *context, const struct args *args)
{
	const char *deleted = args_get(args, "deleted");
	char by[RECORD_BY_MAX + 1];
	struct sweeping how = {
	    .by = by,
	    .dry_run = args_has(args, "dry-run"),
	    .force = args_has(args, "force"),
	    .most_alone = SIZE_MAX,
	};
	struct json_lines lines;
	enum err rc;

	actor_name(by);
	rc = json_lines_begin(&lines, args_has(args, "json"), &context->error);
	if (rc == ERR_OK)
		rc = deleted != NULL ? sweeping_deleted(context, &how, deleted)
				     : sweeping_run(context, &how);
	return json_lines_end(&lines, rc, &context->error);
}

static const struct option_spec OPTIONS[] = {
    {"dry-run", NULL, "only say what would be done"},
    {"force", NULL, "even if it takes the tokens of many users"},
    {"deleted", "USER", "only this user, whom userdel has just deleted"},
    {"json", NULL, "as JSON"},
    {0},
};

const struct command command_sweep = {
    .name = "sweep",
    .operands = "",
    .summary = "Deactivate the tokens of accounts that are disabled or gone",
    .options = OPTIONS,
    .run = run,
};
