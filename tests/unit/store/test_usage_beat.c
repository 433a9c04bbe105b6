/* usage_beat.h: the beat in usage.tdb, and what keeps it from being written. */
#include "store/usage_beat.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/deadline.h"
#include "lib/scratch.h"
#include "lib/unit.h"
#include "store/last_use.h"

#define ID "0123456789"
#define HOUR INT64_C(3600)

enum err __wrap_boot_read(char boot[BOOT_LEN + 1], struct error *to);
int __real_fallocate(int fd, int mode, off_t offset, off_t len);
int __wrap_fallocate(int fd, int mode, off_t offset, off_t len);
int __wrap_fallocate64(int fd, int mode, off_t offset, off_t len);

static const char *boot;
static int disk_error;

enum err
__wrap_boot_read(char text[BOOT_LEN + 1], struct error *to)
{
	(void)to;
	strcpy(text, boot);
	return ERR_OK;
}

int
__wrap_fallocate(int fd, int mode, off_t offset, off_t len)
{
	if (disk_error == 0)
		return __real_fallocate(fd, mode, offset, len);
	errno = disk_error;
	return -1;
}

int
__wrap_fallocate64(int fd, int mode, off_t offset, off_t len)
{
	return __wrap_fallocate(fd, mode, offset, len);
}

static int
setup(void **state)
{
	boot = "a boot";
	disk_error = 0;
	return scratch_setup_store(state);
}

static int64_t
soon(void)
{
	return deadline_in(20000);
}

static enum err
beat(const struct scratch *scratch, int64_t now, struct usage_clock *clock)
{
	return usage_beat(&scratch->config, now, 0, false, soon(), clock, &why);
}

static const char *
database(const struct scratch *scratch)
{
	return scratch_path(scratch, "lib/usage.tdb");
}

static void
test_a_beat_is_kept(void **state)
{
	const struct scratch *scratch = *state;
	struct usage_clock clock;

	assert_true(usage_beat_last(&scratch->config, soon()) == 0);
	assert_ok(beat(scratch, NOW, &clock));
	assert_true(clock.born == NOW);
	assert_ok(beat(scratch, NOW + HOUR, &clock));
	assert_true(usage_clock_count(&clock, 0) == HOUR);
	assert_true(usage_beat_last(&scratch->config, soon()) == NOW + HOUR);
	/* It is no token's note, and notes do not touch it. */
	assert_ok(last_use_note(
	    &scratch->config, ID, NOW + HOUR, NULL, "sshd", &why));
	assert_ok(beat(scratch, NOW + 2 * HOUR, &clock));
	assert_true(usage_clock_count(&clock, 0) == 2 * HOUR);
}

static void
test_a_dry_run_foresees_and_writes_nothing(void **state)
{
	const struct scratch *scratch = *state;
	struct usage_clock clock;
	uint8_t *before, *after;
	size_t len, after_len;

	usage_beat_foresee(&scratch->config, NOW, soon(), &clock);
	assert_true(clock.at == 0);
	assert_int_not_equal(access(database(scratch), F_OK), 0);
	assert_ok(beat(scratch, NOW, &clock));
	before = scratch_read(database(scratch), &len);
	usage_beat_foresee(&scratch->config, NOW + HOUR, soon(), &clock);
	assert_true(usage_clock_count(&clock, 0) == HOUR);
	after = scratch_read(database(scratch), &after_len);
	assert_int_equal(len, after_len);
	assert_memory_equal(before, after, len);
	free(before);
	free(after);
}

static void
test_a_full_disk_proves_nothing(void **state)
{
	const struct scratch *scratch = *state;
	struct usage_clock clock;

	assert_ok(beat(scratch, NOW, &clock));
	disk_error = ENOSPC;
	for (int64_t now = NOW + HOUR; now < NOW + 90 * DAY; now += DAY) {
		assert_err(ERR_SYSTEM, beat(scratch, now, &clock));
		assert_says("No space left");
		assert_true(usage_clock_count(&clock, 0) == 0);
	}
	disk_error = 0;
	assert_ok(beat(scratch, NOW + 90 * DAY, &clock));
	assert_true(usage_clock_count(&clock, 0) == 0);
	/* A file system that does not know the call is no full disk. */
	disk_error = EOPNOTSUPP;
	assert_ok(beat(scratch, NOW + 90 * DAY + HOUR, &clock));
	assert_true(usage_clock_count(&clock, 0) == HOUR);
}

static void
test_room_is_taken_before_it_is_needed(void **state)
{
	const struct scratch *scratch = *state;
	struct usage_clock clock;
	struct stat before, after;

	assert_ok(beat(scratch, NOW, &clock));
	assert_int_equal(stat(database(scratch), &before), 0);
	assert_true(before.st_blocks * 512 >= before.st_size / 4 + 65536);
	assert_ok(beat(scratch, NOW + HOUR, &clock));
	assert_int_equal(stat(database(scratch), &after), 0);
	assert_true(before.st_size == after.st_size);
}

static void
test_damage_and_copies_begin_anew(void **state)
{
	const struct scratch *scratch = *state;
	struct usage_clock clock;
	uint8_t *bytes;
	size_t len;

	assert_ok(beat(scratch, NOW, &clock));
	/* So that no other file gets its inode. */
	assert_int_equal(
	    link(database(scratch), scratch_path(scratch, "lib/held")), 0);
	bytes = scratch_read(database(scratch), &len);
	scratch_write(database(scratch), "no database", 11, 0600);
	assert_ok(beat(scratch, NOW + HOUR, &clock));
	assert_true(clock.born == NOW + HOUR);
	/* An older one comes back, under another inode. */
	scratch_write(scratch_path(scratch, "lib/copy"), bytes, len, 0600);
	assert_int_equal(
	    rename(scratch_path(scratch, "lib/copy"), database(scratch)), 0);
	assert_ok(beat(scratch, NOW + 2 * HOUR, &clock));
	assert_true(clock.born == NOW + 2 * HOUR);
	free(bytes);
}

static void
test_a_watch_that_stops_is_remembered(void **state)
{
	const struct scratch *scratch = *state;
	struct usage_clock clock;

	assert_ok(beat(scratch, NOW, &clock));
	assert_ok(usage_beat(
	    &scratch->config, NOW + DAY, 0, true, soon(), &clock, &why));
	boot = "another boot";
	assert_ok(beat(scratch, NOW + 20 * DAY, &clock));
	assert_true(usage_clock_count(&clock, 0) == DAY);
}

static void
test_what_is_forgotten_begins_anew(void **state)
{
	const struct scratch *scratch = *state;
	struct usage_clock clock;
	struct last_use_notes *notes;
	struct last_use usage;

	assert_ok(usage_beat_forget(&scratch->config, soon(), &why));
	assert_ok(beat(scratch, NOW, &clock));
	assert_ok(last_use_note(&scratch->config, ID, NOW, NULL, "sshd", &why));
	assert_ok(usage_beat_forget(&scratch->config, soon(), &why));
	assert_true(usage_beat_last(&scratch->config, soon()) == 0);
	assert_ok(beat(scratch, NOW + HOUR, &clock));
	assert_true(clock.born == NOW + HOUR);
	/* Notes stay. */
	notes = last_use_open(&scratch->config, soon());
	assert_true(last_use_get(notes, ID, &usage));
	last_use_close(notes);
	assert_true(usage.at == NOW);
}

static void
test_without_a_directory(void **state)
{
	const struct scratch *scratch = *state;
	struct config config = scratch->config;
	struct usage_clock clock;

	strcpy(config.directory, "/nonexistent");
	assert_int_not_equal(
	    usage_beat(&config, NOW, 0, false, soon(), &clock, &why), ERR_OK);
	assert_true(clock.at == 0);
}

#define BEAT_TEST(test)                                                        \
	cmocka_unit_test_setup_teardown(test, setup, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    BEAT_TEST(test_a_beat_is_kept),
	    BEAT_TEST(test_a_dry_run_foresees_and_writes_nothing),
	    BEAT_TEST(test_a_full_disk_proves_nothing),
	    BEAT_TEST(test_room_is_taken_before_it_is_needed),
	    BEAT_TEST(test_damage_and_copies_begin_anew),
	    BEAT_TEST(test_a_watch_that_stops_is_remembered),
	    BEAT_TEST(test_what_is_forgotten_begins_anew),
	    BEAT_TEST(test_without_a_directory),
	};

	return unit_run(tests);
}
