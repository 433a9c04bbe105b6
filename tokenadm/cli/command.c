#include "cli/command.h"

enum err
command_parse(const struct command *command, struct args *args, int argc,
    char **argv, struct error *why)
{
	enum err rc = args_parse(args, command->options, argc, argv, why);

	if (rc != ERR_OK)
		return rc;
	if (args->operand_count < command->least)
		return error_set(why, ERR_USAGE, "%s: give %s", command->name,
		    command->operands);
	if (command->most >= 0 && args->operand_count > command->most)
		return error_set(why, ERR_USAGE, "%s: too many arguments: `%s`",
		    command->name, args->operands[command->most]);
	return ERR_OK;
}
