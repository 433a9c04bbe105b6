/*
 * crowd SECONDS BACKUP USER...: a crowd at one store. Processes log in, and so
 * do the threads of one process; one writer for each user issues, edits,
 * rotates and revokes; another one writes backups into a file. Exits 0 if every
 * promise was kept; prints figures and failures.
 */
#include <err.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/unit.h"
#include "logins.h"
#include "writers.h"

#define PROCESSES 16
#define THREADS 32
#define SEEDS 1000 /* of each kind, one process has one */
#define GRACE 60   /* seconds for what is going on when the time is up */

struct job {
	struct ledger *ledger;
	uint64_t seed;
	const char *text; /* a user, or a file */
};

static void
log_in_alone(const struct job *job)
{
	logins_run(job->ledger, job->seed);
}

static void *
log_in_as_thread(void *arg)
{
	log_in_alone(arg);
	return NULL;
}

static void
log_in_by_threads(const struct job *job)
{
	pthread_t threads[THREADS];
	struct job jobs[THREADS];

	for (unsigned i = 0; i < THREADS; i++) {
		jobs[i] = *job;
		jobs[i].seed += i;
		if (pthread_create(
			&threads[i], NULL, log_in_as_thread, &jobs[i]) != 0)
			errx(1, "cannot start a thread");
	}
	for (unsigned i = 0; i < THREADS; i++)
		(void)pthread_join(threads[i], NULL);
}

static void
write_tokens(const struct job *job)
{
	writers_run(job->ledger, job->seed, job->text);
}

static void
back_up(const struct job *job)
{
	writers_back_up(job->ledger, job->text);
}

static void
start(void (*body)(const struct job *), const struct job *job)
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (pid > 0)
		return;
	/* Nothing is left behind if the parent ends early. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() == parent)
		body(job);
	_exit(EXIT_SUCCESS);
}

static void
start_all(struct ledger *ledger, uint64_t seed, char **users, const char *file)
{
	struct job job = {.ledger = ledger, .seed = seed * SEEDS};

	for (unsigned i = 0; i < PROCESSES; i++, job.seed++)
		start(log_in_alone, &job);
	for (; *users != NULL; users++, job.seed++) {
		job.text = *users;
		start(write_tokens, &job);
	}
	job.text = file;
	start(back_up, &job);
	start(log_in_by_threads, &job);
}

/* Waits for all of them; the alarm ends this process if that takes too long. */
static void
await_all(struct ledger *ledger)
{
	int status;

	while (wait(&status) > 0) {
		if (status != 0)
			ledger_fail(ledger, ledger->entries, "a process died");
	}
}

static void
print(const struct ledger *ledger)
{
	printf("%u logins accepted, %u refused, at most %.3f s for one\n",
	    ledger->accepted, ledger->refused,
	    (double)ledger->slowest_login / 1e6);
	printf("%u tokens issued, %u edited, %u rotated, %u withdrawn, "
	       "%u backups, at most %.3f s for one command\n",
	    ledger->issued, ledger->edited, ledger->rotated, ledger->withdrawn,
	    ledger->backups, (double)ledger->slowest_command / 1e6);
	printf("%u failures\n", ledger->failures);
}

/* Whether each of them has done anything at all. */
static bool
was_busy(const struct ledger *ledger)
{
	return ledger->accepted > 0 && ledger->refused > 0 &&
	    ledger->edited > 0 && ledger->rotated > 0 &&
	    ledger->withdrawn > 0 && ledger->backups > 0;
}

int
main(int argc, char **argv)
{
	const char *seed = getenv("APITOKEN_SEED");
	struct ledger *ledger = ledger_new();
	struct timespec span = {0};

	if (argc < 4 || ledger == NULL) {
		fputs("usage: crowd SECONDS BACKUP USER...\n", stderr);
		return 2;
	}
	span.tv_sec = strtol(argv[1], NULL, 10);
	start_all(ledger, seed != NULL ? strtoull(seed, NULL, 10) : 1, argv + 3,
	    argv[2]);
	(void)nanosleep(&span, NULL);
	atomic_store(&ledger->over, true);
	(void)alarm(GRACE);
	await_all(ledger);
	(void)alarm(0);
	logins_review(ledger);
	print(ledger);
	return ledger->failures == 0 && was_busy(ledger) ? 0 : 1;
}
