/* The first row of the module's table: authenticate. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "host.h"

#define FAIL_DELAY 2000000

static char token[TOKEN_LEN + 1];

/* Tries the password for alice; the delay must be requested in any case. */
static int
attempt(struct host *host, const char *password)
{
	host->delay = 0;
	host_start(host, ALICE, password);
	return host_authenticate(host);
}

static void
test_accepted(void **state)
{
	struct host *host = *state;

	host_issue(host, token, NULL);
	assert_int_equal(attempt(host, token), PAM_SUCCESS);
	assert_string_equal(host->prompt, "Password: ");
}

static void
test_not_a_token(void **state)
{
	static const char *const PASSWORDS[] = {
	    "", "secret", "atk_", "atk_0123456789", "atk_012345678_x",
	    "atk_01234567890_x", "ATK_012345678_x", " atk_0123456789_x",
	    "atk_012345678u_x",
	    "\b\n\r\177INCORRECT\b\n\r\177INCORRECT", /* sshd: unknown user */
	};
	struct host *host = *state;

	host_issue(host, token, NULL);
	for (size_t i = 0; i < COUNT_OF(PASSWORDS); i++)
		assert_row(
		    PASSWORDS[i], attempt(host, PASSWORDS[i]) == PAM_AUTH_ERR);
	assert_int_equal(attempt(host, NULL), PAM_AUTHINFO_UNAVAIL);
}

static void
test_delay(void **state)
{
	struct host *host = *state;

	/* libpam calls the function only where authentication failed. */
	(void)attempt(host, "secret");
	assert_in_range(host->delay, FAIL_DELAY / 2, FAIL_DELAY * 2);
	host_issue(host, token, NULL);
	token[30] ^= 1;
	(void)attempt(host, token);
	assert_in_range(host->delay, FAIL_DELAY / 2, FAIL_DELAY * 2);
}

static void
test_malformed(void **state)
{
	struct host *host = *state;
	char bad[700];

	host_issue(host, token, NULL);
	for (size_t i = 15; i < TOKEN_LEN; i++) {
		strcpy(bad, token);
		bad[i] = bad[i] == 'x' ? 'y' : 'x';
		assert_row(bad, attempt(host, bad) == PAM_PERM_DENIED);
		bad[i] = '\n';
		assert_row(bad, attempt(host, bad) == PAM_PERM_DENIED);
		bad[i] = '\0';
		assert_row(bad, attempt(host, bad) == PAM_PERM_DENIED);
	}
	for (size_t len = 1; len <= 600 - TOKEN_LEN; len += 100) {
		strcpy(bad, token);
		memset(bad + TOKEN_LEN, 'x', len);
		bad[TOKEN_LEN + len] = '\0';
		assert_row(bad, attempt(host, bad) == PAM_PERM_DENIED);
	}
}

/* Damaged as they are, a directory must not see them. */
static void
test_malformed_in_capitals(void **state)
{
	static const char *const PASSWORDS[] = {"ATK_0123456789_",
	    "ATK_0123456789_x", "aTk_OILABCDEFG_x", "atk_012345678i_x",
	    "ATK_0123456789_ABCDEFGHJKMNPQRSO"};
	struct host *host = *state;

	host_issue(host, token, NULL);
	for (size_t i = 0; i < COUNT_OF(PASSWORDS); i++)
		assert_row(PASSWORDS[i],
		    attempt(host, PASSWORDS[i]) == PAM_PERM_DENIED);
}

static void
for_a_device(struct record *record)
{
	record->is_short = true;
}

/* As it may be typed on a panel. */
static void
type_badly(char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '0')
			*text = 'O';
		else if (*text == '1')
			*text = 'l';
		else if (*text >= 'a' && *text <= 'z')
			*text = (char)(*text - 'a' + 'A');
	}
}

static void
test_short_token(void **state)
{
	struct host *host = *state;
	char typed[TOKEN_LEN + 1], bad[TOKEN_LEN + 1];

	host_issue(host, token, for_a_device);
	assert_int_equal(strlen(token), TOKEN_SHORT_LEN);
	assert_int_equal(attempt(host, token), PAM_SUCCESS);
	strcpy(typed, token);
	type_badly(typed);
	assert_int_equal(attempt(host, typed), PAM_SUCCESS);
	for (size_t i = 15; i < TOKEN_SHORT_LEN; i++) {
		strcpy(bad, typed);
		bad[i] = bad[i] == 'X' ? 'Y' : 'X';
		assert_row(bad, attempt(host, bad) == PAM_PERM_DENIED);
		bad[i] = 'U';
		assert_row(bad, attempt(host, bad) == PAM_PERM_DENIED);
		bad[i] = '\0';
		assert_row(bad, attempt(host, bad) == PAM_PERM_DENIED);
	}
}

static void
test_unknown(void **state)
{
	struct host *host = *state;
	char id[TOKEN_ID_LEN + 1];

	host_issue(host, token, NULL);
	assert_ok(token_make(token, id));
	assert_int_equal(attempt(host, token), PAM_PERM_DENIED);
}

/* The id of one token with the secret of another. */
static void
wrong_digest(struct record *record)
{
	record->digest[0] ^= 1;
}

static void
not_alices(struct record *record)
{
	strcpy(record->user, BOB);
	record->uid = UID_BOB;
}

static void
other_uid(struct record *record)
{
	record->uid = UID_BOB;
}

static void
revoked(struct record *record)
{
	record->state = RECORD_REVOKED;
}

static void
deactivated(struct record *record)
{
	record->state = RECORD_DEACTIVATED;
}

static void
expired(struct record *record)
{
	record->expires = time(NULL);
}

static void
not_yet(struct record *record)
{
	record->starts = time(NULL) + DAY;
}

static void
of_the_future(struct record *record)
{
	record->created.at = time(NULL) + DAY + 60;
}

static void
other_service(struct record *record)
{
	strcpy(record->services, "sshd,probe2,prob");
}

static void
no_service(struct record *record)
{
	record->services[0] = '\0';
}

static void
only_read(struct record *record)
{
	strcpy(record->scopes, "read");
}

static void
only_write(struct record *record)
{
	strcpy(record->scopes, "write,admin");
}

static void
from_elsewhere(struct record *record)
{
	assert_true(network_parse("192.0.2.0/24", &record->from[0]));
	record->from_count = 1;
}

static const struct refusal {
	const char *name;
	void (*change)(struct record *record);
} REFUSALS[] = {
    {"wrong digest", wrong_digest},
    {"another's token", not_alices},
    {"another uid", other_uid},
    {"revoked", revoked},
    {"deactivated", deactivated},
    {"expired", expired},
    {"not yet", not_yet},
    {"of the future", of_the_future},
    {"another service", other_service},
    {"no service", no_service},
    {"only read", only_read},
    {"only write", only_write},
    {"from elsewhere", from_elsewhere},
};

static void
test_refused(void **state)
{
	struct host *host = *state;

	for (size_t i = 0; i < COUNT_OF(REFUSALS); i++) {
		host_issue(host, token, REFUSALS[i].change);
		assert_row(
		    REFUSALS[i].name, attempt(host, token) == PAM_PERM_DENIED);
	}
}

/* `any` service, need=read, and an address inside the network. */
static void
test_widened(void **state)
{
	static const char *const INSIDE[] = {
	    "192.0.2.1", "192.0.2.255", "::ffff:192.0.2.7"};
	static const char *const OUTSIDE[] = {
	    "192.0.3.1", "host.example.org", "", "192.0.2.1.example.org"};
	struct host *host = *state;

	host_write_stack(host, "need=read");
	host_issue(host, token, only_read);
	assert_int_equal(attempt(host, token), PAM_SUCCESS);
	host_issue(host, token, from_elsewhere);
	for (size_t i = 0; i < COUNT_OF(INSIDE); i++) {
		host_start(host, ALICE, token);
		(void)pam_set_item(host->pamh, PAM_RHOST, INSIDE[i]);
		assert_row(INSIDE[i], host_authenticate(host) == PAM_SUCCESS);
	}
	for (size_t i = 0; i < COUNT_OF(OUTSIDE); i++) {
		host_start(host, ALICE, token);
		(void)pam_set_item(host->pamh, PAM_RHOST, OUTSIDE[i]);
		assert_row(
		    OUTSIDE[i], host_authenticate(host) == PAM_PERM_DENIED);
	}
}

static void
test_need(void **state)
{
	struct host *host = *state;

	host_issue(host, token, only_write);
	host_write_stack(host, "need=write");
	assert_int_equal(attempt(host, token), PAM_SUCCESS);
	host_write_stack(host, "need=write,admin");
	assert_int_equal(attempt(host, token), PAM_SUCCESS);
	host_write_stack(host, "need=write,admin,read");
	assert_int_equal(attempt(host, token), PAM_PERM_DENIED);
}

static void
test_accounts(void **state)
{
	static const struct {
		const char *shadow;
		int code;
	} ROWS[] = {
	    {"$y$hash:20000::::::", PAM_SUCCESS},
	    {"!:20000::::::", PAM_SUCCESS},
	    {"!!:20000::::::", PAM_SUCCESS},
	    {"*:20000::::::", PAM_SUCCESS},
	    {"$y$hash:0::::::", PAM_SUCCESS},
	    {"!$y$hash:20000::::::", PAM_PERM_DENIED},
	    {"!*:20000::::::", PAM_PERM_DENIED},
	    {"$y$hash:20000:::::1:", PAM_PERM_DENIED},
	    {"$y$hash:20000:::::0:", PAM_PERM_DENIED},
	    {"$y$hash:100:0:10:7:5::", PAM_PERM_DENIED},
	    {"$y$hash:100:0:10:7:::", PAM_SUCCESS},
	};
	struct host *host = *state;

	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		users_set_shadow(ROWS[i].shadow);
		/*
		 * Another token each time: a disabled account loses all of
		 * them.
		 */
		host_issue(host, token, NULL);
		assert_row(
		    ROWS[i].shadow, attempt(host, token) == ROWS[i].code);
	}
}

/* A failed look-up proves nothing, and accepts nobody. */
static void
test_failing_lookup(void **state)
{
	static const int ERRORS[] = {EIO, EMFILE, ENOMEM, EAGAIN, ERANGE};
	struct host *host = *state;

	host_issue(host, token, NULL);
	for (size_t i = 0; i < COUNT_OF(ERRORS); i++) {
		users_fail(ERRORS[i]);
		assert_int_equal(attempt(host, token), PAM_PERM_DENIED);
	}
	users_fail(0);
	assert_int_equal(attempt(host, token), PAM_SUCCESS);
}

/* An unknown account: refused, whoever owns the token. */
static void
test_unknown_account(void **state)
{
	struct host *host = *state;

	host_issue(host, token, NULL);
	host_start(host, "mallory", token);
	assert_int_equal(host_authenticate(host), PAM_PERM_DENIED);
	host_start(host, BOB, token);
	assert_int_equal(host_authenticate(host), PAM_PERM_DENIED);
}

/* A second attempt in a transaction is independent of the first. */
static void
test_second_attempt(void **state)
{
	struct host *host = *state;

	host_issue(host, token, NULL);
	assert_int_equal(attempt(host, token), PAM_SUCCESS);
	assert_int_equal(host_account(host), PAM_SUCCESS);
	(void)pam_set_item(host->pamh, PAM_AUTHTOK, NULL);
	host->password = "secret";
	assert_int_equal(host_authenticate(host), PAM_AUTH_ERR);
	assert_int_equal(host_account(host), PAM_IGNORE);
	assert_int_equal(host_setcred(host), PAM_IGNORE);
	assert_int_equal(host_open_session(host), PAM_SUCCESS);
}

#define HOST_TEST(function)                                                    \
	cmocka_unit_test_setup_teardown(function, host_setup, host_teardown)

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
	    HOST_TEST(test_accepted),
	    HOST_TEST(test_not_a_token),
	    HOST_TEST(test_delay),
	    HOST_TEST(test_malformed),
	    HOST_TEST(test_malformed_in_capitals),
	    HOST_TEST(test_short_token),
	    HOST_TEST(test_unknown),
	    HOST_TEST(test_refused),
	    HOST_TEST(test_widened),
	    HOST_TEST(test_need),
	    HOST_TEST(test_accounts),
	    HOST_TEST(test_failing_lookup),
	    HOST_TEST(test_unknown_account),
	    HOST_TEST(test_second_attempt),
	};

	return unit_run(TESTS);
}
