#include "store/last_use.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/deadline.h"
#include "lib/scratch.h"
#include "lib/unit.h"
#include "tdb/db.h"

#define ID "0123456789"
#define OTHER "abcdefghjk"

static const char *
database(const struct scratch *scratch)
{
	return scratch_path(scratch, "lib/usage.tdb");
}

static const char *
lock_file(const struct scratch *scratch)
{
	return scratch_path(scratch, "lib/usage.lock");
}

static enum err
note(const struct scratch *scratch, int64_t now, const char *from)
{
	return last_use_note(&scratch->config, ID, now, from, "sshd", &why);
}

static struct last_use
known(const struct scratch *scratch, const char *id)
{
	struct last_use_notes *notes = last_use_open(
	    &scratch->config, deadline_in(20000));
	struct last_use usage;

	memset(&usage, 0x55, sizeof(usage));
	last_use_get(notes, id, &usage);
	last_use_close(notes);
	return usage;
}

static void
expect(const struct scratch *scratch, int64_t at, uint64_t count,
    const char *from, const char *service)
{
	struct last_use usage = known(scratch, ID);

	assert_true(usage.at == at);
	assert_int_equal(usage.count, count);
	assert_string_equal(usage.from, from);
	assert_string_equal(usage.service, service);
}

static void
expect_nothing(const struct scratch *scratch)
{
	expect(scratch, 0, 0, "", "");
}

static void
test_nothing_is_known_at_first(void **state)
{
	const struct scratch *scratch = *state;

	assert_null(last_use_open(&scratch->config, deadline_in(0)));
	expect_nothing(scratch);
	/* and looking creates nothing */
	assert_int_not_equal(access(database(scratch), F_OK), 0);
	assert_int_not_equal(access(lock_file(scratch), F_OK), 0);
	last_use_close(NULL);
}

static void
test_a_use_is_noted(void **state)
{
	assert_ok(note(*state, NOW, "192.0.2.7"));
	expect(*state, NOW, 1, "192.0.2.7", "sshd");
	assert_int_equal(known(*state, OTHER).at, 0);
	assert_int_equal(known(*state, OTHER).count, 0);
}

static void
test_tokens_are_told_apart(void **state)
{
	const struct scratch *scratch = *state;
	struct last_use usage;

	assert_ok(note(scratch, NOW, "192.0.2.7"));
	assert_ok(last_use_note(
	    &scratch->config, OTHER, NOW + 1, "::1", "vsftpd", &why));
	expect(scratch, NOW, 1, "192.0.2.7", "sshd");
	usage = known(scratch, OTHER);
	assert_true(usage.at == NOW + 1);
	assert_string_equal(usage.from, "::1");
	assert_string_equal(usage.service, "vsftpd");
}

static void
test_once_a_minute(void **state)
{
	assert_ok(note(*state, NOW, "192.0.2.7"));
	assert_ok(note(*state, NOW, "192.0.2.8"));
	assert_ok(note(*state, NOW + 59, "192.0.2.8"));
	expect(*state, NOW, 1, "192.0.2.7", "sshd");
	assert_ok(note(*state, NOW + 60, "192.0.2.8"));
	expect(*state, NOW + 60, 2, "192.0.2.8", "sshd");
	assert_ok(note(*state, NOW + 119, "192.0.2.9"));
	expect(*state, NOW + 60, 2, "192.0.2.8", "sshd");
	assert_ok(note(*state, NOW + 10 * DAY, "192.0.2.9"));
	expect(*state, NOW + 10 * DAY, 3, "192.0.2.9", "sshd");
}

/* Otherwise, a note from the future would stay there until then. */
static void
test_a_clock_that_went_back(void **state)
{
	assert_ok(note(*state, NOW, "192.0.2.7"));
	assert_ok(note(*state, NOW - 1, "192.0.2.8"));
	expect(*state, NOW - 1, 2, "192.0.2.8", "sshd");
}

/* Only valid addresses and services are kept of what a host says. */
static void
test_what_is_kept_of_a_use(void **state)
{
	static const struct {
		const char *from, *kept;
	} FROM[] = {
	    {NULL, ""},
	    {"", ""},
	    {"client.example.org", ""},
	    {"192.0.2.7\n", ""},
	    {"192.0.2.0/24", ""},
	    {"::ffff:192.0.2.7", "192.0.2.7"},
	    {"2001:DB8:0::1", "2001:db8::1"},
	    {"fe80::1%eth0", "fe80::1"},
	    {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
	};
	const struct scratch *scratch = *state;
	int64_t now = NOW;

	for (size_t i = 0; i < COUNT_OF(FROM); i++) {
		now += DAY;
		assert_ok(note(scratch, now, FROM[i].from));
		expect(scratch, now, i + 1, FROM[i].kept, "sshd");
	}
	now += DAY;
	assert_ok(last_use_note(
	    &scratch->config, ID, now, "::1", "not a service", &why));
	expect(scratch, now, COUNT_OF(FROM) + 1, "::1", "");
	/* a shorter value leaves nothing of the longer one */
	now += DAY;
	assert_ok(last_use_note(&scratch->config, ID, now, "::1", "x", &why));
	expect(scratch, now, COUNT_OF(FROM) + 2, "::1", "x");
}

static void
test_only_root_reads_it(void **state)
{
	struct stat st;
	mode_t old = umask(0);

	assert_ok(note(*state, NOW, NULL));
	(void)umask(old);
	assert_int_equal(stat(database(*state), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(stat(lock_file(*state), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
}

/* The lock is tried once: if it is held, a note is lost, but no time. */
static void
test_a_lock_that_is_held(void **state)
{
	struct flock all = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
	int64_t soon;
	int fd;

	assert_ok(note(*state, NOW, "192.0.2.7"));
	fd = open(lock_file(*state), O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_OFD_SETLK, &all), 0);
	soon = deadline_in(20000);
	assert_err(ERR_BUSY, note(*state, NOW + DAY, "192.0.2.8"));
	assert_true(deadline_in(0) < soon);
	/* a reader does not keep out others */
	expect(*state, NOW, 1, "192.0.2.7", "sshd");
	all.l_type = F_WRLCK;
	assert_int_equal(fcntl(fd, F_OFD_SETLK, &all), 0);
	assert_null(last_use_open(
	    &((const struct scratch *)*state)->config, deadline_in(0)));
	assert_int_equal(close(fd), 0);
	assert_ok(note(*state, NOW + DAY, "192.0.2.8"));
	expect(*state, NOW + DAY, 2, "192.0.2.8", "sshd");
}

/* After noting a use, a process does not look at the file for a minute. */
static void
test_a_process_remembers(void **state)
{
	const struct scratch *scratch = *state;

	assert_ok(note(scratch, NOW, NULL));
	assert_int_equal(unlink(database(scratch)), 0);
	assert_ok(note(scratch, NOW + 59, NULL));
	assert_int_equal(access(database(scratch), F_OK), -1);
	assert_ok(note(scratch, NOW + 60, NULL));
	expect(scratch, NOW + 60, 1, "", "sshd");
}

/* It is held only as long as the notes are open. */
static void
test_reading_and_writing_exclude_each_other(void **state)
{
	const struct scratch *scratch = *state;
	struct last_use_notes *notes;

	assert_ok(note(scratch, NOW, NULL));
	notes = last_use_open(&scratch->config, deadline_in(0));
	assert_non_null(notes);
	assert_err(ERR_BUSY, note(scratch, NOW + DAY, NULL));
	last_use_close(notes);
	assert_ok(note(scratch, NOW + DAY, NULL));
}

/*
 * Bytes in place of the database: nothing is known, then it is recreated, if
 * not by the first use, which discovers it by reading, then by the second.
 */
static void
expect_made_anew(
    const struct scratch *scratch, const void *bytes, size_t len, bool at_once)
{
	/* Later each time: a process need not look twice within a minute. */
	static int64_t now = NOW;

	now += DAY;
	scratch_write(database(scratch), bytes, len, 0600);
	expect_nothing(scratch);
	if (note(scratch, now, "192.0.2.7") != ERR_OK) {
		assert_false(at_once);
		assert_ok(note(scratch, now, "192.0.2.7"));
	}
	expect(scratch, now, 1, "192.0.2.7", "sshd");
}

static void
test_a_damaged_database(void **state)
{
	const struct scratch *scratch = *state;
	size_t len;
	uint8_t *bytes;

	assert_ok(note(scratch, NOW, "192.0.2.7"));
	bytes = scratch_read(database(scratch), &len);
	expect_made_anew(scratch, "", 0, true);
	expect_made_anew(scratch, "not a database", 14, true);
	expect_made_anew(scratch, bytes, 1000, true);
	bytes[3] ^= 1;
	expect_made_anew(scratch, bytes, len, true);
	bytes[3] ^= 1;
	memset(bytes + 200, 0xa5, len - 200);
	expect_made_anew(scratch, bytes, len, false);
	free(bytes);
}

/* Writes a value of the token into the database, around last_use.h. */
static void
put(const struct scratch *scratch, const void *value, size_t len)
{
	struct db *db;

	assert_ok(db_open(&db, database(scratch), DB_WRITE, &why));
	assert_ok(db_put(db, ID, strlen(ID), value, len, &why));
	db_close(db);
}

static enum err
copy(const char *key, size_t key_len, const uint8_t *value, size_t len,
    void *arg)
{
	(void)key;
	(void)key_len;
	assert_true(len <= 512);
	memcpy(arg, value, len);
	return ERR_OK;
}

/* Values that no use can have left are never shown, and overwritten. */
static void
test_a_damaged_note(void **state)
{
	const struct scratch *scratch = *state;
	size_t len = 8 + sizeof(struct last_use);
	uint8_t good[512] = {0}, bad[512];
	struct db *db;

	assert_ok(note(scratch, NOW, "192.0.2.7"));
	assert_ok(db_open(&db, database(scratch), DB_READ, &why));
	assert_ok(db_get(db, ID, strlen(ID), copy, good, &why));
	db_close(db);
	put(scratch, good, len - 1);
	expect_nothing(scratch);
	put(scratch, good, len);
	expect(scratch, NOW, 1, "192.0.2.7", "sshd");
	for (size_t i = 0; i < len; i++) {
		struct last_use usage;

		memcpy(bad, good, len);
		bad[i] = 0xff;
		put(scratch, bad, len);
		usage = known(scratch, ID);
		/* damaged or not, it can be shown */
		assert_non_null(memchr(usage.from, 0, sizeof(usage.from)));
		assert_non_null(
		    memchr(usage.service, 0, sizeof(usage.service)));
		assert_true(usage.at >= 0);
		assert_true(parse_is_printable(usage.service, 64) ||
		    usage.service[0] == '\0');
	}
	memcpy(bad, good, len);
	memset(bad + 8 + offsetof(struct last_use, from), '\n', 3);
	put(scratch, bad, len);
	expect_nothing(scratch);
	assert_ok(note(scratch, NOW + DAY, "192.0.2.8"));
	expect(scratch, NOW + DAY, 1, "192.0.2.8", "sshd");
}

/* If it cannot be read, that is an error, and nothing is known. */
static void
test_something_else_in_its_place(void **state)
{
	const char *path = database(*state), *lock = lock_file(*state);
	const char *elsewhere = scratch_path(*state, "elsewhere");
	struct stat st;

	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_not_equal(note(*state, NOW, NULL), ERR_OK);
	expect_nothing(*state);
	assert_int_equal(rmdir(path), 0);
	scratch_write(elsewhere, "mine", 4, 0600);
	assert_int_equal(symlink(elsewhere, path), 0);
	assert_int_not_equal(note(*state, NOW, NULL), ERR_OK);
	expect_nothing(*state);
	assert_int_equal(unlink(path), 0);
	assert_ok(note(*state, NOW, NULL));
	assert_int_equal(unlink(lock), 0);
	assert_int_equal(symlink(elsewhere, lock), 0);
	assert_int_not_equal(note(*state, NOW + DAY, NULL), ERR_OK);
	assert_int_equal(unlink(lock), 0);
	assert_int_equal(mkdir(lock, 0700), 0);
	assert_int_not_equal(note(*state, NOW + DAY, NULL), ERR_OK);
	assert_int_equal(stat(elsewhere, &st), 0);
	assert_int_equal(st.st_size, 4);
}

static void
test_no_store_at_all(void **state)
{
	assert_int_not_equal(note(*state, NOW, NULL), ERR_OK);
	expect_nothing(*state);
}

#define STORE_TEST(test)                                                       \
	cmocka_unit_test_setup_teardown(                                       \
	    test, scratch_setup_store, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(test_nothing_is_known_at_first),
	    STORE_TEST(test_a_use_is_noted),
	    STORE_TEST(test_tokens_are_told_apart),
	    STORE_TEST(test_once_a_minute),
	    STORE_TEST(test_a_clock_that_went_back),
	    STORE_TEST(test_what_is_kept_of_a_use),
	    STORE_TEST(test_only_root_reads_it),
	    STORE_TEST(test_a_lock_that_is_held),
	    STORE_TEST(test_reading_and_writing_exclude_each_other),
	    STORE_TEST(test_a_process_remembers),
	    STORE_TEST(test_a_damaged_database),
	    STORE_TEST(test_a_damaged_note),
	    STORE_TEST(test_something_else_in_its_place),
	    cmocka_unit_test_setup_teardown(
		test_no_store_at_all, scratch_setup, scratch_teardown),
	};

	return unit_run(tests);
}
