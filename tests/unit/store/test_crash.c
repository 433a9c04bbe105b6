/*
 * What reaches the disk, and when: each step of a change fails, or is the last
 * one (disk.h).
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/deadline.h"
#include "check/check.h"
#include "lib/disk.h"
#include "lib/scratch.h"
#include "lib/unit.h"
#include "tdb/db.h"

#define MOST_CALLS 500 /* of one transaction; it makes about twenty */

/* A change of a record and an index that makes the file grow. */
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

/* The store is intact, in the old state or in the new one. */
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
	memset(&disk, 0, sizeof(disk));
	change->scratch = scratch;
	sample_record(&change->old, "alice", "laptop");
	sample_largest(&change->added);
	strcpy(change->added.user, "alice");
	assert_ok(sample_add(scratch, &change->old));
	assert_false(is_changed(change, STORE_READ));
	memset(&disk, 0, sizeof(disk));
}

static int
change_until_killed(void *arg)
{
	const struct change *change = arg;

	memset(&disk, 0, sizeof(disk));
	disk.kill_at = change->kill_at;
	CHILD_REQUIRE(make_change(change) == ERR_OK);
	return 0;
}

/* Puts the store back as it was. */
static void
restore(const struct scratch *scratch, const uint8_t *bytes, size_t len)
{
	scratch_write(scratch_database(scratch), bytes, len, 0600);
}

/* Kills a writer at each of its calls; true once it finishes before that. */
static bool
kill_at(struct change *change, unsigned at, enum store_mode mode, bool *changed)
{
	int status;

	change->kill_at = at;
	status = child_wait(child_start(change_until_killed, change));
	assert_true(WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL
					: WEXITSTATUS(status) == 0);
	/* The next process finds it intact, be it a reader or a writer. */
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
	/* It was killed in many places, and at the end not at all. */
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
 * Makes the change while the call fails; false if there was no such call. What
 * was acknowledged is there, and what was not is not. Only if the sync after
 * the last write fails, the new state remains.
 */
static bool
fail_at(const struct change *change, unsigned at, unsigned last, int error)
{
	enum err rc;
	bool reached, changed;

	memset(&disk, 0, sizeof(disk));
	memset(&why, 0, sizeof(why));
	disk.fail_at = at;
	disk.error = error;
	rc = make_change(change);
	reached = disk.calls >= at;
	disk.fail_at = 0;
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
	memset(&disk, 0, sizeof(disk));
	assert_ok(make_change(&change));
	last = disk.calls;
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

/* Whether the first record of a new database was acknowledged. */
static bool
put_first(const char *path)
{
	struct db *db;
	enum err rc;

	if (db_create(&db, path, &why) != ERR_OK)
		return false;
	rc = db_begin(db, &why);
	if (rc == ERR_OK)
		rc = db_put(db, "k", 1, (const uint8_t *)"v", 1, &why);
	if (rc == ERR_OK)
		rc = db_commit(db, &why);
	db_close(db);
	return rc == ERR_OK;
}

static enum err
count_record(const char *key, size_t key_len, const uint8_t *value, size_t len,
    void *arg)
{
	(void)key, (void)key_len, (void)value, (void)len;
	++*(int *)arg;
	return ERR_OK;
}

static bool
has_first(const char *path)
{
	struct db *db;
	int count = 0;

	if (db_open(&db, path, DB_WRITE, &why) != ERR_OK)
		return false;
	assert_ok(db_each(db, count_record, &count, &why));
	db_close(db);
	return count == 1;
}

/*
 * A disk that becomes unreadable at some moment. After the file has grown,
 * libtdb reads once more before it removes its recovery record. If that fails,
 * it keeps the record, which the next process to open it would use to undo the
 * change, and reports success.
 */
static void
test_a_disk_that_goes_blind(void **state)
{
	const char *path = scratch_path(*state, "fresh");
	unsigned at = 0;
	bool reached = true;

	while (reached) {
		bool acknowledged;

		memset(&disk, 0, sizeof(disk));
		disk.blind_at = ++at;
		acknowledged = put_first(path);
		disk.blind_at = 0;
		reached = disk.reads >= at;
		assert_int_equal(has_first(path), acknowledged);
		assert_true(unlink(path) == 0 || errno == ENOENT);
	}
	assert_in_range(at, 10, MOST_CALLS);
}

/* Nor is what check could not read taken for sound. */
static void
test_check_notices_each_bad_spot(void **state)
{
	const struct scratch *scratch = *state;
	struct change change;
	unsigned at = 0;
	bool reached = true;

	start_change(&change, scratch);
	while (reached) {
		struct check_report report;
		enum err rc;

		memset(&disk, 0, sizeof(disk));
		disk.blind_at = ++at;
		disk.blinks = true;
		rc = check_store(
		    &report, &scratch->config, deadline_in(0), &why);
		reached = disk.reads >= at;
		disk.blind_at = 0;
		assert_int_equal(
		    rc != ERR_OK || report.findings.count > 0, reached);
		check_report_free(&report);
	}
	assert_in_range(at, 5, MOST_CALLS);
}

static void
test_a_creation_survives_interruptions(void **state)
{
	const char *path = scratch_path(*state, "fresh");
	unsigned at = 0;

	do {
		struct db *db;

		memset(&disk, 0, sizeof(disk));
		disk.fail_at = ++at;
		disk.error = EINTR;
		assert_ok(db_create(&db, path, &why));
		db_close(db);
		assert_int_equal(unlink(path), 0);
	} while (disk.calls >= at);
	assert_in_range(at, 2, MOST_CALLS);
}

/* How often a commit syncs. */
static unsigned
count_syncs(const struct scratch *scratch)
{
	struct record record;

	sample_record(&record, "alice", "laptop");
	memset(&disk, 0, sizeof(disk));
	assert_ok(sample_add(scratch, &record));
	return disk.syncs;
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

/* A login only reads, and must work on a disk that is full or broken. */
static void
test_reading_writes_and_syncs_nothing(void **state)
{
	struct change change;

	start_change(&change, *state);
	assert_false(is_changed(&change, STORE_READ));
	assert_int_equal(disk.calls, 0);
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
	    CRASH_TEST(test_a_disk_that_goes_blind),
	    CRASH_TEST(test_check_notices_each_bad_spot),
	    CRASH_TEST(test_a_creation_survives_interruptions),
	    CRASH_TEST(test_the_environment_does_not_turn_syncs_off),
	    CRASH_TEST(test_reading_writes_and_syncs_nothing),
	};

	return unit_run(tests);
}
