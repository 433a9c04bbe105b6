/* lock.h with many readers: a writer gets in nevertheless. */
#include "store/lock.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <time.h>

#include "base/deadline.h"
#include "lib/scratch.h"
#include "lib/unit.h"

#define LONG 20000 /* ms; only a test that hangs takes this long */
#define READERS 6
#define RELAY 20 /* ms that a reader waits for the next one */

/* Longer than a writer keeps readers out at a stretch. */
static const struct timespec LATE = {.tv_nsec = 120000000};

static bool wakes_late;

int __real_nanosleep(const struct timespec *span, struct timespec *left);
int __wrap_nanosleep(const struct timespec *span, struct timespec *left);

static const char *
make_file(const struct scratch *scratch)
{
	const char *path = scratch_path(scratch, "lock");

	scratch_write(path, "", 0, 0600);
	return path;
}

/* Readers of which one is always inside, as long as the other gets in. */
struct relay {
	const char *path;
	atomic_uint entries; /* of both */
	pid_t pids[2];
};

/* Leaves when the other has come in, or after a while, as every login does. */
static int
read_in_relay(void *arg)
{
	const struct timespec span = {.tv_nsec = 500000};
	struct relay *relay = arg;

	for (;;) {
		struct lock lock;
		unsigned own;
		int64_t until;

		CHILD_REQUIRE(lock_acquire(&lock, relay->path, LOCK_SHARED,
				  deadline_in(LONG), NULL) == ERR_OK);
		own = ++relay->entries;
		until = deadline_in(RELAY);
		while (relay->entries == own && deadline_in(0) < until)
			(void)nanosleep(&span, NULL);
		lock_release(&lock);
	}
}

static struct relay *
relay_start(const char *path)
{
	struct relay *relay = mmap(NULL, sizeof(*relay), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int64_t end = deadline_in(LONG);

	assert_true(relay != MAP_FAILED);
	relay->path = path;
	for (int i = 0; i < 2; i++)
		relay->pids[i] = child_start(read_in_relay, relay);
	while (relay->entries < 10)
		assert_true(deadline_in(0) < end);
	return relay;
}

static void
relay_stop(struct relay *relay)
{
	for (int i = 0; i < 2; i++)
		child_kill(relay->pids[i]);
	assert_int_equal(munmap(relay, sizeof(*relay)), 0);
}

/* Without a gate the writer would always find a reader inside. */
static void
test_readers_do_not_starve_a_writer(void **state)
{
	const char *path = make_file(*state);
	struct relay *relay = relay_start(path);
	struct lock lock;

	for (int i = 0; i < 20; i++) {
		assert_ok(lock_acquire(
		    &lock, path, LOCK_EXCLUSIVE, deadline_in(LONG), &why));
		lock_release(&lock);
	}
	relay_stop(relay);
}

/* lock.c calls this. */
int
__wrap_nanosleep(const struct timespec *span, struct timespec *left)
{
	return __real_nanosleep(wakes_late ? &LATE : span, left);
}

static int
write_late(void *arg)
{
	struct relay *relay = arg;
	struct lock lock;

	wakes_late = true;
	CHILD_REQUIRE(lock_acquire(&lock, relay->path, LOCK_EXCLUSIVE,
			  deadline_in(LONG), NULL) == ERR_OK);
	lock_release(&lock);
	return 0;
}

/*
 * On a busy machine a writer sleeps for far longer than it wants to. Readers
 * must not come in before it has looked whether the last ones have left.
 */
static void
test_readers_do_not_starve_a_writer_that_wakes_late(void **state)
{
	struct relay *relay = relay_start(make_file(*state));

	child_expect_success(child_start(write_late, relay));
	relay_stop(relay);
}

static int
read_in_a_stream(void *arg)
{
	struct lock lock;

	for (;;) {
		CHILD_REQUIRE(lock_acquire(&lock, arg, LOCK_SHARED,
				  deadline_in(LONG), NULL) == ERR_OK);
		lock_release(&lock);
	}
}

/* As on a busy machine: logins without a pause. */
static void
test_a_writer_gets_through_a_stream_of_readers(void **state)
{
	const char *path = make_file(*state);
	pid_t readers[READERS];
	struct lock lock;

	for (int i = 0; i < READERS; i++)
		readers[i] = child_start(
		    read_in_a_stream, (void *)(uintptr_t)path);
	for (int i = 0; i < 20; i++) {
		assert_ok(lock_acquire(
		    &lock, path, LOCK_EXCLUSIVE, deadline_in(LONG), &why));
		lock_release(&lock);
	}
	for (int i = 0; i < READERS; i++)
		child_kill(readers[i]);
}

#define LOCK_TEST(test)                                                        \
	cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    LOCK_TEST(test_readers_do_not_starve_a_writer),
	    LOCK_TEST(test_readers_do_not_starve_a_writer_that_wakes_late),
	    LOCK_TEST(test_a_writer_gets_through_a_stream_of_readers),
	};

	return unit_run(tests);
}
