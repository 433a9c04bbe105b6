/*
 * Trouble refuses tokens and nothing but tokens: each kind, at each hook, with
 * a token, with a password and with neither.
 */
#include "troubles.h"

static char token[TOKEN_LEN + 1];

/* Each trouble in a separate host. */
static void
with_trouble(const struct trouble *trouble,
    void (*check)(struct host *host, const struct trouble *trouble), bool early)
{
	struct host *host;
	void *state;

	assert_int_equal(host_setup(&state), 0);
	host = state;
	host_issue(host, token, NULL);
	if (early)
		trouble->make(host);
	check(host, trouble);
	trouble_relieve();
	assert_int_equal(host_teardown(&state), 0);
}

static void
expect_token_refused(struct host *host, const struct trouble *trouble)
{
	host_start(host, ALICE, token);
	assert_row(trouble->name, host_authenticate(host) == PAM_PERM_DENIED);
}

static void
test_token(void **state)
{
	(void)state;
	for (size_t i = 0; i < TROUBLE_COUNT; i++)
		with_trouble(&TROUBLES[i], expect_token_refused, true);
}

static void
expect_password_untouched(struct host *host, const struct trouble *trouble)
{
	host_start(host, ALICE, "secret");
	assert_row(trouble->name, host_authenticate(host) == PAM_AUTH_ERR);
	assert_row(trouble->name, host_account(host) == PAM_IGNORE);
	assert_row(trouble->name, host_setcred(host) == PAM_IGNORE);
	assert_row(trouble->name, host_open_session(host) == PAM_SUCCESS);
	assert_row(trouble->name, host_close_session(host) == PAM_SUCCESS);
}

static void
test_password(void **state)
{
	(void)state;
	for (size_t i = 0; i < TROUBLE_COUNT; i++)
		with_trouble(&TROUBLES[i], expect_password_untouched, true);
}

static void
expect_key_untouched(struct host *host, const struct trouble *trouble)
{
	host_start(host, ALICE, NULL);
	assert_row(trouble->name, host_account(host) == PAM_IGNORE);
	assert_row(trouble->name, host_setcred(host) == PAM_IGNORE);
	assert_row(trouble->name, host_open_session(host) == PAM_SUCCESS);
}

static void
test_key(void **state)
{
	(void)state;
	for (size_t i = 0; i < TROUBLE_COUNT; i++)
		with_trouble(&TROUBLES[i], expect_key_untouched, true);
}

/* Trouble that comes between authenticate and account. */
static void
expect_refused_later(struct host *host, const struct trouble *trouble)
{
	host_start(host, ALICE, token);
	assert_int_equal(host_authenticate(host), PAM_SUCCESS);
	if (trouble->in_stack)
		return; /* test_lines has these */
	trouble->make(host);
	assert_row(trouble->name, host_account(host) == PAM_PERM_DENIED);
	assert_row(trouble->name, host_setcred(host) == PAM_PERM_DENIED);
	assert_row(trouble->name, host_open_session(host) == PAM_SESSION_ERR);
}

static void
test_later(void **state)
{
	(void)state;
	for (size_t i = 0; i < TROUBLE_COUNT; i++)
		with_trouble(&TROUBLES[i], expect_refused_later, false);
}

/* A bad option on one line only. */
static void
expect_line_refused(struct host *host, const struct trouble *trouble)
{
	static const char *const ACCOUNT[] = {"", "bogus", ""};
	static const char *const SESSION[] = {"", "", "bogus"};

	(void)trouble;
	host_write_lines(host, ACCOUNT);
	host_start(host, ALICE, token);
	assert_int_equal(host_authenticate(host), PAM_SUCCESS);
	assert_int_equal(host_account(host), PAM_PERM_DENIED);
	assert_int_equal(host_setcred(host), PAM_PERM_DENIED);
	assert_int_equal(host_open_session(host), PAM_SESSION_ERR);
	host_write_lines(host, SESSION);
	host_start(host, ALICE, token);
	assert_int_equal(host_authenticate(host), PAM_SUCCESS);
	assert_int_equal(host_account(host), PAM_SUCCESS);
	assert_int_equal(host_setcred(host), PAM_SUCCESS);
	assert_int_equal(host_open_session(host), PAM_SESSION_ERR);
}

static void
test_lines(void **state)
{
	(void)state;
	with_trouble(&TROUBLES[0], expect_line_refused, false);
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
	    cmocka_unit_test(test_token),
	    cmocka_unit_test(test_password),
	    cmocka_unit_test(test_key),
	    cmocka_unit_test(test_later),
	    cmocka_unit_test(test_lines),
	};

	return unit_run(TESTS);
}
