#include "cli/command.h"

#include <string.h>

/*
 * What its operands are called where errors are for programs; static, since an
 * error has no room for it.
 */
static const char *
operand_of(const struct command *command)
{
	static const struct {
		const char *in_usage, *name;
	} NAMES[] = {{"ACTION", "action"}, {"TOKEN", "token"}, {"FILE", "file"},
	    {"SERVICE", "service"}, {"PATTERN", "pattern"}};

	for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
		if (strstr(command->operands, NAMES[i].in_usage) != NULL)
			return NAMES[i].name;
	}
	return NULL;
}

enum err
command_parse(const struct command *command, struct args *args, int argc,
    char **argv, struct error *why)
{
	enum err rc = args_parse(args, command->options, argc, argv, why);

	if (rc != ERR_OK)
		return rc;
	if (args->operand_count < command->least)
		return error_about(why, operand_of(command), NULL,
		    error_set(why, ERR_USAGE, "%s: give %s", command->name,
			command->operands));
	if (command->most >= 0 && args->operand_count > command->most)
		return error_about(why, operand_of(command), NULL,
		    error_set(why, ERR_USAGE, "%s: too many arguments: `%s`",
			command->name, args->operands[command->most]));
	return ERR_OK;
}
