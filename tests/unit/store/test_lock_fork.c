/* lock.h within one process: threads, and forks while they hold the lock. */
#include "store/lock.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/deadline.h"
#include "lib/scratch.h"
#include "lib/unit.h"
#include "patient_fork.h"

#define SHORT 50   /* ms until ERR_BUSY where that is expected */
#define LONG 20000 /* ms; only a test that hangs takes this long */
#define THREADS 8
#define TURNS 100

/* Shared by the threads of a test. */
static struct {
	const struct scratch *scratch;
	struct signal_pipe has_it, may_go, child_lives;
	atomic_int inside, errors, turns;
	atomic_bool forked;
} shared;

static int
setup(void **state)
{
	if (scratch_setup_store(state) != 0)
		return -1;
	memset(&shared, 0, sizeof(shared));
	shared.scratch = *state;
	signal_make(&shared.has_it);
	signal_make(&shared.may_go);
	signal_make(&shared.child_lives);
	return 0;
}

static int
teardown(void **state)
{
	signal_close(&shared.has_it);
	signal_close(&shared.may_go);
	signal_close(&shared.child_lives);
	return scratch_teardown(state);
}

static enum err
acquire(struct lock *lock, enum lock_mode mode, int64_t milliseconds)
{
	char path[SCRATCH_PATH];

	(void)snprintf(
	    path, sizeof(path), "%s/lib/lock", shared.scratch->directory);
	return lock_acquire(lock, path, mode, deadline_in(milliseconds), NULL);
}

static void *
take_turns(void *arg)
{
	for (int i = 0; i < TURNS; i++) {
		struct lock lock;
		enum lock_mode mode = (i + (int)(intptr_t)arg) % 2
		    ? LOCK_SHARED
		    : LOCK_EXCLUSIVE;

		if (acquire(&lock, mode, LONG) != ERR_OK) {
			shared.errors++;
			continue;
		}
		/* libtdb allows one open for each process, for reading too */
		if (++shared.inside != 1)
			shared.errors++;
		shared.turns++;
		(void)sched_yield();
		shared.inside--;
		lock_release(&lock);
	}
	return NULL;
}

static void
test_threads_take_turns(void **state)
{
	pthread_t threads[THREADS];

	(void)state;
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, take_turns,
				     (void *)(intptr_t)i),
		    0);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	assert_int_equal(shared.errors, 0);
	assert_int_equal(shared.turns, THREADS * TURNS);
}

static void *
hold(void *arg)
{
	struct lock lock;

	if (acquire(&lock, *(enum lock_mode *)arg, LONG) != ERR_OK)
		abort();
	signal_send(&shared.has_it);
	signal_await(&shared.may_go);
	lock_release(&lock);
	return NULL;
}

static void
test_a_thread_waits_until_its_deadline(void **state)
{
	(void)state;
	for (int mode = LOCK_SHARED; mode <= LOCK_EXCLUSIVE; mode++) {
		enum lock_mode held = (enum lock_mode)mode;
		struct lock lock;
		pthread_t thread;

		assert_int_equal(pthread_create(&thread, NULL, hold, &held), 0);
		signal_await(&shared.has_it);
		assert_err(ERR_BUSY, acquire(&lock, LOCK_SHARED, SHORT));
		assert_err(ERR_BUSY, acquire(&lock, LOCK_EXCLUSIVE, SHORT));
		signal_send(&shared.may_go);
		assert_ok(acquire(&lock, LOCK_EXCLUSIVE, LONG));
		lock_release(&lock);
		assert_int_equal(pthread_join(thread, NULL), 0);
	}
}

/* Forked before this process has the lock: tries when told to. */
static int
expect_busy(void *arg)
{
	struct lock lock;

	(void)arg;
	signal_await(&shared.may_go);
	CHILD_REQUIRE(acquire(&lock, LOCK_SHARED, SHORT) == ERR_BUSY);
	return 0;
}

/* With POSIX locks, closing any descriptor of the file would drop the lock. */
static void
test_a_host_that_opens_the_file_loses_nothing(void **state)
{
	pid_t child = child_start(expect_busy, NULL);
	struct lock lock;
	int fd;

	assert_ok(acquire(&lock, LOCK_EXCLUSIVE, LONG));
	fd = open(scratch_lock(*state), O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(close(fd), 0);
	signal_send(&shared.may_go);
	child_expect_success(child);
	lock_release(&lock);
}

/* posix_spawn and vfork call no fork handlers, so their child has a copy. */
static void
test_a_copy_does_not_keep_what_was_given_up(void **state)
{
	struct lock lock;
	long pid;

	(void)state;
	assert_ok(acquire(&lock, LOCK_EXCLUSIVE, LONG));
	pid = syscall(SYS_clone, (long)SIGCHLD, 0L, 0L, 0L, 0L);
	assert_true(pid >= 0);
	if (pid == 0) {
		signal_await(&shared.may_go);
		_exit(0);
	}
	lock_release(&lock);
	assert_ok(acquire(&lock, LOCK_EXCLUSIVE, LONG));
	lock_release(&lock);
	signal_send(&shared.may_go);
	child_expect_success((pid_t)pid);
}

/* How many descriptors of the store this process has. */
static int
count_descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	struct dirent *entry;
	int count = 0;

	if (directory == NULL)
		return -1;
	while ((entry = readdir(directory)) != NULL) {
		char target[SCRATCH_PATH] = "";

		if (readlinkat(dirfd(directory), entry->d_name, target,
			sizeof(target) - 1) > 0 &&
		    strncmp(target, shared.scratch->directory,
			strlen(shared.scratch->directory)) == 0)
			count++;
	}
	(void)closedir(directory);
	return count;
}

/* The state of the thread that forks: S while it waits. */
static char
forking_state(void)
{
	char path[64], text[512] = "";
	const char *end;
	FILE *file;

	(void)snprintf(
	    path, sizeof(path), "/proc/self/task/%d/stat", (int)patient_fork);
	file = fopen(path, "re");
	if (file == NULL)
		return '?';
	if (fgets(text, sizeof(text), file) == NULL)
		text[0] = '\0';
	(void)fclose(file);
	end = strrchr(text, ')');
	if (end == NULL || end[1] == '\0')
		return '?';
	return end[2];
}

/* Keeps the store open until the other thread's fork waits for it. */
static void *
keep_store_open(void *arg)
{
	struct store *store;

	(void)arg;
	if (scratch_open(shared.scratch, &store, STORE_WRITE) != ERR_OK)
		abort();
	signal_send(&shared.has_it);
	signal_await(&shared.may_go); /* the fork has begun */
	while (!shared.forked && forking_state() != 'S')
		(void)sched_yield();
	store_close(store);
	return NULL;
}

static void
tell_that_fork_begins(void)
{
	if (patient_fork == gettid())
		signal_send(&shared.may_go);
}

static void
note_the_fork(void)
{
	shared.forked = true;
}

static int
use_store(void *arg)
{
	const struct record *record = arg;
	struct record back;
	struct store *store;

	CHILD_REQUIRE(count_descriptors() == 0);
	CHILD_REQUIRE(
	    scratch_open(shared.scratch, &store, STORE_READ) == ERR_OK);
	CHILD_REQUIRE(count_descriptors() > 0); /* the check itself works */
	CHILD_REQUIRE(store_get(store, record->id, &back, &why) == ERR_OK);
	store_close(store);
	CHILD_REQUIRE(count_descriptors() == 0);
	return 0;
}

static void
test_a_fork_waits_and_its_child_can_use_the_store(void **state)
{
	struct record record;
	pthread_t thread;
	pid_t child;

	sample_record(&record, "alice", "laptop");
	assert_ok(sample_add(*state, &record));
	/* Registered after lock.c's, so called before them at a fork. */
	assert_int_equal(
	    pthread_atfork(tell_that_fork_begins, note_the_fork, NULL), 0);
	for (int i = 0; i < 10; i++) {
		shared.forked = false;
		assert_int_equal(
		    pthread_create(&thread, NULL, keep_store_open, NULL), 0);
		signal_await(&shared.has_it);
		patient_fork = gettid();
		child = child_start(use_store, &record);
		assert_int_equal(pthread_join(thread, NULL), 0);
		child_expect_success(child);
		patient_fork = 0;
	}
}

static int
expect_no_store(void *arg)
{
	struct store *store;

	(void)arg;
	CHILD_REQUIRE(
	    scratch_open(shared.scratch, &store, STORE_READ) == ERR_BUSY);
	CHILD_REQUIRE(strstr(why.text, "was forked") != NULL);
	return 0;
}

/* A fork does not hang because of a thread that does; its child notices. */
static void
test_a_fork_that_waits_too_long_goes_on(void **state)
{
	enum lock_mode mode = LOCK_EXCLUSIVE;
	struct store *store;
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, hold, &mode), 0);
	signal_await(&shared.has_it);
	child_expect_success(child_start(expect_no_store, NULL));
	signal_send(&shared.may_go);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_ok(scratch_open(*state, &store, STORE_WRITE));
	store_close(store);
}

/* Lives until the test closes the pipe. */
static int
outlive(void *arg)
{
	char byte;

	(void)arg;
	child_outlive_parent();
	signal_keep(&shared.may_go, SIGNAL_AWAITS);
	signal_send(&shared.child_lives);
	return (int)read(shared.may_go.fds[0], &byte, 1);
}

/* A host that forks a process while one of its threads has the lock. */
static int
fork_under_the_lock(void *arg)
{
	enum lock_mode mode = LOCK_EXCLUSIVE;
	pthread_t thread;

	(void)arg;
	CHILD_REQUIRE(pthread_create(&thread, NULL, hold, &mode) == 0);
	signal_await(&shared.has_it);
	(void)child_start(outlive, NULL);
	(void)pthread_join(thread, NULL);
	return 0;
}

static void
test_a_killed_hosts_lock_is_free_though_its_child_lives(void **state)
{
	pid_t host = child_start(fork_under_the_lock, NULL);
	struct lock lock;
	enum err rc;

	(void)state;
	signal_await(&shared.child_lives);
	assert_err(ERR_BUSY, acquire(&lock, LOCK_SHARED, SHORT));
	child_kill(host);
	rc = acquire(&lock, LOCK_EXCLUSIVE, 1000);
	lock_release(&lock);
	assert_err(ERR_OK, rc);
}

#define FORK_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    FORK_TEST(test_threads_take_turns),
	    FORK_TEST(test_a_thread_waits_until_its_deadline),
	    FORK_TEST(test_a_host_that_opens_the_file_loses_nothing),
	    FORK_TEST(test_a_copy_does_not_keep_what_was_given_up),
	    FORK_TEST(test_a_fork_waits_and_its_child_can_use_the_store),
	    FORK_TEST(test_a_fork_that_waits_too_long_goes_on),
	    FORK_TEST(test_a_killed_hosts_lock_is_free_though_its_child_lives),
	};

	return unit_run(tests);
}
