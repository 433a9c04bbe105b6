/*
 * Commits and repairs that are killed at a writing call: what they leave is
 * harmless, or complete.
 */
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/broken.h"
#include "lib/disk.h"
#include "lib/unit.h"
#include "tdb/db.h"

#define TOKENS 40
#define MOST_CALLS 2000

static struct record tokens[TOKENS];

/* Forty tokens of eight users. */
static int
setup(void **state)
{
	struct store *store = NULL;
	enum err rc;

	memset(&disk, 0, sizeof(disk));
	if (scratch_setup_store(state) != 0)
		return -1;
	rc = scratch_open(*state, &store, STORE_WRITE);
	for (int i = 0; rc == ERR_OK && i < TOKENS; i++) {
		char user[16], name[16];

		(void)snprintf(user, sizeof(user), "user%d", i % 8);
		(void)snprintf(name, sizeof(name), "name%d", i);
		sample_record(&tokens[i], user, name);
		rc = store_add(store, &tokens[i], &why);
	}
	if (rc == ERR_OK)
		rc = store_commit(store, &why);
	store_close(store);
	return rc == ERR_OK ? 0 : -1;
}

static enum err
read_token(const struct scratch *scratch, const char *id, struct record *record)
{
	struct store *store;
	enum err rc;

	assert_ok(scratch_open(scratch, &store, STORE_READ));
	rc = store_get(store, id, record, &why);
	store_close(store);
	return rc;
}

static void
expect_all_whole(const struct scratch *scratch)
{
	struct record found;

	for (int i = 0; i < TOKENS; i++) {
		assert_ok(read_token(scratch, tokens[i].id, &found));
		assert_true(sample_equal(&found, &tokens[i]));
	}
}

/* A process that is killed during a commit that grows the file, or a repair */
struct work {
	const struct scratch *scratch;
	unsigned kill_at;
	bool repair;
};

/* All the first calls, and some of those that write the content. */
static unsigned
next_call(unsigned at)
{
	return at + (at < 16 ? 1 : 9);
}

static enum err
add_many(const struct scratch *scratch)
{
	struct store *store;
	enum err rc = scratch_open(scratch, &store, STORE_WRITE);

	for (int i = 0; rc == ERR_OK && i < 400; i++) {
		struct record record;
		char user[16];

		(void)snprintf(user, sizeof(user), "new%d", i);
		sample_record(&record, user, "x");
		rc = store_add(store, &record, &why);
	}
	if (rc == ERR_OK)
		rc = store_commit(store, &why);
	store_close(store);
	return rc;
}

static int
do_work(void *arg)
{
	const struct work *work = arg;
	struct repair_report report;

	memset(&disk, 0, sizeof(disk));
	disk.kill_at = work->kill_at;
	if (!work->repair)
		return add_many(work->scratch) != ERR_OK;
	return broken_repair(work->scratch, &report) != ERR_OK;
}

/* Whether it was killed; false once it finishes before that. */
static bool
is_killed(const struct scratch *scratch, bool repair, unsigned at)
{
	struct work work = {scratch, at, repair};
	int status = child_wait(child_start(do_work, &work));

	if (WIFEXITED(status))
		assert_int_equal(WEXITSTATUS(status), 0);
	else
		assert_int_equal(WTERMSIG(status), SIGKILL);
	return WIFSIGNALED(status);
}

static void
test_a_killed_commit_is_harmless(void **state)
{
	size_t len;
	uint8_t *image = scratch_read(scratch_database(*state), &len);
	struct check_report check;
	struct repair_report repair;
	uint64_t orphaned = 0;
	unsigned at;

	for (at = 1; is_killed(*state, false, at); at = next_call(at)) {
		assert_true(at < MOST_CALLS);
		assert_ok(broken_check(*state, &check));
		if (check.findings.count > 0)
			print_error(
			    "call %u: %s\n", at, check.findings.lines[0]);
		assert_int_equal(check.findings.count, 0);
		assert_true(
		    check.tokens == TOKENS || check.tokens == TOKENS + 400);
		orphaned += check.orphaned;
		assert_ok(broken_repair(*state, &repair));
		assert_int_equal(repair.outcome,
		    check.orphaned > 0 ? REPAIR_PACKED : REPAIR_NOTHING);
		assert_int_equal(repair.tokens, check.tokens);
		repair_report_free(&repair);
		check_report_free(&check);
		expect_all_whole(*state);
		assert_ok(broken_check(*state, &check));
		assert_int_equal(check.orphaned, 0);
		check_report_free(&check);
		scratch_write(scratch_database(*state), image, len, 0600);
	}
	assert_true(orphaned > 0);
	free(image);
}

/* What they leave is then in the middle of the file, or reused. */
static void
test_killed_commits_one_after_another(void **state)
{
	struct unit_random random;
	struct check_report check;
	uint64_t orphaned = 0;

	unit_random_start(&random);
	for (int i = 0; i < 15; i++) {
		(void)is_killed(
		    *state, false, 1 + unit_random_below(&random, 250));
		assert_ok(broken_check(*state, &check));
		if (check.findings.count > 0)
			print_error("%s\n", check.findings.lines[0]);
		assert_int_equal(check.findings.count, 0);
		orphaned += check.orphaned;
		check_report_free(&check);
	}
	assert_true(orphaned > 0);
	expect_all_whole(*state);
}

/* Killed in a commit, then the head is damaged: it cannot be undone. */
static void
test_an_interrupted_write_is_in_doubt(void **state)
{
	size_t len;
	uint8_t *image = scratch_read(scratch_database(*state), &len);
	unsigned in_doubt = 0, at = 1;

	for (; is_killed(*state, false, at); at = next_call(at)) {
		struct repair_report report;
		struct record found;

		broken_overwrite(*state, 0, "nothing", 7);
		assert_ok(broken_repair(*state, &report));
		assert_true(report.tokens >= TOKENS);
		assert_true(
		    report.doubtful == 0 || report.doubtful == report.tokens);
		in_doubt += report.doubtful > 0;
		assert_ok(read_token(*state, tokens[0].id, &found));
		assert_int_equal(found.state,
		    report.doubtful > 0 ? RECORD_DEACTIVATED : RECORD_ACTIVE);
		(void)unlink(report.kept);
		repair_report_free(&report);
		scratch_write(scratch_database(*state), image, len, 0600);
	}
	assert_true(in_doubt > 0);
	free(image);
}

static void
remove_kept(const struct scratch *scratch)
{
	glob_t found;

	if (glob(scratch_path(scratch, "lib/*damaged*"), 0, NULL, &found) != 0)
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
		(void)unlink(found.gl_pathv[i]);
	globfree(&found);
}

static void
test_a_killed_repair(void **state)
{
	size_t len;
	uint8_t *image;
	unsigned at;

	broken_overwrite(*state, 0, "nothing", 7);
	image = scratch_read(scratch_database(*state), &len);
	for (at = 1; is_killed(*state, true, at); at = next_call(at)) {
		struct check_report check;
		struct repair_report repair;

		assert_true(at < MOST_CALLS);
		/* The old one, or the new one. */
		assert_ok(broken_check(*state, &check));
		assert_int_equal(check.tokens, TOKENS);
		assert_true(check.findings.count <= 1);
		remove_kept(*state);
		assert_ok(broken_repair(*state, &repair));
		assert_int_equal(repair.outcome,
		    check.findings.count == 1 ? REPAIR_REBUILT
					      : REPAIR_NOTHING);
		check_report_free(&check);
		repair_report_free(&repair);
		expect_all_whole(*state);
		remove_kept(*state);
		scratch_write(scratch_database(*state), image, len, 0600);
	}
	assert_true(at > 10);
	free(image);
}

#define CRASH_TEST(test)                                                       \
	cmocka_unit_test_setup_teardown(test, setup, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CRASH_TEST(test_a_killed_commit_is_harmless),
	    CRASH_TEST(test_killed_commits_one_after_another),
	    CRASH_TEST(test_an_interrupted_write_is_in_doubt),
	    CRASH_TEST(test_a_killed_repair),
	};

	return unit_run(tests);
}
