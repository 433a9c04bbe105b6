/*
 * What reaches the disk, and when: the functions by which libtdb writes are
 * replaced by ours, which count, fail, or kill the process at the nth call.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scratch.h"
#include "unit.h"

#define EXPORTED __attribute__((visibility("default")))
#define MOST_CALLS 500 /* of one transaction; it makes about twenty */

/* What to do at the nth call from now; 0 is nothing. */
static struct {
	unsigned kill_at, fail_at;
	unsigned calls, syncs;
	int error; /* of the call that fails */
} plan;

/* Counts a call; true if it is to fail. */
static bool
count_call(void)
{
	plan.calls++;
	if (plan.calls == plan.kill_at)
		(void)raise(SIGKILL);
	if (plan.calls != plan.fail_at)
		return false;
	errno = plan.error;
	return true;
}

#define REAL(type, name) ((type)(uintptr_t)dlsym(RTLD_NEXT, name))

typedef ssize_t pwrite_function(int, const void *, size_t, off_t);
typedef ssize_t write_function(int, const void *, size_t);
typedef int truncate_function(int, off_t);
typedef int sync_function(int);
typedef int msync_function(void *, size_t, int);

EXPORTED ssize_t
pwrite(int fd, const void *bytes, size_t len, off_t at)
{
	if (count_call())
		return -1;
	return REAL(pwrite_function *, "pwrite")(fd, bytes, len, at);
}

EXPORTED ssize_t
pwrite64(int fd, const void *bytes, size_t len, off64_t at)
{
	return pwrite(fd, bytes, len, at);
}

EXPORTED ssize_t
write(int fd, const void *bytes, size_t len)
{
	if (count_call())
		return -1;
	return REAL(write_function *, "write")(fd, bytes, len);
}

EXPORTED int
ftruncate(int fd, off_t len)
{
	if (count_call())
		return -1;
	return REAL(truncate_function *, "ftruncate")(fd, len);
}

EXPORTED int
ftruncate64(int fd, off64_t len)
{
	return ftruncate(fd, len);
}

EXPORTED int
fsync(int fd)
{
	plan.syncs++;
	if (count_call())
		return -1;
	return REAL(sync_function *, "fsync")(fd);
}

EXPORTED int
fdatasync(int fd)
{
	plan.syncs++;
	if (count_call())
		return -1;
	return REAL(sync_function *, "fdatasync")(fd);
}

EXPORTED int
msync(void *start, size_t len, int flags)
{
	plan.syncs++;
	if (count_call())
		return -1;
	return REAL(msync_function *, "msync")(start, len, flags);
}

/* A change that touches a record and an index, and lets the file grow. */
struct change {
	const struct scratch *scratch;
	struct record old, added;
	unsigned kill_at;
};

static enum err
make_change(const struct change *change)
{
	struct record changed = change->old;
	struct store *store;
	enum err rc = scratch_open(change->scratch, &store, STORE_WRITE);

	strcpy(changed.description, "changed");
	if (rc == ERR_OK)
		rc = store_put(store, &changed, &why);
	if (rc == ERR_OK)
		rc = store_add(store, &change->added, &why);
	if (rc == ERR_OK)
		rc = store_commit(store, &why);
	store_close(store);
	return rc;
}

/* The store is whole, in the old state or in the new one. */
static bool
is_changed(const struct change *change, enum store_mode mode)
{
	struct record old, added;
	struct index index;
	struct store *store;
	bool changed;
	enum err rc;

	assert_ok(scratch_open(change->scratch, &store, mode));
	assert_ok(store_get(store, change->old.id, &old, &why));
	changed = strcmp(old.description, "changed") == 0;
	rc = store_get(store, change->added.id, &added, &why);
	assert_err(changed ? ERR_OK : ERR_NOT_FOUND, rc);
	assert_ok(store_get_index(store, "alice", &index, &why));
	assert_int_equal(index.count, changed ? 2 : 1);
	index_free(&index);
	store_close(store);
	return changed;
}

static void
start_change(struct change *change, const struct scratch *scratch)
{
	memset(&plan, 0, sizeof(plan));
	change->scratch = scratch;
	sample_record(&change->old, "alice", "laptop");
	sample_largest(&change->added);
	strcpy(change->added.user, "alice");
	assert_ok(sample_add(scratch, &change->old));
	assert_false(is_changed(change, STORE_READ));
	memset(&plan, 0, sizeof(plan));
}

static int
change_until_killed(void *arg)
{
	const struct change *change = arg;

	memset(&plan, 0, sizeof(plan));
	plan.kill_at = change->kill_at;
	CHILD_REQUIRE(make_change(change) == ERR_OK);
	return 0;
}

/* Puts the store back as it was. */
static void
restore(const struct scratch *scratch, const uint8_t *bytes, size_t len)
{
	scratch_write(scratch_database(scratch), bytes, len, 0600);
}

/* Kills a writer at each of its calls; true once it was not reached. */
static bool
kill_at(struct change *change, unsigned at, enum store_mode mode, bool *changed)
{
	int status;

	change->kill_at = at;
	status = child_wait(child_start(change_until_killed, change));
	assert_true(WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL
					: WEXITSTATUS(status) == 0);
	/* The next one finds it whole, be it a reader or a writer. */
	*changed = is_changed(change, mode);
	assert_int_equal(is_changed(change, STORE_READ), *changed);
	return WIFEXITED(status);
}

static void
kill_everywhere(const struct scratch *scratch, enum store_mode mode)
{
	struct change change;
	size_t len;
	uint8_t *bytes;
	bool done = false, changed = false;
	unsigned at = 0, recovered = 0;

	start_change(&change, scratch);
	bytes = scratch_read(scratch_database(scratch), &len);
	while (!done && at < MOST_CALLS) {
		restore(scratch, bytes, len);
		done = kill_at(&change, ++at, mode, &changed);
		recovered += !done;
	}
	/* It was killed at many places, and in the end not at all. */
	assert_true(done);
	assert_true(changed);
	assert_in_range(recovered, 10, MOST_CALLS);
	free(bytes);
}

static void
test_a_killed_writer_leaves_old_or_new_to_readers(void **state)
{
	kill_everywhere(*state, STORE_READ);
}

static void
test_a_killed_writer_leaves_old_or_new_to_writers(void **state)
{
	kill_everywhere(*state, STORE_WRITE);
}

/*
 * Makes the change while the call fails; false if there was no such call.
 * What was acknowledged is there, and what was not is not. Only the sync after
 * the last write comes too late for the old state.
 */
static bool
fail_at(const struct change *change, unsigned at, unsigned last, int error)
{
	enum err rc;
	bool reached, changed;

	memset(&plan, 0, sizeof(plan));
	memset(&why, 0, sizeof(why));
	plan.fail_at = at;
	plan.error = error;
	rc = make_change(change);
	reached = plan.calls >= at;
	plan.fail_at = 0;
	assert_int_equal(why.text[0] != '\0', rc != ERR_OK);
	changed = is_changed(change, STORE_READ);
	if (rc == ERR_OK)
		assert_true(changed);
	else
		assert_true(!changed || at == last);
	return reached;
}

/* A disk that is full, or fails, at each of the calls. */
static void
fail_everywhere(const struct scratch *scratch, int error)
{
	struct change change;
	size_t len;
	uint8_t *bytes;
	unsigned at = 0, last;

	start_change(&change, scratch);
	bytes = scratch_read(scratch_database(scratch), &len);
	memset(&plan, 0, sizeof(plan));
	assert_ok(make_change(&change));
	last = plan.calls;
	assert_in_range(last, 8, MOST_CALLS);
	do
		restore(scratch, bytes, len);
	while (fail_at(&change, ++at, last, error));
	assert_int_equal(at, last + 1);
	free(bytes);
}

static void
test_a_full_disk_keeps_the_old_state(void **state)
{
	fail_everywhere(*state, ENOSPC);
}

static void
test_a_failing_disk_keeps_the_old_state(void **state)
{
	fail_everywhere(*state, EIO);
}

/* How often a commit syncs. */
static unsigned
count_syncs(const struct scratch *scratch)
{
	struct record record;

	sample_record(&record, "alice", "laptop");
	memset(&plan, 0, sizeof(plan));
	assert_ok(sample_add(scratch, &record));
	return plan.syncs;
}

static void
test_the_environment_does_not_turn_syncs_off(void **state)
{
	unsigned syncs;

	assert_int_equal(unsetenv("TDB_NO_FSYNC"), 0);
	syncs = count_syncs(*state);
	assert_in_range(syncs, 2, MOST_CALLS);
	assert_int_equal(setenv("TDB_NO_FSYNC", "1", 1), 0);
	assert_int_equal(count_syncs(*state), syncs);
	assert_int_equal(unsetenv("TDB_NO_FSYNC"), 0);
}

/* A login reads, and must do so on a disk that is full or broken. */
static void
test_reading_writes_and_syncs_nothing(void **state)
{
	struct change change;

	start_change(&change, *state);
	assert_false(is_changed(&change, STORE_READ));
	assert_int_equal(plan.calls, 0);
}

#define CRASH_TEST(test)                                                       \
	cmocka_unit_test_setup_teardown(                                       \
	    test, scratch_setup_store, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CRASH_TEST(test_a_killed_writer_leaves_old_or_new_to_readers),
	    CRASH_TEST(test_a_killed_writer_leaves_old_or_new_to_writers),
	    CRASH_TEST(test_a_full_disk_keeps_the_old_state),
	    CRASH_TEST(test_a_failing_disk_keeps_the_old_state),
	    CRASH_TEST(test_the_environment_does_not_turn_syncs_off),
	    CRASH_TEST(test_reading_writes_and_syncs_nothing),
	};

	return unit_run(tests);
}
