/* fork_mutex.h: forks of a process while one of its threads has it. */
#include "base/fork_mutex.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/deadline.h"
#include "lib/unit.h"

#define LONG 20000 /* ms; only a test that hangs takes this long */

static struct fork_mutex mutex = FORK_MUTEX_NEW;
static bool was_lost_here; /* what the handler in the child was told */
static struct signal_pipe has_it, may_go;

static void
before_fork(void)
{
	fork_mutex_before(&mutex);
}

static void
after_fork_in_parent(void)
{
	fork_mutex_in_parent(&mutex);
}

static void
after_fork_in_child(void)
{
	was_lost_here = fork_mutex_in_child(&mutex);
}

static void *
hold(void *arg)
{
	(void)arg;
	if (!fork_mutex_take(&mutex, deadline_in(LONG)))
		abort();
	signal_send(&has_it);
	signal_await(&may_go);
	fork_mutex_give_back(&mutex);
	return NULL;
}

static int
expect_usable(void *arg)
{
	(void)arg;
	CHILD_REQUIRE(!was_lost_here && !fork_mutex_is_lost(&mutex));
	CHILD_REQUIRE(fork_mutex_take(&mutex, deadline_in(LONG)));
	/* Nobody has it twice. */
	CHILD_REQUIRE(!fork_mutex_take(&mutex, deadline_in(0)));
	fork_mutex_give_back(&mutex);
	return 0;
}

static int
expect_lost(void *arg)
{
	(void)arg;
	CHILD_REQUIRE(!was_lost_here && fork_mutex_is_lost(&mutex));
	return 0;
}

static int
expect_lost_for_good(void *arg)
{
	CHILD_REQUIRE(was_lost_here && fork_mutex_is_lost(&mutex));
	CHILD_REQUIRE(child_wait(child_start(expect_lost, arg)) == 0);
	return 0;
}

static void
test_forks_follow_one_another(void **state)
{
	(void)state;
	child_expect_success(child_start(expect_usable, NULL));
	child_expect_success(child_start(expect_usable, NULL));
	assert_true(fork_mutex_take(&mutex, deadline_in(0)));
	fork_mutex_give_back(&mutex);
}

static void
test_a_child_of_a_fork_in_vain_has_lost_it(void **state)
{
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, hold, NULL), 0);
	signal_await(&has_it);
	child_expect_success(child_start(expect_lost_for_good, NULL));
	/* The next fork does not wait, and is not better off. */
	child_expect_success(child_start(expect_lost_for_good, NULL));
	assert_false(fork_mutex_is_lost(&mutex));
	assert_false(fork_mutex_take(&mutex, deadline_in(0)));
	signal_send(&may_go);
	assert_int_equal(pthread_join(thread, NULL), 0);
	child_expect_success(child_start(expect_usable, NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_forks_follow_one_another),
	    cmocka_unit_test(test_a_child_of_a_fork_in_vain_has_lost_it),
	};

	signal_make(&has_it);
	signal_make(&may_go);
	if (pthread_atfork(
		before_fork, after_fork_in_parent, after_fork_in_child) != 0)
		return 1;
	return unit_run(tests);
}
