/* until_logout.h: a token begins with its first session, and ends with it. */
#include "lifecycle/until_logout.h"

#include <string.h>
#include <unistd.h>

#include "base/deadline.h"
#include "lib/rotated.h"
#include "lib/unit.h"
#include "lifecycle/approval.h"
#include "session/rundir.h"

static struct record token;
static const char *run;

/* The process of the session, and whether each is alive, by its pid. */
static uint64_t opener;
static bool alive[8];
static char boot[BOOT_LEN + 1];

enum err __wrap_process_self(struct process *self, struct error *error);
bool __wrap_process_is_gone(const struct process *process);
enum err __wrap_boot_read(char text[BOOT_LEN + 1], struct error *error);

enum err
__wrap_process_self(struct process *self, struct error *error)
{
	(void)error;
	*self = (struct process){.pid = opener, .start = 1};
	return ERR_OK;
}

bool
__wrap_process_is_gone(const struct process *process)
{
	return !alive[process->pid];
}

enum err
__wrap_boot_read(char text[BOOT_LEN + 1], struct error *error)
{
	strcpy(text, boot);
	return boot[0] != '\0' ? ERR_OK
			       : error_set(error, ERR_SYSTEM, "no boot id");
}

static int
setup(void **state)
{
	if (scratch_setup_store(state) != 0)
		return -1;
	run = scratch_path(*state, "run");
	strcpy(boot, "61f1cb26-6dd9-4dc5-8e8f-7a0b0c0d0e0f");
	memset(alive, 0, sizeof(alive));
	sample_record(&token, "alice", "visit");
	token.lifetime = RECORD_UNTIL_LOGOUT;
	return sample_add(*state, &token) == ERR_OK ? 0 : -1;
}

static struct session
enter(uint64_t pid, int64_t since)
{
	struct session session = {
	    .user = "alice", .since = since, .lifetime = RECORD_UNTIL_LOGOUT};

	strcpy(session.id, token.id);
	opener = pid;
	alive[pid] = true;
	assert_ok(session_enter(run, &session, &why));
	return session;
}

static enum err
begin(const struct scratch *scratch, const struct session *session)
{
	struct record record = rotated_get(scratch, token.id);

	return until_logout_begin(
	    &scratch->config, run, session, &record, deadline_in(0), &why);
}

static bool
is_over(const struct scratch *scratch)
{
	struct record record = rotated_get(scratch, token.id);
	bool over = false;

	assert_ok(until_logout_is_over(run, &record, &over, &why));
	return over;
}

/* A reader of the store, which keeps writers out. */
static struct store *
hold(const struct scratch *scratch)
{
	struct store *store;

	assert_ok(scratch_open(scratch, &store, STORE_READ));
	return store;
}

static void
test_the_first_session_is_remembered(void **state)
{
	struct session first = enter(1, NOW);
	struct record record;

	assert_false(is_over(*state));
	assert_ok(begin(*state, &first));
	record = rotated_get(*state, token.id);
	assert_true(record.begun == NOW);
	assert_string_equal(record.boot, boot);
	assert_int_equal(record.state, RECORD_ACTIVE);
	assert_false(is_over(*state));
}

static void
test_no_write_no_session(void **state)
{
	struct session first = enter(1, NOW);
	struct record record = token;
	struct store *reader = hold(*state);
	const struct scratch *scratch = *state;

	assert_err(ERR_BUSY,
	    until_logout_begin(
		&scratch->config, run, &first, &record, deadline_in(0), &why));
	store_close(reader);
	boot[0] = '\0';
	assert_err(ERR_SYSTEM, begin(*state, &first));
	assert_true(rotated_get(*state, token.id).begun == 0);
}

/* It was judged before: what has happened to it since counts. */
static void
test_not_what_was_revoked_meanwhile(void **state)
{
	struct session first = enter(1, NOW);
	struct record record = token;
	const struct scratch *scratch = *state;

	record.state = RECORD_REVOKED;
	rotated_put(*state, &record);
	assert_err(ERR_REFUSED,
	    until_logout_begin(
		&scratch->config, run, &first, &token, deadline_in(0), &why));
}

/* Parallel sessions: the second finds what the first has written. */
static void
test_a_second_session_writes_nothing(void **state)
{
	struct session first = enter(1, NOW), second;
	struct record record = token;
	struct store *reader;
	const struct scratch *scratch = *state;

	assert_ok(begin(*state, &first));
	second = enter(2, NOW + 5);
	reader = hold(*state);
	record.begun = NOW;
	strcpy(record.boot, boot);
	assert_ok(until_logout_begin(
	    &scratch->config, run, &second, &record, deadline_in(0), &why));
	store_close(reader);
	/* Both were read before one of them was written. */
	assert_ok(until_logout_begin(
	    &scratch->config, run, &second, &token, deadline_in(0), &why));
	assert_true(rotated_get(*state, token.id).begun == NOW);
	assert_false(is_over(*state));
}

static void
test_over_when_any_session_was_killed(void **state)
{
	struct session first = enter(1, NOW);

	assert_ok(begin(*state, &first));
	(void)enter(2, NOW + 5);
	alive[2] = false;
	assert_true(is_over(*state));
}

/* Killed between listing and writing: there never was a session. */
static void
test_over_when_killed_before_it_wrote(void **state)
{
	(void)enter(1, NOW);
	alive[1] = false;
	assert_true(is_over(*state));
}

static void
test_over_when_run_was_emptied(void **state)
{
	struct session first = enter(1, NOW), second;

	assert_ok(begin(*state, &first));
	assert_ok(session_leave(run, &first, &why));
	assert_true(is_over(*state));
	/*
	 * A login that was judged before does not begin a session afterwards.
	 */
	second = enter(2, NOW + 5);
	assert_true(is_over(*state));
	assert_err(ERR_REFUSED, begin(*state, &second));
}

/* A /run that survives a reboot, as on a disk, and a pid that is reused. */
static void
test_over_in_another_boot(void **state)
{
	struct session first = enter(1, NOW);

	assert_ok(begin(*state, &first));
	boot[0] = 'a';
	assert_true(is_over(*state));
}

static void
test_unknown_is_an_error(void **state)
{
	struct session first = enter(1, NOW);
	struct record record;
	bool over;

	assert_ok(begin(*state, &first));
	record = rotated_get(*state, token.id);
	boot[0] = '\0';
	assert_err(ERR_SYSTEM, until_logout_is_over(run, &record, &over, &why));
}

static void
test_settle_writes_what_is_over(void **state)
{
	const struct scratch *scratch = *state;
	struct session first = enter(1, NOW);
	struct record record;

	assert_ok(begin(scratch, &first));
	assert_ok(until_logout_settle(
	    &scratch->config, run, token.id, NOW + 9, &why));
	assert_int_equal(rotated_get(scratch, token.id).state, RECORD_ACTIVE);
	assert_ok(session_leave(run, &first, &why));
	assert_ok(until_logout_settle(
	    &scratch->config, run, token.id, NOW + 9, &why));
	record = rotated_get(scratch, token.id);
	assert_int_equal(record.state, RECORD_REVOKED);
	assert_string_equal(record.ended.reason, "logged out");
}

/* Its account was disabled meanwhile: approving all does not revive it. */
static void
test_logged_out_though_deactivated(void **state)
{
	const struct scratch *scratch = *state;
	struct record record = token;

	record.state = RECORD_DEACTIVATED;
	rotated_put(scratch, &record);
	assert_ok(until_logout_revoke(
	    &scratch->config, token.id, NOW, deadline_in(0), &why));
	assert_int_equal(rotated_get(scratch, token.id).state, RECORD_REVOKED);
}

static void
approve(const struct scratch *scratch)
{
	const struct record_event how = {.at = NOW + 20, .by = "carol"};
	struct approval approval = {
	    .policy = {.max_tokens = 9,
		.max_expiry = TIME_NEVER,
		.services = "any"},
	};
	struct store *store;

	strcpy(approval.record.id, token.id);
	assert_ok(until_logout_find_live(run, token.id, &approval.begun, &why));
	assert_ok(scratch_open(scratch, &store, STORE_WRITE));
	assert_ok(rotated_commit(store,
	    approval_run(store, &approval, 1, LIFE_APPROVE, &how, NULL, &why)));
}

/* Approved, it begins anew; or continues with a session that is still open. */
static void
test_approval(void **state)
{
	const struct scratch *scratch = *state;
	struct session first = enter(1, NOW), second;

	assert_ok(begin(scratch, &first));
	assert_ok(until_logout_revoke(
	    &scratch->config, token.id, NOW, deadline_in(0), &why));
	assert_ok(session_leave(run, &first, &why));
	approve(scratch);
	assert_true(rotated_get(scratch, token.id).begun == 0);
	assert_false(is_over(scratch));
	first = enter(1, NOW + 30);
	second = enter(2, NOW + 40);
	assert_ok(begin(scratch, &first));
	assert_ok(until_logout_revoke(
	    &scratch->config, token.id, NOW, deadline_in(0), &why));
	assert_ok(session_leave(run, &first, &why));
	approve(scratch);
	assert_true(rotated_get(scratch, token.id).begun == NOW + 40);
	assert_false(is_over(scratch));
	assert_ok(session_leave(run, &second, &why));
	assert_true(is_over(scratch));
}

#define LOGOUT_TEST(test)                                                      \
	cmocka_unit_test_setup_teardown(test, setup, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    LOGOUT_TEST(test_the_first_session_is_remembered),
	    LOGOUT_TEST(test_no_write_no_session),
	    LOGOUT_TEST(test_not_what_was_revoked_meanwhile),
	    LOGOUT_TEST(test_a_second_session_writes_nothing),
	    LOGOUT_TEST(test_over_when_any_session_was_killed),
	    LOGOUT_TEST(test_over_when_killed_before_it_wrote),
	    LOGOUT_TEST(test_over_when_run_was_emptied),
	    LOGOUT_TEST(test_over_in_another_boot),
	    LOGOUT_TEST(test_unknown_is_an_error),
	    LOGOUT_TEST(test_settle_writes_what_is_over),
	    LOGOUT_TEST(test_logged_out_though_deactivated),
	    LOGOUT_TEST(test_approval),
	};

	return unit_run(tests);
}
