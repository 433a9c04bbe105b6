/*
 * transaction.h and signal_block.h: when a signal undoes a command, and when it
 * has to wait. Each case is a command of its own.
 */
#include "tokens/transaction.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/scratch.h"
#include "lib/unit.h"

#define BEFORE "as it was"
#define AFTER "changed"
#define HANGS 20 /* seconds */

struct trial {
	const struct scratch *scratch;
	struct context context;
	struct transaction change;
	struct record record;
};

static int
start(struct trial *trial, const struct scratch *scratch)
{
	*trial = (struct trial){.scratch = scratch,
	    .context = {.config = scratch->config, .now = NOW}};
	CHILD_REQUIRE(
	    transaction_begin(&trial->change, &trial->context) == ERR_OK);
	return 0;
}

/* Changes the one token, within a transaction. */
static enum err
describe(struct trial *trial, const char *text)
{
	struct index index = {0};
	enum err rc = store_get_index(
	    trial->change.store, "alice", &index, &why);

	if (rc == ERR_OK)
		rc = store_get(
		    trial->change.store, index.ids[0], &trial->record, &why);
	index_free(&index);
	if (rc != ERR_OK)
		return rc;
	strcpy(trial->record.description, text);
	return store_put(trial->change.store, &trial->record, &why);
}

static enum err
end(struct trial *trial)
{
	return transaction_end(
	    &trial->change, &trial->context, describe(trial, AFTER));
}

static int
signal_before_the_commit(void *scratch)
{
	struct trial trial;

	CHILD_REQUIRE(start(&trial, scratch) == 0);
	CHILD_REQUIRE(raise(SIGTERM) == 0);
	(void)end(&trial);
	return 1;
}

static int
signal_after_the_commit(void *scratch)
{
	struct trial trial;

	CHILD_REQUIRE(start(&trial, scratch) == 0);
	CHILD_REQUIRE(end(&trial) == ERR_OK);
	CHILD_REQUIRE(raise(SIGTERM) == 0);
	/* It lives on, to log and to show what it has done. */
	signal_block_release();
	return 1;
}

static int
signal_before_it_is_undone(void *scratch)
{
	struct trial trial;

	CHILD_REQUIRE(start(&trial, scratch) == 0);
	CHILD_REQUIRE(end(&trial) == ERR_OK);
	CHILD_REQUIRE(raise(SIGTERM) == 0);
	CHILD_REQUIRE(
	    transaction_begin(&trial.change, &trial.context) == ERR_OK);
	CHILD_REQUIRE(transaction_end(&trial.change, &trial.context,
			  describe(&trial, BEFORE)) == ERR_OK);
	signal_block_release();
	return 1;
}

static int
signal_that_is_ignored(void *scratch)
{
	struct trial trial;

	CHILD_REQUIRE(signal(SIGHUP, SIG_IGN) != SIG_ERR);
	CHILD_REQUIRE(start(&trial, scratch) == 0);
	CHILD_REQUIRE(raise(SIGHUP) == 0);
	CHILD_REQUIRE(end(&trial) == ERR_OK);
	signal_window_open(NULL);
	CHILD_REQUIRE(!signal_window_close());
	signal_block_release();
	return 0;
}

/* As a daemon does, which reads them from a descriptor. */
static int
signal_that_is_blocked(void *scratch)
{
	struct trial trial;
	sigset_t set;

	CHILD_REQUIRE(sigemptyset(&set) == 0 && sigaddset(&set, SIGTERM) == 0);
	CHILD_REQUIRE(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
	CHILD_REQUIRE(raise(SIGTERM) == 0);
	CHILD_REQUIRE(start(&trial, scratch) == 0);
	CHILD_REQUIRE(end(&trial) == ERR_OK);
	signal_window_open(NULL);
	CHILD_REQUIRE(!signal_window_close());
	signal_block_release();
	return 0;
}

static volatile sig_atomic_t is_noted;

static void
note(int number)
{
	is_noted = number;
}

/* As a batch does. */
static int
signal_with_a_handler(void *scratch)
{
	struct trial trial;

	CHILD_REQUIRE(signal(SIGTERM, note) != SIG_ERR);
	CHILD_REQUIRE(start(&trial, scratch) == 0);
	CHILD_REQUIRE(raise(SIGTERM) == 0);
	CHILD_REQUIRE(end(&trial) == ERR_SYSTEM);
	CHILD_REQUIRE(is_noted == SIGTERM && trial.change.is_given_up);
	CHILD_REQUIRE(strstr(trial.context.error.text, "interrupted") != NULL);
	return 0;
}

static volatile sig_atomic_t is_heeded;

static void
heed(void)
{
	is_heeded = 1;
}

/* In place of the limit by SIGALRM (lib/unit.c), which would end the write. */
static int
kill_later(void)
{
	struct sigevent event = {
	    .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGKILL};
	const struct itimerspec later = {.it_value.tv_sec = HANGS};
	timer_t timer;

	(void)alarm(0);
	CHILD_REQUIRE(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
	CHILD_REQUIRE(timer_settime(timer, 0, &later, NULL) == 0);
	return 0;
}

/* The signal comes before the write, which has to end all the same. */
static int
signal_in_a_window(void *scratch)
{
	struct trial trial;
	char byte = 0;
	int fds[2];

	CHILD_REQUIRE(pipe(fds) == 0);
	CHILD_REQUIRE(fcntl(fds[1], F_SETFL, O_NONBLOCK) == 0);
	while (write(fds[1], &byte, 1) == 1)
		continue;
	CHILD_REQUIRE(fcntl(fds[1], F_SETFL, 0) == 0);
	CHILD_REQUIRE(kill_later() == 0);
	CHILD_REQUIRE(start(&trial, scratch) == 0);
	CHILD_REQUIRE(end(&trial) == ERR_OK);
	CHILD_REQUIRE(raise(SIGTERM) == 0);
	signal_window_open(heed);
	CHILD_REQUIRE(is_heeded == 1);
	CHILD_REQUIRE(write(fds[1], &byte, 1) < 0 && errno == EINTR);
	CHILD_REQUIRE(signal_window_close());
	signal_block_release();
	return 1;
}

static const struct {
	const char *what;
	child_body *body;
	int dies_of; /* or 0: it succeeds */
	const char *leaves;
} CASES[] = {
    {"before the commit", signal_before_the_commit, SIGTERM, BEFORE},
    {"after the commit", signal_after_the_commit, SIGTERM, AFTER},
    {"before it is undone", signal_before_it_is_undone, SIGTERM, BEFORE},
    {"ignored", signal_that_is_ignored, 0, AFTER},
    {"blocked", signal_that_is_blocked, 0, AFTER},
    {"with a handler", signal_with_a_handler, 0, BEFORE},
    {"in a window", signal_in_a_window, SIGTERM, AFTER},
};

static void
expect_description(const struct scratch *scratch, const char *id,
    const char *what, const char *text)
{
	struct record record;
	struct store *store;

	assert_ok(scratch_open(scratch, &store, STORE_READ));
	assert_ok(store_get(store, id, &record, &why));
	store_close(store);
	assert_row(what, strcmp(record.description, text) == 0);
}

static void
test_signals(void **state)
{
	struct scratch *scratch = *state;
	struct record record;

	sample_record(&record, "alice", "one");
	strcpy(record.description, BEFORE);
	assert_ok(sample_add(scratch, &record));
	for (size_t i = 0; i < COUNT_OF(CASES); i++) {
		const char *what = CASES[i].what;
		int status = child_wait(child_start(CASES[i].body, scratch));
		struct store *store;

		if (CASES[i].dies_of == 0)
			assert_row(what, status == 0);
		else
			assert_row(what,
			    WIFSIGNALED(status) &&
				WTERMSIG(status) == CASES[i].dies_of);
		expect_description(scratch, record.id, what, CASES[i].leaves);
		assert_ok(scratch_open(scratch, &store, STORE_WRITE));
		assert_ok(store_put(store, &record, &why));
		assert_ok(store_commit(store, &why));
		store_close(store);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		test_signals, scratch_setup_store, scratch_teardown),
	};

	return unit_run(tests);
}
