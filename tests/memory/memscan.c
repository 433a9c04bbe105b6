/*
 * memscan [-k KEY]... [-t TOKENS]... [-o REPORT] COMMAND...: runs a command,
 *and looks for tokens and keys in all that it can write to: when it stops
 *itself by SIGSTOP, and when it ends, with all of its memory still there. So
 *with its children. The files are read each time, since they may be the
 *command's output. A line of the report is
 *
 *	stop 1 of PID: BYTES scanned
 *	stop 1 of PID: token ID: 49 bytes of it from 0 in [heap] at 0x5581...
 *	stop 1 of PID: a whole token, atk_ID, in [heap] at 0x5581...
 *
 * It ends as the command does, or with 125.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "secrets.h"

#define FILES_MAX 64
#define TROUBLE 125
/* None of ours: what a sanitizer has reserved. */
#define LARGEST ((size_t)1 << 30)

static struct scanner {
	const char *tokens[FILES_MAX];
	size_t token_count;
	const char *keys[FILES_MAX];
	size_t key_count;
	FILE *report;
	unsigned stops;
} scanner;

static struct secrets
read_secrets(void)
{
	struct secrets secrets = {NULL, 0};

	for (size_t i = 0; i < scanner.token_count; i++)
		secrets_add_tokens(&secrets, scanner.tokens[i]);
	for (size_t i = 0; i < scanner.key_count; i++)
		secrets_add_keys(&secrets, scanner.keys[i]);
	return secrets;
}

static void
report_findings(const struct secrets *secrets, const char *when,
    const uint8_t *bytes, size_t len, size_t start, const char *place)
{
	struct finding finding;
	const uint8_t *token;
	size_t at = 0;

	while (secrets_find(secrets, bytes, len, &at, &finding))
		(void)fprintf(scanner.report,
		    "%s: %s: %zu bytes of it from %zu in %s at 0x%zx\n", when,
		    finding.secret->name, finding.len, finding.from, place,
		    start + finding.at);
	at = 0;
	while ((token = secrets_find_token(bytes, len, &at)) != NULL)
		(void)fprintf(scanner.report,
		    "%s: a whole token, %.14s, in %s at 0x%zx\n", when,
		    (const char *)token, place, start + at - 1);
}

/* Returns the bytes that were read; there may be a hole in a mapping. */
static size_t
scan_mapping(const struct secrets *secrets, const char *when, int mem,
    size_t start, size_t end, const char *place)
{
	size_t len = 0;
	uint8_t *bytes;

	if (end - start > LARGEST)
		return 0;
	bytes = malloc(end - start);
	if (bytes == NULL)
		err(TROUBLE, "memory");
	while (len < end - start) {
		ssize_t got = pread(
		    mem, bytes + len, end - start - len, (off_t)(start + len));

		if (got <= 0)
			break;
		len += (size_t)got;
	}
	report_findings(secrets, when, bytes, len, start, place);
	free(bytes);
	return len;
}

/* `START-END rw-p OFFSET DEVICE INODE PLACE`; false if it is not writable. */
static bool
parse_mapping(char *line, size_t *start, size_t *end, const char **place)
{
	char *rest;

	*start = strtoul(line, &rest, 16);
	*end = strtoul(rest + 1, &rest, 16);
	line[strcspn(line, "\n")] = '\0';
	*place = strpbrk(rest, "/[");
	if (*place == NULL)
		*place = "a mapping";
	return strncmp(rest, " rw", 3) == 0;
}

static void
scan(pid_t pid, const char *event)
{
	char path[64], line[512], when[64];
	struct secrets secrets = read_secrets();
	size_t start, end, len = 0;
	FILE *maps;
	int mem;

	(void)snprintf(when, sizeof(when), "%s of %d", event, (int)pid);
	(void)snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
	mem = open(path, O_RDONLY | O_CLOEXEC);
	(void)snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	maps = fopen(path, "re");
	if (mem < 0 || maps == NULL)
		err(TROUBLE, "%s", path);
	while (fgets(line, sizeof(line), maps) != NULL) {
		const char *place;

		if (parse_mapping(line, &start, &end, &place))
			len += scan_mapping(
			    &secrets, when, mem, start, end, place);
	}
	(void)fprintf(scanner.report, "%s: %zu bytes scanned\n", when, len);
	(void)fclose(maps);
	(void)close(mem);
	secrets_free(&secrets);
}

/* Why a traced process has stopped; returns the signal that it gets. */
static int
handle_stop(pid_t pid, int status)
{
	char event[32];

	if (status >> 16 == PTRACE_EVENT_EXIT)
		scan(pid, "exit");
	if (status >> 16 != 0)
		return 0;
	if (WSTOPSIG(status) == SIGTRAP)
		return 0;
	if (WSTOPSIG(status) != SIGSTOP)
		return WSTOPSIG(status);
	(void)snprintf(event, sizeof(event), "stop %u", ++scanner.stops);
	scan(pid, event);
	return 0;
}

static pid_t
start(char **command)
{
	const long options = PTRACE_O_TRACEEXIT | PTRACE_O_TRACEEXEC |
	    PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
	    PTRACE_O_EXITKILL;
	pid_t pid = fork();

	if (pid == 0) {
		(void)raise(SIGSTOP);
		(void)execvp(command[0], command);
		err(TROUBLE, "%s", command[0]);
	}
	/*
	 * With PTRACE_SEIZE, a new child does not start with a SIGSTOP of its
	 * own.
	 */
	if (pid < 0 || waitpid(pid, NULL, WUNTRACED) != pid ||
	    ptrace(PTRACE_SEIZE, pid, NULL, options) != 0 ||
	    kill(pid, SIGCONT) != 0)
		err(TROUBLE, "cannot trace");
	return pid;
}

/* Until the command and all of its children have ended. */
static int
run(char **command)
{
	pid_t first = start(command), pid;
	int status, result = TROUBLE;

	while ((pid = waitpid(-1, &status, __WALL)) > 0) {
		if (WIFSTOPPED(status))
			(void)ptrace(PTRACE_CONT, pid, NULL,
			    (long)handle_stop(pid, status));
		else if (pid == first)
			result = WIFEXITED(status) ? WEXITSTATUS(status)
						   : 128 + WTERMSIG(status);
	}
	return result;
}

int
main(int argc, char **argv)
{
	int option;

	scanner.report = stderr;
	while ((option = getopt(argc, argv, "+k:t:o:")) != -1) {
		if (option == 'k' && scanner.key_count < FILES_MAX)
			scanner.keys[scanner.key_count++] = optarg;
		else if (option == 't' && scanner.token_count < FILES_MAX)
			scanner.tokens[scanner.token_count++] = optarg;
		else if (option == 'o')
			scanner.report = fopen(optarg, "we");
		else
			return TROUBLE;
	}
	if (optind == argc || scanner.report == NULL)
		errx(TROUBLE,
		    "usage: memscan [-k KEY]... [-t TOKENS]... "
		    "[-o REPORT] COMMAND...");
	return run(argv + optind);
}
