/*
 * The successor's first login ends a rotation; and groups of services have the
 * members that the config lists at each login.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "host.h"
#include "lib/rotated.h"

static char token[TOKEN_LEN + 1];

static int
log_in(struct host *host, const char *password)
{
	host_start(host, ALICE, password);
	return host_authenticate(host);
}

/* Rotates the token; token becomes the successor. Returns the old one's. */
static const char *
rotate(struct host *host)
{
	static char old[TOKEN_LEN + 1];
	char id[TOKEN_ID_LEN + 1];

	host_issue(host, token, NULL);
	assert_true(token_parse(token, id));
	strcpy(old, token);
	assert_ok(rotated_start(host->scratch, id, OVERLAP, time(NULL)));
	strcpy(token, rotated.text);
	return old;
}

static void
expect_state(const struct host *host, enum record_state expected)
{
	assert_int_equal(
	    rotated_get(host->scratch, rotated.rotation.predecessor.id).state,
	    expected);
}

static void
test_a_successors_first_login_ends_the_predecessor(void **state)
{
	struct host *host = *state;
	const char *old = rotate(host);
	struct record record;

	assert_int_equal(log_in(host, old), PAM_SUCCESS);
	expect_state(host, RECORD_ACTIVE);
	assert_int_equal(log_in(host, token), PAM_SUCCESS);
	record = rotated_get(host->scratch, rotated.rotation.predecessor.id);
	assert_int_equal(record.state, RECORD_REVOKED);
	assert_string_equal(record.ended.by, "rotation");
	assert_int_equal(log_in(host, old), PAM_PERM_DENIED);
	assert_int_equal(log_in(host, token), PAM_SUCCESS);
	assert_int_equal(host_account(host), PAM_SUCCESS);
}

/* A refused login of the successor does not count. */
static void
test_a_refused_successor_ends_nothing(void **state)
{
	struct host *host = *state;
	const char *old = rotate(host);

	host_start(host, BOB, token);
	assert_int_equal(host_authenticate(host), PAM_PERM_DENIED);
	users_fail(EIO);
	assert_int_equal(log_in(host, token), PAM_PERM_DENIED);
	users_reset();
	expect_state(host, RECORD_ACTIVE);
	assert_int_equal(log_in(host, old), PAM_SUCCESS);
}

/* A login that has begun with the old one is judged again. */
static void
test_a_session_of_the_predecessor(void **state)
{
	struct host *host = *state;
	struct host other = *host;
	const char *old = rotate(host);

	assert_int_equal(log_in(host, old), PAM_SUCCESS);
	other.pamh = NULL;
	assert_int_equal(log_in(&other, token), PAM_SUCCESS);
	(void)pam_end(other.pamh, PAM_SUCCESS);
	assert_int_equal(host_account(host), PAM_PERM_DENIED);
}

/* A reader holds the lock: the login is accepted, and the next one does it. */
static void
test_a_busy_store_puts_it_off(void **state)
{
	struct host *host = *state;
	const char *old = rotate(host);
	int fd = host_hold(scratch_lock(host->scratch), F_RDLCK);

	assert_int_equal(log_in(host, token), PAM_SUCCESS);
	assert_int_equal(host_account(host), PAM_SUCCESS);
	expect_state(host, RECORD_ACTIVE);
	assert_int_equal(log_in(host, old), PAM_SUCCESS);
	assert_int_equal(close(fd), 0);
	assert_int_equal(log_in(host, token), PAM_SUCCESS);
	expect_state(host, RECORD_REVOKED);
	assert_int_equal(log_in(host, old), PAM_PERM_DENIED);
}

/* A write beyond the limit would end the host: SIGXFSZ. */
static void
test_a_file_limit_puts_it_off(void **state)
{
	struct host *host = *state;
	struct rlimit before, limit;

	(void)rotate(host);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = before;
	limit.rlim_cur = (rlim_t)1 << 30;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_int_equal(log_in(host, token), PAM_SUCCESS);
	expect_state(host, RECORD_ACTIVE);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(log_in(host, token), PAM_SUCCESS);
	expect_state(host, RECORD_REVOKED);
}

static void
for_a_group(struct record *record)
{
	strcpy(record->services, "@tests");
}

/* By the group's members at the login, not at the issue. */
static void
test_service_groups(void **state)
{
	struct host *host = *state;

	host_issue(host, token, for_a_group);
	assert_int_equal(log_in(host, token), PAM_PERM_DENIED);
	host_write_config(host, "[services]\ntests = other," SERVICE "\n");
	assert_int_equal(log_in(host, token), PAM_SUCCESS);
	assert_int_equal(host_account(host), PAM_SUCCESS);
	host_write_config(host, "[services]\ntests = other\n");
	assert_int_equal(host_account(host), PAM_PERM_DENIED);
	assert_int_equal(log_in(host, token), PAM_PERM_DENIED);
	host_write_config(host, "[services]\nmore = " SERVICE "\n");
	assert_int_equal(log_in(host, token), PAM_PERM_DENIED);
	host_write_config(host, "[services]\ntests = " SERVICE ",any\n");
	assert_int_equal(log_in(host, token), PAM_PERM_DENIED);
}

#define HOST_TEST(function)                                                    \
	cmocka_unit_test_setup_teardown(function, host_setup, host_teardown)

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
	    HOST_TEST(test_a_successors_first_login_ends_the_predecessor),
	    HOST_TEST(test_a_refused_successor_ends_nothing),
	    HOST_TEST(test_a_session_of_the_predecessor),
	    HOST_TEST(test_a_busy_store_puts_it_off),
	    HOST_TEST(test_a_file_limit_puts_it_off),
	    HOST_TEST(test_service_groups),
	};

	return unit_run(TESTS);
}
