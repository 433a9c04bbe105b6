/* A token that may have so many sessions at a time only. */
#include <stdio.h>
#include <sys/stat.h>

#include "host.h"

static char token[TOKEN_LEN + 1];

/* Another connection to the same service; host_teardown ends the first one. */
static struct host other;

static void
max_one(struct record *record)
{
	record->max_sessions = 1;
}

static void
max_two(struct record *record)
{
	record->max_sessions = 2;
}

static void
revoke(struct record *record)
{
	record->state = RECORD_REVOKED;
}

static void
bring_back(struct record *record)
{
	record->state = RECORD_ACTIVE;
}

static int
setup(void **state)
{
	int failed = host_setup(state);

	if (failed == 0) {
		other = *(struct host *)*state;
		other.pamh = NULL;
	}
	return failed;
}

static int
teardown(void **state)
{
	if (other.pamh != NULL)
		(void)pam_end(other.pamh, PAM_SUCCESS);
	return host_teardown(state);
}

static void
log_in(struct host *host)
{
	host_start(host, ALICE, token);
	assert_int_equal(host_authenticate(host), PAM_SUCCESS);
	assert_int_equal(host_account(host), PAM_SUCCESS);
	assert_int_equal(host_setcred(host), PAM_SUCCESS);
}

static void
expect_in(struct host *host)
{
	assert_int_equal(host_open_session(host), PAM_SUCCESS);
}

static void
expect_out(struct host *host)
{
	assert_int_equal(host_open_session(host), PAM_SESSION_ERR);
	assert_int_equal(host_close_session(host), PAM_SESSION_ERR);
}

static void
test_the_second_is_refused(void **state)
{
	struct host *host = *state;

	host_issue(host, token, max_one);
	log_in(host);
	log_in(&other);
	expect_in(host);
	expect_out(&other);
	log_in(&other);
	expect_out(&other);
	assert_int_equal(host_close_session(host), PAM_SUCCESS);
	log_in(&other);
	expect_in(&other);
}

/* In one session it is counted once, however often it is opened. */
static void
test_opened_twice(void **state)
{
	struct host *host = *state;

	host_issue(host, token, max_one);
	log_in(host);
	expect_in(host);
	expect_in(host);
}

static void
test_what_is_refused_takes_no_place(void **state)
{
	struct host *host = *state;

	host_issue(host, token, max_one);
	log_in(host);
	log_in(&other);
	host_change(host, token, revoke);
	expect_out(host);
	host_change(host, token, bring_back);
	expect_in(&other);
}

/* What counts is what the token may have when the session begins. */
static void
test_a_limit_that_changes(void **state)
{
	struct host *host = *state;

	host_issue(host, token, max_one);
	log_in(host);
	expect_in(host);
	log_in(&other);
	host_change(host, token, max_two);
	expect_in(&other);
	assert_int_equal(host_close_session(&other), PAM_SUCCESS);
	log_in(&other);
	host_change(host, token, max_one);
	expect_out(&other);
}

/* It would have entered uncounted. */
static void
test_a_limit_that_is_new(void **state)
{
	struct host *host = *state;

	host_issue(host, token, NULL);
	log_in(host);
	host_change(host, token, max_one);
	expect_out(host);
	log_in(host);
	expect_in(host);
}

static void
test_a_list_that_is_lost(void **state)
{
	struct host *host = *state;

	host_issue(host, token, max_one);
	log_in(host);
	scratch_write(host->run, "", 0, 0600);
	expect_out(host);
	assert_int_equal(remove(host->run), 0);
	log_in(host);
	expect_in(host);
}

static void
test_a_lock_that_others_can_open(void **state)
{
	struct host *host = *state;
	char path[sizeof(host->run) + 16];

	host_issue(host, token, max_two);
	log_in(host);
	expect_in(host);
	(void)snprintf(path, sizeof(path), "%s/sessions.lock", host->run);
	assert_int_equal(chmod(path, 0644), 0);
	log_in(&other);
	expect_out(&other);
	host_issue(host, token, NULL);
	log_in(&other);
	expect_in(&other);
}

#define HOST_TEST(function)                                                    \
	cmocka_unit_test_setup_teardown(function, setup, teardown)

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
	    HOST_TEST(test_the_second_is_refused),
	    HOST_TEST(test_opened_twice),
	    HOST_TEST(test_what_is_refused_takes_no_place),
	    HOST_TEST(test_a_limit_that_changes),
	    HOST_TEST(test_a_limit_that_is_new),
	    HOST_TEST(test_a_list_that_is_lost),
	    HOST_TEST(test_a_lock_that_others_can_open),
	};

	return unit_run(TESTS);
}
