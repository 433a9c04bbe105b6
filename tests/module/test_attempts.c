/*
 * Several attempts in a connection, and attempts that do not lead to a session.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "forked.h"

static char token[TOKEN_LEN + 1];

/* No hook handles a token, and nothing is left over. */
static void
expect_no_token(struct host *host)
{
	assert_int_equal(host_setcred(host), PAM_IGNORE);
	assert_int_equal(host_open_session(host), PAM_SUCCESS);
	assert_int_equal(host_setcred(host), PAM_IGNORE);
	assert_int_equal(host_close_session(host), PAM_SUCCESS);
	assert_null(forked_proof(host));
	assert_null(pam_getenv(host->pamh, "APITOKEN_ID"));
	assert_int_equal(forked_count(host), 0);
}

static void
go_on_in_child(struct host *host)
{
	bool opens_first = pam_getenv(host->pamh, "OPENS_FIRST") != NULL;

	(void)(opens_first ? pam_open_session(host->pamh, 0)
			   : pam_setcred(host->pamh, PAM_ESTABLISH_CRED));
	if (pam_getenv(host->pamh, "APITOKEN_ID") == NULL ||
	    pam_getenv(host->pamh, "APITOKEN_HANDOFF") != NULL ||
	    forked_count(host) != 0)
		_exit(1);
}

/*
 * A daemon that forks for each connection runs all hooks in the child: the
 * record for the daemon, which does not need it, is removed.
 */
static void
test_not_needed(void **state)
{
	static const char *const ORDERS[] = {"OPENS_FIRST=", "OPENS_FIRST"};
	struct attempt attempt = {.between = go_on_in_child};
	struct host *host = *state;

	host_issue(host, token, NULL);
	host_start(host, ALICE, token);
	for (size_t i = 0; i < COUNT_OF(ORDERS); i++) {
		attempt.no_return = true;
		(void)pam_putenv(host->pamh, ORDERS[i]);
		forked_attempt(host, &attempt);
		assert_int_equal(attempt.auth, PAM_SUCCESS);
		assert_int_equal(forked_count(host), 0);
	}
}

/* Even if such a child calls no further hook, there is one record at most. */
static void
test_never_fetched(void **state)
{
	struct attempt attempt = {.no_return = true};
	struct host *host = *state;

	host_issue(host, token, NULL);
	host_start(host, ALICE, token);
	for (int i = 0; i < 5; i++) {
		forked_attempt(host, &attempt);
		assert_int_equal(attempt.account, PAM_SUCCESS);
		assert_int_equal(forked_count(host), 1);
	}
}

/* A token that passed auth only, and then a key. */
static void
test_key_after_a_lost_attempt(void **state)
{
	struct attempt attempt = {.no_account = true, .no_return = true};
	struct host *host = *state;

	host_issue(host, token, NULL);
	host_start(host, ALICE, token);
	forked_attempt(host, &attempt);
	assert_int_equal(forked_count(host), 1);
	assert_int_equal(host_account(host), PAM_IGNORE);
	expect_no_token(host);
}

/* And then a password, here or in a child; an invalid token is the same. */
static void
test_password_after_a_lost_attempt(void **state)
{
	static const char *const PASSWORDS[] = {
	    "correct horse", "atk_0123456789_bad"};
	struct attempt attempt = {.no_account = true, .no_return = true};
	struct host *host = *state;

	host_issue(host, token, NULL);
	for (size_t i = 0; i < 2 * COUNT_OF(PASSWORDS); i++) {
		host_start(host, ALICE, token);
		forked_attempt(host, &attempt);
		assert_int_equal(forked_count(host), 1);
		host->password = PASSWORDS[i / 2];
		if (i % 2 == 0)
			assert_int_not_equal(
			    host_authenticate(host), PAM_SUCCESS);
		else
			forked_attempt(host, &attempt);
		expect_no_token(host);
	}
}

/* The proof of an accepted attempt goes with the next one, too. */
static void
test_password_after_an_accepted_attempt(void **state)
{
	struct host *host = *state;

	host_issue(host, token, NULL);
	forked_log_in(host, token);
	host->password = "correct horse";
	assert_int_equal(host_authenticate(host), PAM_AUTH_ERR);
	expect_no_token(host);
}

static void
revoke_token(struct host *host)
{
	struct store *store;
	struct record record;
	char id[TOKEN_ID_LEN + 1];

	(void)token_parse(token, id);
	if (scratch_open(host->scratch, &store, STORE_WRITE) != ERR_OK ||
	    store_get(store, id, &record, &why) != ERR_OK)
		_exit(1);
	record.state = RECORD_REVOKED;
	if (store_put(store, &record, &why) != ERR_OK ||
	    store_commit(store, &why) != ERR_OK)
		_exit(1);
	store_close(store);
}

static void
test_account_takes_it_back(void **state)
{
	struct attempt attempt = {.between = revoke_token};
	struct host *host = *state;

	host_issue(host, token, NULL);
	host_start(host, ALICE, token);
	forked_attempt(host, &attempt);
	assert_int_equal(attempt.auth, PAM_SUCCESS);
	assert_int_equal(attempt.account, PAM_PERM_DENIED);
	assert_int_equal(forked_count(host), 0);
	expect_no_token(host);
}

/* What account leaves alone because the proof says that it is still needed. */
static void
test_account_in_the_parent(void **state)
{
	struct attempt attempt = {.no_account = true};
	struct host *host = *state;

	host_issue(host, token, NULL);
	host_start(host, ALICE, token);
	forked_attempt(host, &attempt);
	assert_int_equal(host_account(host), PAM_IGNORE);
	assert_int_equal(host_setcred(host), PAM_SUCCESS);
	assert_string_equal(
	    pam_getenv(host->pamh, "APITOKEN_SCOPES"), "read,write");
}

#define HOST_TEST(function)                                                    \
	cmocka_unit_test_setup_teardown(                                       \
	    function, host_setup_read, host_teardown)

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
	    HOST_TEST(test_not_needed),
	    HOST_TEST(test_never_fetched),
	    HOST_TEST(test_key_after_a_lost_attempt),
	    HOST_TEST(test_password_after_a_lost_attempt),
	    HOST_TEST(test_password_after_an_accepted_attempt),
	    HOST_TEST(test_account_takes_it_back),
	    HOST_TEST(test_account_in_the_parent),
	};

	return unit_run(TESTS);
}
