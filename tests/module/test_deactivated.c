/*
 * A login that is refused because the account is disabled deactivates all of
 * its tokens, and fails in the same way if they cannot be written.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "host.h"
#include "lib/rotated.h"

#define LOCKED "!$y$hash:20000:0:99999:7:::"
#define EXPIRED "$y$hash:20000:0:99999:7::1:"

static char token[TOKEN_LEN + 1], other[TOKEN_LEN + 1];

static int
log_in(struct host *host, const char *user, const char *password)
{
	host_start(host, user, password);
	return host_authenticate(host);
}

static struct record
get(const struct host *host, const char text[TOKEN_LEN + 1])
{
	char id[TOKEN_ID_LEN + 1];

	assert_true(token_parse(text, id));
	return rotated_get(host->scratch, id);
}

/* The states of both tokens. */
static void
expect_states(
    const struct host *host, enum record_state first, enum record_state second)
{
	assert_int_equal(get(host, token).state, first);
	assert_int_equal(get(host, other).state, second);
}

static void
issue_two(struct host *host)
{
	host_issue(host, token, NULL);
	host_issue(host, other, NULL);
}

static void
approve(struct record *record)
{
	record->state = RECORD_ACTIVE;
	record->approved.at = time(NULL);
}

static void
test_at_authenticate(void **state)
{
	struct host *host = *state;
	int64_t before = time(NULL);
	struct record record;

	issue_two(host);
	users_set_shadow(LOCKED);
	assert_int_equal(log_in(host, ALICE, token), PAM_PERM_DENIED);
	expect_states(host, RECORD_DEACTIVATED, RECORD_DEACTIVATED);
	record = get(host, other);
	assert_string_equal(record.ended.reason, "account-locked");
	assert_string_equal(record.ended.by, "pam_apitoken");
	assert_true(record.ended.at >= before && record.ended.at <= time(NULL));
	/*
	 * Enabled again, the account has no valid token until one is approved.
	 */
	users_reset();
	assert_int_equal(log_in(host, ALICE, token), PAM_PERM_DENIED);
	assert_int_equal(log_in(host, ALICE, other), PAM_PERM_DENIED);
	host_change(host, token, approve);
	assert_int_equal(log_in(host, ALICE, token), PAM_SUCCESS);
	assert_int_equal(host_account(host), PAM_SUCCESS);
	assert_int_equal(log_in(host, ALICE, other), PAM_PERM_DENIED);
}

static void
test_at_account(void **state)
{
	struct host *host = *state;

	issue_two(host);
	assert_int_equal(log_in(host, ALICE, token), PAM_SUCCESS);
	users_set_shadow(EXPIRED);
	expect_states(host, RECORD_ACTIVE, RECORD_ACTIVE);
	assert_int_equal(host_account(host), PAM_ACCT_EXPIRED);
	expect_states(host, RECORD_DEACTIVATED, RECORD_DEACTIVATED);
	assert_string_equal(get(host, other).ended.reason, "account-expired");
	assert_int_equal(host_setcred(host), PAM_PERM_DENIED);
	assert_int_equal(host_open_session(host), PAM_SESSION_ERR);
	users_reset();
	assert_int_equal(log_in(host, ALICE, token), PAM_PERM_DENIED);
}

/* Deactivated before; since then, others have been issued or approved. */
static void
test_a_dead_token_ends_the_others(void **state)
{
	static enum record_state states[] = {
	    RECORD_DEACTIVATED, RECORD_REVOKED};
	struct host *host = *state;

	for (size_t i = 0; i < COUNT_OF(states); i++) {
		char id[TOKEN_ID_LEN + 1];
		struct record record;

		users_reset();
		issue_two(host);
		assert_true(token_parse(token, id));
		record = rotated_get(host->scratch, id);
		record.state = states[i];
		rotated_put(host->scratch, &record);
		users_set_shadow(LOCKED);
		assert_int_equal(log_in(host, ALICE, token), PAM_PERM_DENIED);
		expect_states(host, states[i], RECORD_DEACTIVATED);
	}
}

static void
of_bob(struct record *record)
{
	strcpy(record->user, BOB);
	record->uid = UID_BOB;
}

static void
of_another_uid(struct record *record)
{
	record->uid = UID_BOB;
}

static void
of_nobody(struct record *record)
{
	strcpy(record->user, "nobody-at-all");
}

static void
other_digest(struct record *record)
{
	record->digest[0] ^= 1;
}

/* Refusals that prove nothing; an active token of alice stays active. */
static const struct spared {
	const char *what, *user, *shadow;
	void (*change)(struct record *record);
	int lookup_error;
} SPARED[] = {
    {"wrong secret", ALICE, LOCKED, other_digest, 0},
    {"another's token", ALICE, LOCKED, of_bob, 0},
    {"as another", BOB, LOCKED, NULL, 0},
    {"another uid", ALICE, LOCKED, of_another_uid, 0},
    {"absent", "nobody-at-all", LOCKED, of_nobody, 0},
    {"unknown", ALICE, LOCKED, NULL, EIO},
    {"unknown too", ALICE, LOCKED, NULL, EMFILE},
    {"half a shadow line", ALICE, "$y$hash:20000:0:99999:7::1", NULL, 0},
    {"two of them", ALICE, LOCKED "\nalice:" EXPIRED, NULL, 0},
};

static void
test_spared(void **state)
{
	struct host *host = *state;

	for (size_t i = 0; i < COUNT_OF(SPARED); i++) {
		const struct spared *row = &SPARED[i];

		users_reset();
		host_issue(host, token, row->change);
		host_issue(host, other, NULL);
		users_set_shadow(row->shadow);
		users_fail(row->lookup_error);
		assert_row(row->what,
		    log_in(host, row->user, token) == PAM_PERM_DENIED);
		assert_row(row->what, get(host, token).state == RECORD_ACTIVE);
		assert_row(row->what, get(host, other).state == RECORD_ACTIVE);
	}
}

/* The same between the two hooks. */
static void
test_spared_at_account(void **state)
{
	struct host *host = *state;

	issue_two(host);
	assert_int_equal(log_in(host, ALICE, token), PAM_SUCCESS);
	users_set_shadow(LOCKED);
	users_fail(EIO);
	assert_int_equal(host_account(host), PAM_PERM_DENIED);
	expect_states(host, RECORD_ACTIVE, RECORD_ACTIVE);
}

/* What keeps the store from being written, and how to undo it. */

static int held;

static void
hold(struct host *host)
{
	held = host_hold(scratch_lock(host->scratch), F_RDLCK);
}

static void
let_go(struct host *host)
{
	(void)host;
	assert_int_equal(close(held), 0);
}

static void
limit(struct host *host, rlim_t most)
{
	struct rlimit limits;

	(void)host;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limits), 0);
	limits.rlim_cur = most;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limits), 0);
}

/* A write beyond the limit would kill the host with SIGXFSZ. */
static void
limit_files(struct host *host)
{
	limit(host, 4096);
}

static void
limit_no_files(struct host *host)
{
	limit(host, RLIM_INFINITY);
}

/* File modes do not stop root with this capability. */
static void
set_override(bool on)
{
	struct __user_cap_header_struct head = {
	    .version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct caps[2];
	uint32_t bit = UINT32_C(1) << CAP_DAC_OVERRIDE;

	assert_int_equal(syscall(SYS_capget, &head, caps), 0);
	caps[0].effective = on ? caps[0].effective | (caps[0].permitted & bit)
			       : caps[0].effective & ~bit;
	assert_int_equal(syscall(SYS_capset, &head, caps), 0);
}

static void
set_modes(struct host *host, mode_t directory, mode_t file)
{
	assert_int_equal(chmod(host->scratch->config.directory, directory), 0);
	assert_int_equal(chmod(scratch_database(host->scratch), file), 0);
	assert_int_equal(chmod(scratch_lock(host->scratch), file), 0);
}

static void
make_read_only(struct host *host)
{
	set_override(false);
	set_modes(host, 0500, 0400);
}

static void
make_writable(struct host *host)
{
	set_modes(host, 0700, 0600);
	set_override(true);
}

static const struct {
	const char *what;
	void (*make)(struct host *host);
	void (*end)(struct host *host);
} OBSTACLES[] = {
    {"a store that is locked", hold, let_go},
    {"a file limit", limit_files, limit_no_files},
    {"a store that is read-only", make_read_only, make_writable},
};

/* Nothing is written, nothing waited for, and the next login does it. */
static void
test_a_store_that_cannot_be_written(void **state)
{
	struct host *host = *state;

	host_be_patient(host);
	for (size_t i = 0; i < COUNT_OF(OBSTACLES); i++) {
		const char *what = OBSTACLES[i].what;
		time_t before = time(NULL);
		int at_authenticate, at_account;

		users_reset();
		issue_two(host);
		assert_int_equal(log_in(host, ALICE, token), PAM_SUCCESS);
		users_set_shadow(LOCKED);
		OBSTACLES[i].make(host);
		at_account = host_account(host);
		at_authenticate = log_in(host, ALICE, token);
		OBSTACLES[i].end(host);
		assert_row(what, at_account == PAM_ACCT_EXPIRED);
		assert_row(what, at_authenticate == PAM_PERM_DENIED);
		assert_row(what, time(NULL) - before < 50);
		expect_states(host, RECORD_ACTIVE, RECORD_ACTIVE);
		assert_row(what, log_in(host, ALICE, token) == PAM_PERM_DENIED);
		expect_states(host, RECORD_DEACTIVATED, RECORD_DEACTIVATED);
	}
}

/* [account] applies here as elsewhere. */
static void
test_the_config_decides(void **state)
{
	struct host *host = *state;

	issue_two(host);
	users_set_shadow(LOCKED);
	host_write_config(host, "[account]\nlocked_password = ignore\n");
	assert_int_equal(log_in(host, ALICE, token), PAM_SUCCESS);
	expect_states(host, RECORD_ACTIVE, RECORD_ACTIVE);
	host_write_config(host, "[account]\nno_password = disabled\n");
	users_set_shadow("!:20000:0:99999:7:::");
	assert_int_equal(log_in(host, ALICE, token), PAM_PERM_DENIED);
	expect_states(host, RECORD_DEACTIVATED, RECORD_DEACTIVATED);
}

#define HOST_TEST(function)                                                    \
	cmocka_unit_test_setup_teardown(function, host_setup, host_teardown)

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
	    HOST_TEST(test_at_authenticate),
	    HOST_TEST(test_at_account),
	    HOST_TEST(test_a_dead_token_ends_the_others),
	    HOST_TEST(test_spared),
	    HOST_TEST(test_spared_at_account),
	    HOST_TEST(test_a_store_that_cannot_be_written),
	    HOST_TEST(test_the_config_decides),
	};

	return unit_run(TESTS);
}
