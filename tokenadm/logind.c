#include "logind.h"

#include <ctype.h>
#include <inttypes.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define NAME_MAX_LEN 64

/*
 * The session of the process, as its control group is called: only root, and
 * no variable of a user's, can have put it there.
 */
static bool
find_name(const struct process *process, char name[NAME_MAX_LEN + 1])
{
	char path[64], line[4096];
	bool found = false;
	FILE *file;

	(void)snprintf(
	    path, sizeof(path), "/proc/%" PRIu64 "/cgroup", process->pid);
	file = fopen(path, "re");
	if (file == NULL)
		return false;
	while (!found && fgets(line, sizeof(line), file) != NULL) {
		const char *scope = strstr(line, "/session-");
		size_t len = 0;

		if (scope == NULL)
			continue;
		scope += strlen("/session-");
		while (isalnum((unsigned char)scope[len]))
			len++;
		found = len > 0 && len <= NAME_MAX_LEN &&
		    strncmp(scope + len, ".scope", 6) == 0;
		if (found) {
			memcpy(name, scope, len);
			name[len] = '\0';
		}
	}
	(void)fclose(file);
	return found;
}

void
logind_terminate(const struct process *process)
{
	static char program[] = "loginctl", verb[] = "terminate-session";
	static char path[] = "PATH=/usr/bin:/bin";
	static char *const environment[] = {path, NULL};
	char name[NAME_MAX_LEN + 1];
	char *const arguments[] = {program, verb, name, NULL};
	int status;
	pid_t pid;

	if (!find_name(process, name) || process_is_gone(process))
		return;
	if (posix_spawn(&pid, "/usr/bin/loginctl", NULL, NULL, arguments,
		environment) == 0)
		(void)waitpid(pid, &status, 0);
}
