/* The list of live sessions, with many in one process. */
#include "session/session_list.h"

#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "lib/scratch.h"
#include "lib/unit.h"

#define THREADS 16
#define ROUNDS 20
#define VISITS 3000

struct worker {
	const char *run;
	pthread_t thread;
	struct session session;
	enum err entered;
};

static pthread_barrier_t barrier;

static void *
enter(void *arg)
{
	struct worker *worker = arg;

	worker->session = (struct session){.id = "0123456789"};
	(void)pthread_barrier_wait(&barrier);
	worker->entered = session_enter(worker->run, &worker->session, NULL);
	return NULL;
}

static enum err
count_one(const struct session *session, void *arg)
{
	(void)session;
	++*(unsigned *)arg;
	return ERR_OK;
}

static void
expect_listed(const char *run, unsigned expected)
{
	unsigned count = 0;

	assert_ok(session_each(run, "0123456789", count_one, &count, &why));
	assert_int_equal(count, expected);
}

/* Sessions of the same token, opened by threads of a process at once. */
static void
open_at_once(const char *run)
{
	static struct worker workers[THREADS];

	assert_int_equal(pthread_barrier_init(&barrier, NULL, THREADS), 0);
	for (unsigned i = 0; i < THREADS; i++) {
		workers[i].run = run;
		assert_int_equal(pthread_create(&workers[i].thread, NULL, enter,
				     &workers[i]),
		    0);
	}
	for (unsigned i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
		assert_ok(workers[i].entered);
	}
	assert_int_equal(pthread_barrier_destroy(&barrier), 0);
	expect_listed(run, THREADS);
	for (unsigned i = 0; i < THREADS; i++) {
		assert_ok(session_leave(run, &workers[i].session, &why));
		expect_listed(run, THREADS - 1 - i);
	}
}

static void
test_threads(void **state)
{
	for (unsigned i = 0; i < ROUNDS; i++)
		open_at_once(scratch_path(*state, "run"));
}

static void *
come_and_go(void *arg)
{
	struct worker *worker = arg;

	for (unsigned i = 0; i < VISITS && worker->entered == ERR_OK; i++) {
		worker->session = (struct session){.id = "0123456789"};
		worker->entered = session_enter(
		    worker->run, &worker->session, NULL);
		if (worker->entered == ERR_OK)
			worker->entered = session_leave(
			    worker->run, &worker->session, NULL);
	}
	return NULL;
}

/* A session that ends while all of its process are marked is not back. */
static void
test_left_while_others_are_marked(void **state)
{
	struct worker worker = {.run = scratch_path(*state, "run")};

	assert_int_equal(
	    pthread_create(&worker.thread, NULL, come_and_go, &worker), 0);
	do
		assert_ok(session_share(worker.run, &why));
	while (pthread_tryjoin_np(worker.thread, NULL) != 0);
	assert_ok(worker.entered);
	expect_listed(worker.run, 0);
}

/* A session's process shares itself, then leaves it. */
static void
test_look_again(void **state)
{
	const char *run = scratch_path(*state, "run");
	struct session session = {.id = "0123456789", .user = "alice"};
	struct session again;

	assert_ok(session_enter(run, &session, &why));
	again = session;
	assert_true(session_look_again(run, &again));
	assert_false(again.is_shared);
	assert_string_equal(again.user, "alice");
	assert_ok(session_share(run, &why));
	assert_true(session_look_again(run, &again));
	assert_true(again.is_shared);
	assert_ok(session_leave(run, &session, &why));
	again = session;
	assert_false(session_look_again(run, &again));
	assert_false(again.is_shared);
	assert_false(session_look_again("/nonexistent", &again));
	assert_true(session_look_again("/dev/null", &again));
	assert_true(again.is_shared);
}

/* By a login that was killed before its file had a name. */
static void
test_what_was_not_finished_is_removed(void **state)
{
	const char *run = scratch_path(*state, "run");
	const char *left = scratch_path(
	    *state, "run/sessions/2000000000-1.abcdefgh");
	struct session one = {.id = "0123456789"}, other = one;

	assert_ok(session_enter(run, &one, &why));
	scratch_write(left, "half", 4, 0600);
	assert_ok(session_enter(run, &other, &why));
	assert_int_equal(access(left, F_OK), -1);
	expect_listed(run, 2);
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
	    cmocka_unit_test_setup_teardown(
		test_threads, scratch_setup, scratch_teardown),
	    cmocka_unit_test_setup_teardown(
		test_look_again, scratch_setup, scratch_teardown),
	    cmocka_unit_test_setup_teardown(
		test_what_was_not_finished_is_removed, scratch_setup,
		scratch_teardown),
	    cmocka_unit_test_setup_teardown(test_left_while_others_are_marked,
		scratch_setup, scratch_teardown),
	};

	return unit_run(TESTS);
}
