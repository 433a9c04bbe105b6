#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runs.h"
#include "trial_impl.h"

#define ROUNDS 100 /* logins while the file is truncated */

void
trial_huge(struct trial *trial, off_t size)
{
	const char *path = scratch_database(trial->host->scratch);
	struct stat before, after;

	assert_int_equal(truncate(path, size), 0);
	trial->grown = true;
	assert_int_equal(stat(path, &before), 0);
	trial_log_in_by_core(trial);
	trial_check(trial);
	assert_int_equal(stat(path, &after), 0);
	runs_expect(before.st_size == after.st_size &&
		before.st_blocks == after.st_blocks,
	    "a reader changes nothing");
	trial_repair(trial);
}

/* Logs in again and again while the file is truncated underneath. */
static int
log_in_again(void *arg)
{
	for (int i = 0; i < ROUNDS; i++)
		trial_log_in_by_core(arg);
	return 0;
}

void
trial_cut(struct trial *trial, struct unit_random *random)
{
	const char *path = scratch_database(trial->host->scratch);
	pid_t reader = child_start(log_in_again, trial);
	int status = 0;

	runs_step("logins while the file is cut", ROUNDS * TRIAL_SLACK);
	while (waitpid(reader, &status, WNOHANG) == 0) {
		uint32_t size = (uint32_t)trial->bad.size;

		assert_int_equal(
		    truncate(path, unit_random_below(random, size)), 0);
		scratch_write(path, trial->bad.bytes, trial->bad.size, 0600);
	}
	runs_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0,
	    "a reader survives that the file is cut (%d)", status);
	trial_expect_unchanged(trial, "a reader");
}
