/* The other rows of the module's table: account, setcred, session. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "host.h"

static char token[TOKEN_LEN + 1];

/* A login that passed authenticate. */
static void
log_in(struct host *host)
{
	host_issue(host, token, NULL);
	host_start(host, ALICE, token);
	assert_int_equal(host_authenticate(host), PAM_SUCCESS);
}

static void
expect_refused_from_now_on(struct host *host)
{
	assert_int_equal(host_setcred(host), PAM_PERM_DENIED);
	assert_int_equal(host_open_session(host), PAM_SESSION_ERR);
	assert_int_equal(host_close_session(host), PAM_SESSION_ERR);
}

static void
revoke(struct record *record)
{
	record->state = RECORD_REVOKED;
}

static void
test_token(void **state)
{
	struct host *host = *state;

	log_in(host);
	assert_int_equal(host_account(host), PAM_SUCCESS);
	assert_int_equal(host_setcred(host), PAM_SUCCESS);
	assert_int_equal(host_open_session(host), PAM_SUCCESS);
	assert_int_equal(host_setcred(host), PAM_SUCCESS);
	assert_int_equal(host_close_session(host), PAM_SUCCESS);
}

/* proftpd opens the session before it establishes credentials. */
static void
test_other_order(void **state)
{
	struct host *host = *state;

	log_in(host);
	assert_int_equal(host_account(host), PAM_SUCCESS);
	assert_int_equal(host_open_session(host), PAM_SUCCESS);
	assert_int_equal(host_setcred(host), PAM_SUCCESS);
}

/* Modules that are asked about accounts decide about those of others. */
static void
test_directory(void **state)
{
	struct host *host = *state;

	log_in(host);
	users_move_alice();
	assert_int_equal(host_account(host), PAM_IGNORE);
	assert_int_equal(host_setcred(host), PAM_SUCCESS);
	assert_int_equal(host_open_session(host), PAM_SUCCESS);
}

static void
test_directory_refused(void **state)
{
	struct host *host = *state;

	log_in(host);
	users_move_alice();
	host_change(host, token, revoke);
	assert_int_equal(host_account(host), PAM_PERM_DENIED);
	expect_refused_from_now_on(host);
}

/* As with a key login: authenticate is not called. */
static void
test_no_token(void **state)
{
	struct host *host = *state;

	host_start(host, ALICE, NULL);
	assert_int_equal(host_account(host), PAM_IGNORE);
	assert_int_equal(host_setcred(host), PAM_IGNORE);
	assert_int_equal(host_open_session(host), PAM_SUCCESS);
	assert_int_equal(host_close_session(host), PAM_SUCCESS);
}

/* sshd: a refused token, and then a key, in one connection. */
static void
test_refused_then_key(void **state)
{
	struct host *host = *state;

	host_issue(host, token, NULL);
	token[40] = token[40] == 'x' ? 'y' : 'x';
	host_start(host, ALICE, token);
	assert_int_equal(host_authenticate(host), PAM_PERM_DENIED);
	assert_int_equal(host_account(host), PAM_IGNORE);
	assert_int_equal(host_setcred(host), PAM_IGNORE);
	assert_int_equal(host_open_session(host), PAM_SUCCESS);
}

/* An accepted token, and then something else, in one transaction. */
static void
test_password_after_a_token(void **state)
{
	static const char *const PASSWORDS[] = {
	    "correct horse", "atk_0123456789_bad"};
	struct host *host = *state;

	for (size_t i = 0; i < COUNT_OF(PASSWORDS); i++) {
		log_in(host);
		host->password = PASSWORDS[i];
		assert_int_not_equal(host_authenticate(host), PAM_SUCCESS);
		assert_int_equal(host_account(host), PAM_IGNORE);
		assert_int_equal(host_setcred(host), PAM_IGNORE);
		assert_int_equal(host_open_session(host), PAM_SUCCESS);
	}
}

static void
test_revoked_meanwhile(void **state)
{
	struct host *host = *state;

	log_in(host);
	host_change(host, token, revoke);
	assert_int_equal(host_account(host), PAM_PERM_DENIED);
	expect_refused_from_now_on(host);
	assert_int_equal(host_account(host), PAM_PERM_DENIED);
}

static void
test_disabled_meanwhile(void **state)
{
	struct host *host = *state;

	log_in(host);
	users_set_shadow("$y$hash:20000:::::1:");
	assert_int_equal(host_account(host), PAM_ACCT_EXPIRED);
	expect_refused_from_now_on(host);
}

/* account needs the scopes that authenticate was told to need. */
static void
only_read(struct record *record)
{
	strcpy(record->scopes, "read");
}

static void
test_scopes_pinned(void **state)
{
	struct host *host = *state;

	log_in(host);
	host_change(host, token, only_read);
	assert_int_equal(host_account(host), PAM_PERM_DENIED);
}

static void
test_user_changed(void **state)
{
	struct host *host = *state;

	log_in(host);
	assert_int_equal(pam_set_item(host->pamh, PAM_USER, BOB), PAM_SUCCESS);
	assert_int_equal(host_account(host), PAM_PERM_DENIED);
	expect_refused_from_now_on(host);
}

static void
test_user_changed_late(void **state)
{
	struct host *host = *state;

	log_in(host);
	assert_int_equal(host_account(host), PAM_SUCCESS);
	assert_int_equal(
	    pam_set_item(host->pamh, PAM_USER, "root"), PAM_SUCCESS);
	expect_refused_from_now_on(host);
}

static void
until_logout(struct record *record)
{
	record->lifetime = RECORD_UNTIL_LOGOUT;
}

/*
 * The list of sessions is lost: what has to end with its session is refused,
 * and not used up by that.
 */
static void
test_a_session_that_cannot_be_listed(void **state)
{
	struct host *host = *state;

	log_in(host);
	scratch_write(host->run, "", 0, 0600);
	assert_int_equal(host_setcred(host), PAM_SUCCESS);
	assert_int_equal(host_open_session(host), PAM_SUCCESS);
	assert_int_equal(remove(host->run), 0);
	host_issue(host, token, until_logout);
	host_start(host, ALICE, token);
	assert_int_equal(host_authenticate(host), PAM_SUCCESS);
	assert_int_equal(host_account(host), PAM_SUCCESS);
	scratch_write(host->run, "", 0, 0600);
	expect_refused_from_now_on(host);
	assert_int_equal(remove(host->run), 0);
	host_start(host, ALICE, token);
	assert_int_equal(host_authenticate(host), PAM_SUCCESS);
	assert_int_equal(host_account(host), PAM_SUCCESS);
	assert_int_equal(host_setcred(host), PAM_SUCCESS);
	assert_int_equal(host_open_session(host), PAM_SUCCESS);
}

/* A host that skips acct_mgmt. */
static void
test_no_account_hook(void **state)
{
	struct host *host = *state;

	log_in(host);
	assert_int_equal(host_setcred(host), PAM_SUCCESS);
	assert_int_equal(host_open_session(host), PAM_SUCCESS);
}

#define HOST_TEST(function)                                                    \
	cmocka_unit_test_setup_teardown(function, host_setup, host_teardown)

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
	    HOST_TEST(test_token),
	    HOST_TEST(test_other_order),
	    HOST_TEST(test_directory),
	    HOST_TEST(test_directory_refused),
	    HOST_TEST(test_no_token),
	    HOST_TEST(test_refused_then_key),
	    HOST_TEST(test_password_after_a_token),
	    HOST_TEST(test_revoked_meanwhile),
	    HOST_TEST(test_disabled_meanwhile),
	    HOST_TEST(test_scopes_pinned),
	    HOST_TEST(test_user_changed),
	    HOST_TEST(test_user_changed_late),
	    HOST_TEST(test_a_session_that_cannot_be_listed),
	    HOST_TEST(test_no_account_hook),
	};

	return unit_run(TESTS);
}
