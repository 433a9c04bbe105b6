/*
 * The last use of a token: an accepted login notes it, and that never fails a
 * login or makes it wait.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/deadline.h"
#include "host.h"
#include "store/last_use.h"

#define ADDRESS "192.0.2.7"

static char token[TOKEN_LEN + 1];
static char id[TOKEN_ID_LEN + 1];

static const char *
notes(const struct host *host)
{
	return scratch_path(host->scratch, "lib/usage.tdb");
}

static const char *
notes_lock(const struct host *host)
{
	return scratch_path(host->scratch, "lib/usage.lock");
}

static void
issue(struct host *host)
{
	host_issue(host, token, NULL);
	assert_true(token_parse(token, id));
}

/* Logs in with a password from an address, and returns authenticate's code. */
static int
log_in(struct host *host, const char *password)
{
	host_start(host, ALICE, password);
	assert_int_equal(
	    pam_set_item(host->pamh, PAM_RHOST, ADDRESS), PAM_SUCCESS);
	return host_authenticate(host);
}

static struct last_use
known(const struct host *host)
{
	return last_use_look(&host->scratch->config, id, deadline_in(20000));
}

static void
note(const struct host *host, int64_t when)
{
	assert_ok(last_use_note(
	    &host->scratch->config, id, when, "::1", "other", &why));
}

static void
test_a_login_is_noted(void **state)
{
	struct host *host = *state;
	int64_t before = time(NULL);
	struct last_use usage;

	issue(host);
	assert_int_equal(log_in(host, token), PAM_SUCCESS);
	usage = known(host);
	assert_true(usage.at >= before && usage.at <= time(NULL));
	assert_int_equal(usage.count, 1);
	assert_string_equal(usage.from, ADDRESS);
	assert_string_equal(usage.service, SERVICE);
}

/* Of one login, by authenticate alone: the other hooks see no secret. */
static void
test_a_login_is_one_use(void **state)
{
	struct host *host = *state;
	int64_t earlier = time(NULL) - 120;

	issue(host);
	assert_int_equal(log_in(host, token), PAM_SUCCESS);
	assert_int_equal(unlink(notes(host)), 0);
	note(host, earlier);
	assert_int_equal(host_account(host), PAM_SUCCESS);
	assert_int_equal(host_setcred(host), PAM_SUCCESS);
	assert_int_equal(host_open_session(host), PAM_SUCCESS);
	assert_int_equal(host_close_session(host), PAM_SUCCESS);
	assert_true(known(host).at == earlier);
	assert_int_equal(known(host).count, 1);
}

static void
test_an_older_note_gives_way(void **state)
{
	struct host *host = *state;
	int64_t earlier = time(NULL) - 3600;

	issue(host);
	note(host, earlier);
	assert_int_equal(log_in(host, token), PAM_SUCCESS);
	assert_true(known(host).at > earlier);
	assert_int_equal(known(host).count, 2);
	assert_string_equal(known(host).service, SERVICE);
}

/* Noted within the minute: not a byte is written. */
static void
test_a_recent_note_stays(void **state)
{
	struct host *host = *state;
	int64_t recent = time(NULL);

	issue(host);
	note(host, recent);
	assert_int_equal(log_in(host, token), PAM_SUCCESS);
	/* In a slow run, the clock may have reached the next minute. */
	if (time(NULL) - recent >= 60)
		unit_skip("this machine is too slow for it");
	assert_true(known(host).at == recent);
	assert_int_equal(known(host).count, 1);
	assert_string_equal(known(host).service, "other");
}

static void
test_what_is_refused_is_no_use(void **state)
{
	struct host *host = *state;
	char wrong[TOKEN_LEN + 1], other[TOKEN_ID_LEN + 1];

	issue(host);
	strcpy(wrong, token);
	wrong[30] = wrong[30] == 'x' ? 'y' : 'x';
	assert_int_equal(log_in(host, wrong), PAM_PERM_DENIED);
	assert_ok(token_make(wrong, other));
	assert_int_equal(log_in(host, wrong), PAM_PERM_DENIED);
	assert_int_equal(log_in(host, "secret"), PAM_AUTH_ERR);
	host_start(host, BOB, token);
	assert_int_equal(host_authenticate(host), PAM_PERM_DENIED);
	users_set_shadow("!$y$hash:20000::::::");
	assert_int_equal(log_in(host, token), PAM_PERM_DENIED);
	assert_int_equal(known(host).at, 0);
	assert_int_not_equal(access(notes(host), F_OK), 0);
}

static void
test_a_lock_that_is_held_costs_a_note(void **state)
{
	static const short TYPES[] = {F_RDLCK, F_WRLCK};
	struct host *host = *state;

	issue(host);
	for (size_t i = 0; i < COUNT_OF(TYPES); i++) {
		int fd = host_hold(notes_lock(host), TYPES[i]);

		assert_int_equal(log_in(host, token), PAM_SUCCESS);
		assert_int_equal(host_account(host), PAM_SUCCESS);
		assert_int_equal(close(fd), 0);
		assert_int_equal(known(host).at, 0);
	}
	assert_int_equal(log_in(host, token), PAM_SUCCESS);
	assert_int_equal(known(host).count, 1);
}

static void
damaged(struct host *host)
{
	scratch_write(notes(host), "not a database", 14, 0600);
}

static void
cut(struct host *host)
{
	note(host, 1);
	assert_int_equal(truncate(notes(host), 1000), 0);
}

static void
a_directory(struct host *host)
{
	assert_int_equal(mkdir(notes(host), 0700), 0);
}

static void
a_link(struct host *host)
{
	assert_int_equal(symlink("/dev/full", notes(host)), 0);
}

static void
for_others(struct host *host)
{
	note(host, 1);
	assert_int_equal(chmod(notes(host), 0666), 0);
}

static void
locks_a_directory(struct host *host)
{
	assert_int_equal(mkdir(notes_lock(host), 0700), 0);
}

static void
locks_a_link(struct host *host)
{
	assert_int_equal(symlink("/dev/full", notes_lock(host)), 0);
}

static void
unwritable(struct host *host)
{
	note(host, 1);
	assert_int_equal(chmod(notes(host), 0400), 0);
	assert_int_equal(chmod(notes_lock(host), 0400), 0);
	assert_int_equal(chmod(host->scratch->config.directory, 0500), 0);
}

static const struct {
	const char *name;
	void (*make)(struct host *host);
} TROUBLES[] = {
    {"notes that are damaged", damaged},
    {"notes that were cut", cut},
    {"a directory in their place", a_directory},
    {"a link in their place", a_link},
    {"notes that others can write", for_others},
    {"a directory in the lock's place", locks_a_directory},
    {"a link in the lock's place", locks_a_link},
    {"a directory that cannot be written", unwritable},
};

static void
test_no_trouble_with_the_notes_fails_a_login(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(TROUBLES); i++) {
		struct host *host;
		void *made;

		assert_int_equal(host_setup(&made), 0);
		host = made;
		issue(host);
		TROUBLES[i].make(host);
		for (int times = 0; times < 3; times++) {
			assert_row(TROUBLES[i].name,
			    log_in(host, token) == PAM_SUCCESS);
			assert_row(TROUBLES[i].name,
			    host_account(host) == PAM_SUCCESS);
		}
		assert_int_equal(host_teardown(&made), 0);
	}
}

static void
test_damaged_notes_are_made_anew(void **state)
{
	struct host *host = *state;

	issue(host);
	damaged(host);
	assert_int_equal(log_in(host, token), PAM_SUCCESS);
	assert_int_equal(known(host).count, 1);
}

#define HOST_TEST(function)                                                    \
	cmocka_unit_test_setup_teardown(function, host_setup, host_teardown)

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
	    HOST_TEST(test_a_login_is_noted),
	    HOST_TEST(test_a_login_is_one_use),
	    HOST_TEST(test_an_older_note_gives_way),
	    HOST_TEST(test_a_recent_note_stays),
	    HOST_TEST(test_what_is_refused_is_no_use),
	    HOST_TEST(test_a_lock_that_is_held_costs_a_note),
	    cmocka_unit_test(test_no_trouble_with_the_notes_fails_a_login),
	    HOST_TEST(test_damaged_notes_are_made_anew),
	};

	return unit_run(TESTS);
}
