#include "runs.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define STRETCH 250 /* trials for each process */
#define MOST_FAILURES 20

/* What the processes report. */
struct shared {
	unsigned number;
	const char *step; /* the same text in all of them */
	char text[512];
	uint64_t tallies[RUNS_TALLIES];
};

static struct shared *shared;

static const char *const TALLIES[RUNS_TALLIES] = {
    [RUNS_LOGINS] = "logins",
    [RUNS_ACCEPTED] = "accepted",
    [RUNS_PAM] = "through libpam",
    [RUNS_COMMANDS] = "tokenadm",
    [RUNS_NOTICED] = "noticed",
    [RUNS_REPAIRED] = "repaired",
};

uint64_t
runs_seed(void)
{
	const char *given = getenv("APITOKEN_SEED");

	return given != NULL ? strtoull(given, NULL, 0) : 1;
}

bool
runs_all(void)
{
	const char *given = getenv("APITOKEN_TORTURE");

	return given != NULL && strcmp(given, "yes") == 0;
}

void
runs_step(const char *step, unsigned seconds)
{
	shared->step = step;
	(void)alarm(seconds);
}

void
runs_describe(const char *text)
{
	(void)snprintf(shared->text, sizeof(shared->text), "%s", text);
}

void
runs_tally(enum runs_tally tally)
{
	shared->tallies[tally]++;
}

void
runs_expect(bool condition, const char *format, ...)
{
	va_list args;

	if (condition)
		return;
	va_start(args, format);
	printf("# not so: ");
	(void)vprintf(format, args);
	printf("\n");
	va_end(args);
	(void)fflush(stdout);
	_exit(1);
}

/* The trial's own random numbers: they do not depend on earlier trials. */
static struct unit_random
random_of(const struct runs *runs, unsigned number)
{
	struct unit_random random = {runs_seed() << 32 | number};

	for (const char *kind = runs->kind; *kind != '\0'; kind++)
		random.state = random.state * 31 + (uint8_t)*kind;
	(void)unit_random_below(&random, 1);
	return random;
}

static void
run_stretch(const struct runs *runs, unsigned end)
{
	while (shared->number < end) {
		struct unit_random random = random_of(runs, shared->number);

		shared->text[0] = '\0';
		runs->body(&random, shared->number);
		shared->number++;
	}
	_exit(0);
}

static void
tell_failure(const struct runs *runs, int status)
{
	printf("# %s: %s\n", shared->step, shared->text);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		printf("# it hung\n");
	else if (WIFSIGNALED(status))
		printf("# ended by signal %d\n", WTERMSIG(status));
	else
		printf("# ended with status %d\n", WEXITSTATUS(status));
	printf("# repeat: APITOKEN_SEED=%llu APITOKEN_IMAGE='%s %u'\n",
	    (unsigned long long)runs_seed(), runs->kind, shared->number);
}

/* Runs the trials from number to end. Returns how many failed. */
static unsigned
run_range(const struct runs *runs, unsigned number, unsigned end)
{
	unsigned failures = 0;

	shared->number = number;
	while (shared->number < end && failures < MOST_FAILURES) {
		unsigned until = shared->number + STRETCH;
		int status;
		pid_t pid;

		(void)fflush(NULL);
		pid = fork();
		assert_true(pid >= 0);
		if (pid == 0)
			run_stretch(runs, until < end ? until : end);
		status = child_wait(pid);
		if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
			continue;
		tell_failure(runs, status);
		failures++;
		shared->number++;
	}
	return failures;
}

/* Parses which trial is to be repeated. False if it is of another kind. */
static bool
find_range(const struct runs *runs, unsigned *number, unsigned *end)
{
	const char *wanted = getenv("APITOKEN_IMAGE");
	size_t len = strlen(runs->kind);
	char *rest;

	*number = 0;
	*end = runs_all() ? runs->count : runs->short_count;
	if (wanted == NULL)
		return true;
	if (strncmp(wanted, runs->kind, len) != 0 || wanted[len] != ' ')
		return false;
	*number = (unsigned)strtoul(wanted + len, &rest, 10);
	*end = *rest == '-' ? (unsigned)strtoul(rest + 1, NULL, 10) : *number;
	++*end;
	return true;
}

void
runs_do(const struct runs *runs, unsigned test)
{
	unsigned number, end, failures;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(shared != MAP_FAILED);
	if (!find_range(runs, &number, &end)) {
		printf("ok %u - %s # SKIP another is repeated\n", test,
		    runs->kind);
		return;
	}
	failures = run_range(runs, number, end);
	printf("# %u images:", end - number);
	for (int i = 0; i < RUNS_TALLIES; i++)
		printf(" %llu %s%s", (unsigned long long)shared->tallies[i],
		    TALLIES[i], i + 1 < RUNS_TALLIES ? "," : "\n");
	printf("%s %u - %s: %s\n", failures == 0 ? "ok" : "not ok", test,
	    runs->kind, runs->promise);
	(void)fflush(stdout);
	(void)munmap(shared, sizeof(*shared));
}
