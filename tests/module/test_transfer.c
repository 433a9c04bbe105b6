/* A token is handed from the authenticating process to that of the session. */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "forked.h"

static char token[TOKEN_LEN + 1];

static void
only_read(struct record *record)
{
	strcpy(record->scopes, "read");
}

static void
expect_variable(struct host *host, const char *name, const char *value)
{
	const char *set = pam_getenv(host->pamh, name);

	assert_true((set == NULL) == (value == NULL));
	if (set != NULL)
		assert_string_equal(set, value);
}

/* As the session is told it. */
static void
expiry_of(
    const struct host *host, const char *id, char text[PARSE_TIME_LEN + 1])
{
	struct record record;
	struct store *store;

	assert_ok(scratch_open(host->scratch, &store, STORE_READ));
	assert_ok(store_get(store, id, &record, &why));
	store_close(store);
	strcpy(text, "never");
	if (record.expires != TIME_NEVER)
		parse_format_time(record.expires, text);
}

/* What the session is told while it is this token's. */
static void
expect_told(struct host *host, const char *scopes)
{
	char id[TOKEN_ID_LEN + 1], expires[PARSE_TIME_LEN + 1];

	(void)token_parse(token, id);
	expiry_of(host, id, expires);
	expect_variable(host, "APITOKEN_ID", id);
	expect_variable(host, "APITOKEN_NAME", "sample");
	expect_variable(host, "APITOKEN_SCOPES", scopes);
	expect_variable(host, "APITOKEN_EXPIRES", expires);
	expect_variable(host, "APITOKEN_HANDOFF", NULL);
}

/* No hook handles a token, and nothing is left over. */
static void
expect_no_token(struct host *host)
{
	assert_int_equal(host_setcred(host), PAM_IGNORE);
	assert_int_equal(host_open_session(host), PAM_SUCCESS);
	assert_int_equal(host_setcred(host), PAM_IGNORE);
	assert_int_equal(host_close_session(host), PAM_SUCCESS);
	expect_variable(host, "APITOKEN_HANDOFF", NULL);
	expect_variable(host, "APITOKEN_ID", NULL);
	assert_int_equal(forked_count(host), 0);
}

static int
run_session(void *arg)
{
	struct host *host = arg;

	(void)pam_setcred(host->pamh, PAM_REINITIALIZE_CRED);
	CHILD_REQUIRE(strcmp(pam_getenv(host->pamh, "SHIM_CODE"), "0") == 0);
	CHILD_REQUIRE(pam_getenv(host->pamh, "APITOKEN_ID") != NULL);
	return 0;
}

static void
test_token_crosses_the_fork(void **state)
{
	struct host *host = *state;

	host_issue(host, token, only_read);
	forked_log_in(host, token);
	assert_int_equal(forked_count(host), 1);
	assert_non_null(forked_proof(host));
	assert_int_equal(host_setcred(host), PAM_SUCCESS);
	expect_told(host, "read");
	assert_int_equal(forked_count(host), 0);
	assert_int_equal(host_open_session(host), PAM_SUCCESS);
	/* OpenSSH establishes credentials once more, in the session's child. */
	child_expect_success(child_start(run_session, host));
	assert_int_equal(host_close_session(host), PAM_SUCCESS);
	assert_int_equal(host_setcred(host), PAM_SUCCESS);
	expect_told(host, "read");
}

/* Everything that was judged and found; also the words of confine=. */
static void
test_what_is_sent(void **state)
{
	static const char *const OPTIONS[] = {
	    "need=read", "need=write confine=child", "confine=process"};
	static const char *const NEEDS[] = {"read", "write", "read,write"};
	struct host *host = *state;
	struct handoff handoff;
	char id[TOKEN_ID_LEN + 1];

	host_issue(host, token, NULL);
	(void)token_parse(token, id);
	for (size_t i = 0; i < COUNT_OF(OPTIONS); i++) {
		host_write_stack(host, OPTIONS[i]);
		forked_log_in(host, token);
		forked_get_record(host, &handoff);
		assert_string_equal(handoff.id, id);
		assert_string_equal(handoff.user, ALICE);
		assert_string_equal(handoff.service, SERVICE);
		assert_string_equal(handoff.need, NEEDS[i]);
		assert_string_equal(handoff.name, "sample");
		assert_string_equal(handoff.scopes, "read,write");
		/* Its session may write. */
		assert_int_equal(handoff.confine, CONFINE_NEVER);
		assert_int_equal(host_setcred(host), PAM_SUCCESS);
	}
}

static void
test_session_first(void **state)
{
	struct host *host = *state;

	host_issue(host, token, NULL);
	forked_log_in(host, token);
	assert_int_equal(host_open_session(host), PAM_SUCCESS);
	expect_told(host, "read,write");
	assert_int_equal(forked_count(host), 0);
	assert_int_equal(host_setcred(host), PAM_SUCCESS);
}

/* Only the start of a session looks at what was sent. */
static void
test_end_of_a_session_decides_nothing(void **state)
{
	struct host *host = *state;

	host_issue(host, token, NULL);
	forked_log_in(host, token);
	assert_int_equal(host_close_session(host), PAM_SUCCESS);
	(void)pam_setcred(host->pamh, PAM_DELETE_CRED);
	expect_variable(host, "SHIM_CODE", "25");
	assert_int_equal(PAM_IGNORE, 25);
	assert_int_equal(forked_count(host), 1);
	assert_int_equal(host_setcred(host), PAM_SUCCESS);
}

static void
test_session_is_told_the_truth(void **state)
{
	struct host *host = *state;

	host_issue(host, token, only_read);
	forked_log_in(host, token);
	forked_putenv(host, "APITOKEN_SCOPES=write");
	forked_putenv(host, "APITOKEN_ID=zzzzzzzzzz");
	assert_int_equal(host_setcred(host), PAM_SUCCESS);
	expect_told(host, "read");
	forked_putenv(host, "APITOKEN_NAME=other");
	forked_putenv(host, "APITOKEN_SCOPES");
	assert_int_equal(host_open_session(host), PAM_SUCCESS);
	expect_told(host, "read");
}

static void
test_password_leaves_nothing(void **state)
{
	struct attempt attempt = {.no_account = true, .no_return = true};
	struct host *host = *state;

	host_start(host, ALICE, "correct horse");
	forked_attempt(host, &attempt);
	assert_int_equal(attempt.auth, PAM_AUTH_ERR);
	forked_putenv(host, "APITOKEN_SCOPES=write");
	expect_no_token(host);
	/* A variable that a user has set is left alone. */
	expect_variable(host, "APITOKEN_SCOPES", "write");
	assert_int_equal(access(host->run, F_OK), -1);
}

/* The host's parent may be the user's own program: nothing is sent to it. */
static void
test_nothing_is_sent_to_another_program(void **state)
{
	struct host *host = *state;

	host_issue(host, token, NULL);
	host_start(host, ALICE, token);
	assert_int_equal(host_authenticate(host), PAM_SUCCESS);
	expect_variable(host, "APITOKEN_HANDOFF", NULL);
	assert_int_equal(access(host->run, F_OK), -1);
	assert_int_equal(host_setcred(host), PAM_SUCCESS);
	expect_told(host, "read,write");
}

/*
 * If no record can be written, a token that may need one is refused; a token
 * authenticated in the process of its session is not.
 */
static void
expect_refused_by_fork_only(struct host *host)
{
	struct attempt attempt = {0};

	host_start(host, ALICE, token);
	forked_attempt(host, &attempt);
	assert_int_equal(attempt.auth, PAM_PERM_DENIED);
	expect_variable(host, "APITOKEN_HANDOFF", NULL);
	assert_int_equal(host_authenticate(host), PAM_SUCCESS);
	assert_int_equal(host_setcred(host), PAM_SUCCESS);
	host_start(host, ALICE, NULL);
	assert_int_equal(host_account(host), PAM_IGNORE);
	assert_int_equal(host_setcred(host), PAM_IGNORE);
	assert_int_equal(host_open_session(host), PAM_SUCCESS);
}

static void
test_unusable_directory(void **state)
{
	struct host *host = *state;

	host_issue(host, token, NULL);
	scratch_write(host->run, "", 0, 0600);
	expect_refused_by_fork_only(host);
	assert_int_equal(unlink(host->run), 0);
	assert_int_equal(mkdir(host->run, 0700), 0);
	assert_int_equal(chmod(host->run, 0755), 0);
	expect_refused_by_fork_only(host);
	elsewhere_set("/nonexistent/run");
	expect_refused_by_fork_only(host);
}

static void
limit_files(struct host *host)
{
	static const struct rlimit SMALL = {16, 16};

	(void)host;
	if (setrlimit(RLIMIT_FSIZE, &SMALL) != 0)
		_exit(1);
}

static int
attempt_under_limit(void *arg)
{
	struct host *host = arg;
	struct attempt attempt = {.no_return = true};

	limit_files(host);
	forked_attempt(host, &attempt);
	CHILD_REQUIRE(attempt.auth == PAM_PERM_DENIED);
	CHILD_REQUIRE(forked_count(host) == 0);
	return 0;
}

/* A service with a file size limit is not killed by writing our record. */
static void
test_file_limit(void **state)
{
	struct host *host = *state;

	host_issue(host, token, NULL);
	host_start(host, ALICE, token);
	child_expect_success(child_start(attempt_under_limit, host));
}

static int
close_as_another(void *arg)
{
	struct host *host = arg;

	CHILD_REQUIRE(child_drop_root() == 0);
	(void)pam_close_session(host->pamh, 0);
	CHILD_REQUIRE(strcmp(pam_getenv(host->pamh, "SHIM_CODE"), "0") == 0);
	(void)pam_setcred(host->pamh, PAM_DELETE_CRED);
	CHILD_REQUIRE(strcmp(pam_getenv(host->pamh, "SHIM_CODE"), "0") == 0);
	return 0;
}

/* proftpd closes its sessions as their user. */
static void
test_closed_by_the_user(void **state)
{
	struct host *host = *state;

	host_issue(host, token, NULL);
	forked_log_in(host, token);
	assert_int_equal(host_setcred(host), PAM_SUCCESS);
	assert_int_equal(host_open_session(host), PAM_SUCCESS);
	child_expect_success(child_start(close_as_another, host));
}

#define HOST_TEST(function)                                                    \
	cmocka_unit_test_setup_teardown(                                       \
	    function, host_setup_read, host_teardown)

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
	    HOST_TEST(test_token_crosses_the_fork),
	    HOST_TEST(test_what_is_sent),
	    HOST_TEST(test_session_first),
	    HOST_TEST(test_end_of_a_session_decides_nothing),
	    HOST_TEST(test_session_is_told_the_truth),
	    HOST_TEST(test_password_leaves_nothing),
	    HOST_TEST(test_nothing_is_sent_to_another_program),
	    HOST_TEST(test_unusable_directory),
	    HOST_TEST(test_file_limit),
	    HOST_TEST(test_closed_by_the_user),
	};

	return unit_run(TESTS);
}
