/*
 * tokenadm: issues and manages API tokens. This file has the table of commands
 * and their common parts; each command has its own file.
 */
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/outcome.h"
#include "cli/signal_block.h"
#include "cli/signals.h"
#include "cli/similar.h"
#include "isolation/isolation.h"
#include "outbox/fleet_side.h"
#include "own/own_front.h"
#include "own/own_verbs.h"

static const struct command *const COMMANDS[] = {
    &command_init,
    &command_issue,
    &command_list,
    &command_show,
    &command_edit,
    &command_revoke,
    &command_approve,
    &command_rotate,
    &command_delete,
    &command_verify,
    &command_offer,
    &command_sessions,
    &command_sweep,
    &command_watch,
    &command_notify,
    &command_backup,
    &command_restore,
    &command_check,
    &command_doctor,
    &command_door,
    &command_fleet,
};

#define COMMAND_COUNT (sizeof(COMMANDS) / sizeof(COMMANDS[0]))

/* The options of tokenadm itself, before the command. */
static const struct option_spec GLOBAL_OPTIONS[] = {
    {"config", "FILE", "read FILE instead of " CONFIG_FILE},
    {"help", NULL, "show this help; after a command, its own (-h)", 'h'},
    {"version", NULL, "show the version (-V)", 'V'},
    {0},
};

static void
print_options(const struct option_spec *specs)
{
	for (; specs->name != NULL; specs++) {
		char left[64];

		(void)snprintf(left, sizeof(left), "--%s%s%s", specs->name,
		    specs->argument != NULL ? " " : "",
		    specs->argument != NULL ? specs->argument : "");
		printf("  %-26s %s\n", left, specs->help);
	}
}

static void
print_help(void)
{
	printf("Usage: tokenadm [--config FILE] COMMAND [ARGUMENTS]\n"
	       "Issue and manage API tokens, which programs log in with where "
	       "people\nuse passwords.\n\nCommands:\n");
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		printf("  %-10s %s\n", COMMANDS[i]->name, COMMANDS[i]->summary);
	printf("\nOptions:\n");
	print_options(GLOBAL_OPTIONS);
	printf("\nA TOKEN is named by its id or as USER/NAME. "
	       "See tokenadm(8).\n");
}

/* The first column of a line, and the last that a terminal of 80 has. */
#define MARGIN 2
#define WIDTH 79

/* For who typed nothing else: the common cases, then all names. */
static void
print_overview(void)
{
	size_t column = WIDTH;

	fputs("Usage: tokenadm [--config FILE] COMMAND [ARGUMENTS]\n\n"
	      "  tokenadm issue                issues a token: asks for all\n"
	      "  tokenadm list                 lists the tokens\n"
	      "  tokenadm show alice/backup    says all of alice's token "
	      "`backup`\n"
	      "  tokenadm rotate alice/backup  replaces it by a new one\n"
	      "  tokenadm revoke alice/backup  ends it\n"
	      "  tokenadm doctor               says what is wrong here, and "
	      "what mends it\n\n"
	      "All commands:",
	    stderr);
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		size_t len = strlen(COMMANDS[i]->name);

		if (column + 1 + len > WIDTH) {
			fprintf(stderr, "\n%*s", MARGIN - 1, "");
			column = MARGIN - 1;
		}
		fprintf(stderr, " %s", COMMANDS[i]->name);
		column += 1 + len;
	}
	fputs("\n\n", stderr);
}

static void
print_command_help(const struct command *command)
{
	bool has_options = command->options[0].name != NULL;

	printf("Usage: tokenadm %s%s%s%s\n%s.\n", command->name,
	    has_options ? " [OPTIONS]" : "",
	    command->operands[0] != '\0' ? " " : "", command->operands,
	    command->summary);
	if (has_options)
		printf("\nOptions:\n");
	print_options(command->options);
	if (command->help_more != NULL)
		command->help_more();
}

static const struct command *
find_command(const char *name)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		if (strcmp(COMMANDS[i]->name, name) == 0)
			return COMMANDS[i];
	}
	return NULL;
}

static enum err
no_command(struct context *context, const char *name)
{
	char hint[SIMILAR_HINT_SIZE];
	struct similar similar;

	similar_begin(&similar, name);
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		similar_offer(&similar, COMMANDS[i]->name);
	similar_hint(&similar, hint);
	return error_set(&context->error, ERR_USAGE, "no command `%s`%s", name,
	    hint[0] != '\0' ? hint : "; tokenadm --help lists them");
}

/* Whether --help or -h stands among a command's arguments. */
static bool
wants_help(int argc, char **argv)
{
	return args_stands(argc, argv, "--help") ||
	    args_stands(argc, argv, "-h");
}

static enum err
read_config(
    struct context *context, const struct command *command, const char *file)
{
	enum err rc = config_read(&context->config, file, &context->error);

	context->config_file = file;
	if (rc == ERR_OK || !command->needs_no_config)
		return rc;
	context->config_rc = rc;
	context->config_error = context->error;
	config_free(&context->config);
	return config_parse(&context->config, "", 0, "", &context->error);
}

/* In front of the door, of who has no right to the store. */
static enum err
run_in_front(struct context *context, const struct command *command,
    const struct args *args)
{
	enum err rc = own_verbs_of_root(args, &context->error);

	if (rc != ERR_OK)
		return rc;
	return own_front_runs(command, args)
	    ? command->run(context, args)
	    : own_front_ask(context, command, args);
}

static enum err
run_command(struct context *context, const struct command *command,
    const char *config, int argc, char **argv)
{
	struct args args;
	enum err rc;

	if (wants_help(argc, argv)) {
		print_command_help(command);
		return ERR_OK;
	}
	rc = command_parse(command, &args, argc, argv, &context->error);
	if (rc != ERR_OK)
		return rc;
	context->is_json = args_look(&args, "json") != NULL ||
	    args_look(&args, "follow") != NULL;
	rc = read_config(context, command, config);
	if (rc == ERR_OK && own_front_begin(context, command, &args))
		return run_in_front(context, command, &args);
	if (rc == ERR_OK)
		rc = isolation_begin(&context->error);
	if (rc != ERR_OK)
		return rc;
	if (fleet_side_is_meant(&args))
		rc = fleet_side_begin(context, &args);
	if (rc != ERR_OK)
		return rc;
	/* Nothing is wrong so far; a config that is missing left its name. */
	(void)error_shown(&context->error);
	return command->run(context, &args);
}

/* `help` and `help COMMAND` are the same as --help. */
static enum err
run_help(struct context *context, const char *name)
{
	const struct command *command;

	if (name == NULL) {
		print_help();
		return ERR_OK;
	}
	command = find_command(name);
	if (command == NULL)
		return no_command(context, name);
	print_command_help(command);
	return ERR_OK;
}

/* How many of argv are global options; the command comes next. */
static int
count_global(int argc, char **argv)
{
	int i = 1;

	while (i < argc && argv[i][0] == '-')
		i += strcmp(argv[i], "--config") == 0 && i + 1 < argc ? 2 : 1;
	return i;
}

static enum err
run(struct context *context, int argc, char **argv)
{
	int own = count_global(argc, argv);
	const struct command *command;
	struct args args;
	enum err rc;

	/* Until it is known that it is no option's argument. */
	context->is_json = args_stands(argc, argv, "--json") ||
	    args_stands(argc, argv, "--follow");
	rc = args_parse(&args, GLOBAL_OPTIONS, own, argv, &context->error);
	if (rc != ERR_OK)
		return rc;
	if (args_has(&args, "help")) {
		print_help();
		return ERR_OK;
	}
	if (args_has(&args, "version")) {
		printf("tokenadm %s\n", PACKAGE_VERSION);
		return ERR_OK;
	}
	if (own >= argc) {
		print_overview();
		return error_set(&context->error, ERR_USAGE,
		    "give a command; tokenadm --help says what each does");
	}
	if (strcmp(argv[own], "help") == 0)
		return run_help(context, argv[own + 1]);
	command = find_command(argv[own]);
	if (command == NULL)
		return no_command(context, argv[own]);
	return run_command(context, command, args_get(&args, "config"),
	    argc - own, argv + own);
}

/*
 * Closed standard descriptors must not be reused: a token printed to the log's
 * socket would end up in the log. Opens them so that using them still fails.
 */
static void
occupy_standard_fds(void)
{
	int fd;

	do
		fd = open("/dev/null", O_PATH | O_CLOEXEC);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		(void)close(fd);
}

int
main(int argc, char **argv)
{
	struct context context = {.now = time(NULL)};
	enum err rc;

	occupy_standard_fds();
	(void)setlocale(LC_CTYPE, "");
	/* A token must not end in a core file. */
	(void)prctl(PR_SET_DUMPABLE, 0);
	signals_prepare(outcome_exit_code(ERR_DAMAGED));
	rc = run(&context, argc, argv);
	signal_window_open(NULL);
	rc = outcome_report(&context, rc);
	(void)signal_window_close();
	fleet_side_end(&context);
	config_free(&context.config);
	signal_block_release();
	return outcome_exit_code(rc);
}
