/* attempt_run.h: the result of a login, and at which stage it ends. */
#include "login/attempt_run.h"

#include <string.h>
#include <unistd.h>

#include "base/deadline.h"
#include "confine/confinement.h"
#include "lib/rotated.h"
#include "lib/scratch.h"
#include "lib/unit.h"
#include "session/rundir.h"
#include "session/session_list.h"

/* A token of alice in the store, and her login with it. */
static struct record token;
static char text[TOKEN_LEN + 1];
static struct attempt attempt;
static struct attempt_outcome outcome;

/* The answers of system and host, and how often the host was asked. */
static struct {
	enum err kernel, host;
	int asked;
} answers;

/* The stages that were reached, and their results. */
static struct {
	enum attempt_stage stage[8];
	enum err rc[8];
	size_t count;
} seen;

void __wrap_account_lookup(
    struct account *, const char *, const struct account_policy *, int64_t);
enum err __wrap_confinement_check(uid_t uid, struct error *error);
bool __wrap_process_is_gone(const struct process *process);

void
__wrap_account_lookup(struct account *account, const char *user,
    const struct account_policy *policy, int64_t now)
{
	(void)policy;
	(void)now;
	*account = (struct account){
	    .state = ACCOUNT_ENABLED, .found = true, .uid = 1000};
	strcpy(account->name, user);
}

enum err
__wrap_confinement_check(uid_t uid, struct error *error)
{
	assert_int_equal(uid, 1000);
	return answers.kernel == ERR_OK
	    ? ERR_OK
	    : error_set(error, answers.kernel, "no Landlock");
}

/* Every listed session has ended. */
bool
__wrap_process_is_gone(const struct process *process)
{
	(void)process;
	return true;
}

static enum err
check_confine(const struct attempt_outcome *of, const struct attempt *by,
    const struct config *config, struct error *error)
{
	assert_ptr_equal(of, &outcome);
	assert_ptr_equal(by, &attempt);
	assert_non_null(config);
	answers.asked++;
	return answers.host == ERR_OK
	    ? ERR_OK
	    : error_set(error, answers.host, "not this host");
}

static void
see(void *arg, enum attempt_stage stage, enum err rc)
{
	assert_ptr_equal(arg, &seen);
	seen.stage[seen.count] = stage;
	seen.rc[seen.count++] = rc;
}

static int
setup(void **state)
{
	struct scratch *scratch;
	struct store *store;

	if (scratch_setup_store(state) != 0)
		return -1;
	scratch = *state;
	strcpy(scratch->config.confine.services, "sshd");
	memset(&answers, 0, sizeof(answers));
	sample_record(&token, "alice", "laptop");
	assert_ok(token_make(text, token.id));
	assert_ok(scratch_open(scratch, &store, STORE_READ));
	store_digest(store, text, token.digest);
	store_close(store);
	attempt = (struct attempt){.user = "alice",
	    .service = "sshd",
	    .id = token.id,
	    .text = text,
	    .need = "read",
	    .now = NOW,
	    .deadline = deadline_in(5)};
	return sample_add(scratch, &token) == ERR_OK ? 0 : -1;
}

/* Runs it, starting from garbage; the stages are in seen. */
static enum err
run(const struct scratch *scratch, bool can_confine)
{
	const struct attempt_host host = {
	    .run = scratch_path(scratch, "run"),
	    .check_confine = can_confine ? check_confine : NULL,
	    .see = see,
	    .arg = &seen,
	};

	memset(&seen, 0, sizeof(seen));
	memset(&outcome, 0x55, sizeof(outcome));
	outcome.verdict.accepted = true;
	return attempt_run(&outcome, &attempt, &scratch->config, &host, &why);
}

/* It reached this stage with this result; all earlier ones succeeded. */
static void
expect_stage(enum attempt_stage last, enum err rc)
{
	assert_int_equal(seen.count, last + 1);
	for (size_t i = 0; i < seen.count; i++) {
		assert_int_equal(seen.stage[i], i);
		assert_int_equal(seen.rc[i], i == last ? rc : ERR_OK);
	}
}

static void
expect_trouble(const struct scratch *scratch, bool can_confine,
    enum attempt_stage stage, enum err rc)
{
	assert_err(rc, run(scratch, can_confine));
	assert_string_not_equal(why.text, "");
	assert_false(outcome.verdict.accepted);
	expect_stage(stage, rc);
}

static void
test_accepted(void **state)
{
	assert_ok(run(*state, true));
	assert_true(outcome.verdict.accepted);
	assert_true(sample_equal(&outcome.record, &token));
	assert_int_equal(outcome.confine, CONFINE_NEVER);
	assert_false(outcome.is_over);
	assert_int_equal(answers.asked, 0);
	expect_stage(ATTEMPT_LIFETIME, ERR_OK);
}

static void
test_refused_is_asked_nothing_more(void **state)
{
	attempt.confine = CONFINE_CHILD;
	attempt.service = "login";
	assert_ok(run(*state, true));
	assert_string_equal(verdict_reason(&outcome.verdict), "wrong-service");
	assert_int_equal(outcome.confine, CONFINE_NEVER);
	expect_stage(ATTEMPT_EVALUATED, ERR_OK);
}

/* Trouble with the store; and later questions are settled. */
static void
test_trouble_and_asking_again(void **state)
{
	const struct scratch *scratch = *state;

	attempt.text = NULL;
	attempt.confine = CONFINE_CHILD;
	answers.kernel = ERR_SYSTEM;
	assert_ok(run(*state, true));
	assert_true(outcome.verdict.accepted);
	expect_stage(ATTEMPT_EVALUATED, ERR_OK);
	assert_ok(
	    attempt_run(&outcome, &attempt, &scratch->config, NULL, &why));
	assert_true(outcome.verdict.accepted);
	assert_int_equal(unlink(scratch_key(*state)), 0);
	expect_trouble(*state, true, ATTEMPT_EVALUATED, ERR_MISSING);
}

static void
test_confined_where_kernel_and_host_can(void **state)
{
	attempt.confine = CONFINE_CHILD;
	assert_ok(run(*state, true));
	assert_true(outcome.verdict.accepted);
	assert_int_equal(outcome.confine, CONFINE_CHILD);
	assert_int_equal(answers.asked, 1);
	expect_stage(ATTEMPT_LIFETIME, ERR_OK);
	answers.host = ERR_REFUSED;
	expect_trouble(*state, true, ATTEMPT_CONFINED, ERR_REFUSED);
	assert_says("not this host");
	answers.kernel = ERR_SYSTEM;
	expect_trouble(*state, true, ATTEMPT_CONFINED, ERR_SYSTEM);
	assert_says("no Landlock");
}

/* A host that cannot say whether it can confine is taken as unable. */
static void
test_not_confined_where_no_host_can(void **state)
{
	attempt.confine = CONFINE_PROCESS;
	expect_trouble(*state, false, ATTEMPT_CONFINED, ERR_INTERNAL);
	attempt.confine = CONFINE_NEVER;
	assert_ok(run(*state, false));
	assert_true(outcome.verdict.accepted);
}

static void
test_confined_where_config_lists_the_service(void **state)
{
	struct scratch *scratch = *state;

	attempt.confine = CONFINE_CHILD;
	strcpy(scratch->config.confine.services, "vsftpd");
	expect_trouble(scratch, true, ATTEMPT_CONFINED, ERR_REFUSED);
	assert_says("[confine] does not list this service");
	assert_int_equal(answers.asked, 0);
	strcpy(token.scopes, "read,write");
	rotated_put(scratch, &token);
	assert_ok(run(scratch, true));
	assert_true(outcome.verdict.accepted);
	assert_int_equal(outcome.confine, CONFINE_NEVER);
}

static void
test_over_with_its_session(void **state)
{
	struct session session = {
	    .user = "alice", .since = NOW, .lifetime = RECORD_UNTIL_LOGOUT};

	token.lifetime = RECORD_UNTIL_LOGOUT;
	rotated_put(*state, &token);
	assert_ok(run(*state, true));
	assert_true(outcome.verdict.accepted);
	strcpy(session.id, token.id);
	assert_ok(session_enter(scratch_path(*state, "run"), &session, &why));
	assert_ok(run(*state, true));
	assert_true(outcome.is_over);
	assert_string_equal(verdict_reason(&outcome.verdict), "revoked");
	assert_int_equal(outcome.record.state, RECORD_ACTIVE);
	expect_stage(ATTEMPT_LIFETIME, ERR_OK);
}

/* An unreadable list of sessions refuses. */
static void
test_lifetime_that_cannot_be_known(void **state)
{
	token.lifetime = RECORD_UNTIL_LOGOUT;
	rotated_put(*state, &token);
	scratch_write(scratch_path(*state, "run"), "", 0, 0600);
	assert_int_not_equal(run(*state, true), ERR_OK);
	assert_false(outcome.verdict.accepted);
	assert_int_equal(seen.stage[seen.count - 1], ATTEMPT_LIFETIME);
}

/* Read once: a later change of the file has no effect. */
static void
test_setup_is_read_once(void **state)
{
	static const char CONFIG[] = "[store]\nlock_timeout = 7s\n";
	const char *path = scratch_path(*state, "conf");
	char option[SCRATCH_PATH + 8] = "config=";
	const char *const argv[] = {option, "confine=child"};
	struct setup line = {.argc = 2, .argv = argv};

	strcat(option, path);
	assert_err(ERR_MISSING, setup_read_config(&line, &why));
	assert_true(line.has_options);
	assert_false(line.has_config);
	scratch_write(path, CONFIG, strlen(CONFIG), 0600);
	assert_ok(setup_read_config(&line, &why));
	assert_int_equal(unlink(path), 0);
	option[0] = 'x';
	assert_ok(setup_read_config(&line, &why));
	assert_int_equal(line.config.lock_timeout, 7);
	attempt_set_demands(&attempt, &line);
	assert_string_equal(attempt.need, "read");
	assert_int_equal(attempt.confine, CONFINE_CHILD);
	setup_free(&line);
}

#define ATTEMPT_TEST(test)                                                     \
	cmocka_unit_test_setup_teardown(test, setup, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    ATTEMPT_TEST(test_accepted),
	    ATTEMPT_TEST(test_refused_is_asked_nothing_more),
	    ATTEMPT_TEST(test_trouble_and_asking_again),
	    ATTEMPT_TEST(test_confined_where_kernel_and_host_can),
	    ATTEMPT_TEST(test_not_confined_where_no_host_can),
	    ATTEMPT_TEST(test_confined_where_config_lists_the_service),
	    ATTEMPT_TEST(test_over_with_its_session),
	    ATTEMPT_TEST(test_lifetime_that_cannot_be_known),
	    ATTEMPT_TEST(test_setup_is_read_once),
	};

	return unit_run(tests);
}
