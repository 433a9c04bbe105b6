/*
 * How long commands take, each as a whole process, and how much memory:
 *
 *	race ROUNDS <list
 *
 * Lines of the list: `NAME INPUT COMMAND ARGUMENT...`, with tabs between them.
 * All are run in every round; `%` in an argument becomes the number of the
 * round, and standard input is the file INPUT. Prints `NAME MEDIAN MEMORY`:
 * milliseconds, and the most KiB of any. A command that fails ends the race.
 */
#include <err.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "times.h"

#define COMMANDS_MAX 16
#define ARGUMENTS_MAX 32
#define ARGUMENT_SIZE 512

extern char **environ;

struct command {
	char *name, *input, *arguments[ARGUMENTS_MAX + 1];
	int64_t *times;
	long memory; /* KiB */
};

/* Splits a line, which stays in use. */
static void
parse(struct command *command, char *line, size_t rounds)
{
	size_t count = 0;
	char *word;

	line[strcspn(line, "\n")] = '\0';
	command->name = strsep(&line, "\t");
	command->input = strsep(&line, "\t");
	while (count < ARGUMENTS_MAX && (word = strsep(&line, "\t")) != NULL)
		command->arguments[count++] = word;
	command->times = calloc(rounds, sizeof(*command->times));
	if (count == 0 || command->times == NULL)
		errx(2, "%s: no command, or no memory", command->name);
}

/* A copy of the argument with the number of the round in place of a `%`. */
static void
expand(char copy[ARGUMENT_SIZE], const char *argument, size_t round)
{
	const char *sign = strchr(argument, '%');

	if (sign == NULL)
		(void)snprintf(copy, ARGUMENT_SIZE, "%s", argument);
	else
		(void)snprintf(copy, ARGUMENT_SIZE, "%.*s%zu%s",
		    (int)(sign - argument), argument, round, sign + 1);
}

static void
run(struct command *command, size_t round)
{
	static char copies[ARGUMENTS_MAX][ARGUMENT_SIZE];
	char *arguments[ARGUMENTS_MAX + 1] = {NULL};
	posix_spawn_file_actions_t actions;
	struct rusage usage;
	int64_t start;
	pid_t pid;
	int rc, status = -1;

	for (size_t i = 0; command->arguments[i] != NULL; i++) {
		expand(copies[i], command->arguments[i], round);
		arguments[i] = copies[i];
	}
	(void)posix_spawn_file_actions_init(&actions);
	(void)posix_spawn_file_actions_addopen(
	    &actions, 0, command->input, O_RDONLY, 0);
	(void)posix_spawn_file_actions_addopen(
	    &actions, 1, "/dev/null", O_WRONLY, 0);
	start = times_now();
	rc = posix_spawn(
	    &pid, arguments[0], &actions, NULL, arguments, environ);
	if (rc == 0 && wait4(pid, &status, 0, &usage) == pid)
		command->times[round] = times_now() - start;
	(void)posix_spawn_file_actions_destroy(&actions);
	if (rc != 0 || status != 0)
		errx(1, "%s: failed with status %d", command->name,
		    rc != 0 ? rc : status);
	if (usage.ru_maxrss > command->memory)
		command->memory = usage.ru_maxrss;
}

int
main(int argc, char **argv)
{
	static struct command commands[COMMANDS_MAX];
	size_t rounds = argc == 2 ? strtoul(argv[1], NULL, 10) : 0;
	size_t count = 0, room;
	char *line;

	if (rounds == 0)
		errx(2, "usage: race ROUNDS <list");
	while (count < COMMANDS_MAX &&
	    (line = NULL, getline(&line, &room, stdin) > 0))
		parse(&commands[count++], line, rounds);
	for (size_t round = 0; round < rounds; round++)
		for (size_t i = 0; i < count; i++)
			run(&commands[i], round);
	for (size_t i = 0; i < count; i++) {
		times_sort(commands[i].times, rounds);
		printf("%s %.3f %ld\n", commands[i].name,
		    times_in(commands[i].times[rounds / 2], MILLISECOND),
		    commands[i].memory);
	}
	return 0;
}
