/*
 * lock.h between processes; test_lock_crowded.c has many of them,
 * test_lock_fork.c threads and forks.
 */
#include "store/lock.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/deadline.h"
#include "lib/scratch.h"
#include "lib/unit.h"

#define SHORT 50   /* ms until ERR_BUSY where that is expected */
#define LONG 20000 /* ms; only a test that hangs takes this long */

/* A process that takes the lock, reports it, and holds it until told. */
struct holder {
	const char *path;
	enum lock_mode mode;
	struct signal_pipe has_it, may_go;
	pid_t pid;
};

static int
hold(void *arg)
{
	struct holder *holder = arg;
	struct lock lock;

	CHILD_REQUIRE(lock_acquire(&lock, holder->path, holder->mode,
			  deadline_in(LONG), NULL) == ERR_OK);
	signal_send(&holder->has_it);
	signal_await(&holder->may_go);
	lock_release(&lock);
	return 0;
}

/* It may have to wait for the lock. */
static void
holder_fork(struct holder *holder, const char *path, enum lock_mode mode)
{
	holder->path = path;
	holder->mode = mode;
	signal_make(&holder->has_it);
	signal_make(&holder->may_go);
	holder->pid = child_start(hold, holder);
	signal_keep(&holder->has_it, SIGNAL_AWAITS);
	signal_keep(&holder->may_go, SIGNAL_SENDS);
}

static void
holder_start(struct holder *holder, const char *path, enum lock_mode mode)
{
	holder_fork(holder, path, mode);
	signal_await(&holder->has_it);
}

static void
holder_stop(struct holder *holder)
{
	signal_send(&holder->may_go);
	child_expect_success(holder->pid);
	signal_close(&holder->has_it);
	signal_close(&holder->may_go);
}

static void
holder_kill(struct holder *holder)
{
	child_kill(holder->pid);
	signal_close(&holder->has_it);
	signal_close(&holder->may_go);
}

static const char *
make_file(const struct scratch *scratch)
{
	const char *path = scratch_path(scratch, "lock");

	scratch_write(path, "", 0, 0600);
	return path;
}

static enum err
try_lock(const char *path, enum lock_mode mode)
{
	struct lock lock = {.fd = -1};
	enum err rc = lock_acquire(&lock, path, mode, deadline_in(SHORT), &why);

	assert_int_equal(lock.fd >= 0, rc == ERR_OK);
	if (rc == ERR_OK)
		lock_release(&lock);
	assert_int_equal(lock.fd, -1);
	return rc;
}

static void
test_taken_and_given_up(void **state)
{
	const char *path = make_file(*state);

	for (int i = 0; i < 100; i++) {
		assert_ok(try_lock(path, LOCK_SHARED));
		assert_ok(try_lock(path, LOCK_EXCLUSIVE));
	}
}

static void
test_release_of_none_is_harmless(void **state)
{
	const char *path = make_file(*state);
	struct lock lock = {.fd = -1};

	lock_release(&lock);
	assert_ok(try_lock(path, LOCK_EXCLUSIVE));
}

static void
test_shared_goes_with_shared(void **state)
{
	const char *path = make_file(*state);
	struct holder one, two;

	holder_start(&one, path, LOCK_SHARED);
	holder_start(&two, path, LOCK_SHARED);
	assert_ok(try_lock(path, LOCK_SHARED));
	holder_stop(&one);
	holder_stop(&two);
}

static void
test_shared_keeps_a_writer_out(void **state)
{
	const char *path = make_file(*state);
	struct holder one, two;

	holder_start(&one, path, LOCK_SHARED);
	holder_start(&two, path, LOCK_SHARED);
	assert_err(ERR_BUSY, try_lock(path, LOCK_EXCLUSIVE));
	assert_says(path);
	assert_says("held by another process");
	holder_stop(&one);
	assert_err(ERR_BUSY, try_lock(path, LOCK_EXCLUSIVE));
	holder_stop(&two);
	assert_ok(try_lock(path, LOCK_EXCLUSIVE));
}

static void
test_exclusive_keeps_all_out(void **state)
{
	const char *path = make_file(*state);
	struct holder holder;

	holder_start(&holder, path, LOCK_EXCLUSIVE);
	assert_err(ERR_BUSY, try_lock(path, LOCK_EXCLUSIVE));
	assert_err(ERR_BUSY, try_lock(path, LOCK_SHARED));
	assert_says("held by another process");
	holder_stop(&holder);
	assert_ok(try_lock(path, LOCK_SHARED));
	assert_ok(try_lock(path, LOCK_EXCLUSIVE));
}

static void
test_a_killed_holder_leaves_nothing(void **state)
{
	const char *path = make_file(*state);
	struct holder holder;

	holder_start(&holder, path, LOCK_EXCLUSIVE);
	holder_kill(&holder);
	assert_ok(try_lock(path, LOCK_EXCLUSIVE));
	holder_start(&holder, path, LOCK_SHARED);
	holder_kill(&holder);
	assert_ok(try_lock(path, LOCK_EXCLUSIVE));
}

/* A deadline in the past means one try, without hanging. */
static void
test_deadline_in_the_past(void **state)
{
	const char *path = make_file(*state);
	struct lock lock;
	struct holder holder;

	assert_ok(lock_acquire(&lock, path, LOCK_SHARED, 0, &why));
	lock_release(&lock);
	assert_ok(
	    lock_acquire(&lock, path, LOCK_EXCLUSIVE, deadline_in(-1), &why));
	lock_release(&lock);
	holder_start(&holder, path, LOCK_EXCLUSIVE);
	assert_err(ERR_BUSY, lock_acquire(&lock, path, LOCK_SHARED, 0, &why));
	assert_err(ERR_BUSY,
	    lock_acquire(&lock, path, LOCK_EXCLUSIVE, deadline_in(-1), &why));
	holder_stop(&holder);
}

/* It does not give up before the deadline. */
static void
test_deadline_is_waited_for(void **state)
{
	const char *path = make_file(*state);
	static const enum lock_mode MODES[] = {LOCK_SHARED, LOCK_EXCLUSIVE};
	struct holder holder;

	holder_start(&holder, path, LOCK_EXCLUSIVE);
	for (size_t i = 0; i < COUNT_OF(MODES); i++) {
		int64_t deadline = deadline_in(SHORT);
		struct lock lock;

		assert_err(ERR_BUSY,
		    lock_acquire(&lock, path, MODES[i], deadline, &why));
		assert_true(deadline_in(0) >= deadline);
	}
	holder_stop(&holder);
}

/* A waiting process gets the lock when it becomes free. */
static void
test_waiting_ends_with_the_holder(void **state)
{
	const char *path = make_file(*state);
	struct holder holder, waiter;

	holder_start(&holder, path, LOCK_EXCLUSIVE);
	for (int mode = LOCK_SHARED; mode <= LOCK_EXCLUSIVE; mode++) {
		holder_fork(&waiter, path, (enum lock_mode)mode);
		holder_stop(&holder);
		signal_await(&waiter.has_it);
		holder_stop(&waiter);
		holder_start(&holder, path, LOCK_SHARED);
	}
	holder_stop(&holder);
}

static void
expect_not_locked(enum err expected, const char *path)
{
	assert_err(expected, try_lock(path, LOCK_SHARED));
	assert_says(path);
	assert_err(expected, try_lock(path, LOCK_EXCLUSIVE));
	assert_says(path);
}

static void
test_missing_and_unsafe_files(void **state)
{
	const char *path = scratch_path(*state, "lock");
	const char *link = scratch_path(*state, "link");

	expect_not_locked(ERR_MISSING, path);
	assert_int_equal(access(path, F_OK), -1); /* and not created */
	scratch_write(path, "", 0, 0640);
	expect_not_locked(ERR_UNSAFE, path);
	scratch_write(path, "", 0, 0606);
	expect_not_locked(ERR_UNSAFE, path);
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(symlink(path, link), 0);
	expect_not_locked(ERR_UNSAFE, link);
	expect_not_locked(ERR_UNSAFE, scratch_path(*state, ""));
	/* None of that keeps out a later process. */
	assert_ok(try_lock(path, LOCK_EXCLUSIVE));
}

#define LOCK_TEST(test)                                                        \
	cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    LOCK_TEST(test_taken_and_given_up),
	    LOCK_TEST(test_release_of_none_is_harmless),
	    LOCK_TEST(test_shared_goes_with_shared),
	    LOCK_TEST(test_shared_keeps_a_writer_out),
	    LOCK_TEST(test_exclusive_keeps_all_out),
	    LOCK_TEST(test_a_killed_holder_leaves_nothing),
	    LOCK_TEST(test_deadline_in_the_past),
	    LOCK_TEST(test_deadline_is_waited_for),
	    LOCK_TEST(test_waiting_ends_with_the_holder),
	    LOCK_TEST(test_missing_and_unsafe_files),
	};

	return unit_run(tests);
}
