/* A login with a token that another machine has issued: from text to reason. */
#include "login/evaluate.h"

#include <string.h>

#include "base/deadline.h"
#include "fleet/fleet_heartbeat.h"
#include "fleet/fleet_overlay.h"
#include "fleet/fleet_store.h"
#include "lib/fleet.h"
#include "lib/scratch.h"
#include "lib/unit.h"
#include "login/attempt_log.h"
#include "login/write_back.h"

#define BOOT "01234567-89ab-cdef-0123-456789abcdef"
#define SECOND INT64_C(1000000000)

/* The answers of the system, and whether a lock was held meanwhile. */
static struct {
	struct account account;
	const struct scratch *scratch;
	int accounts, moments;
	enum err store, fleet, local;
	int64_t boottime;
} world;

static struct issuer hub;
static char text[TOKEN_LEN + 1], id[TOKEN_ID_LEN + 1];
static struct attempt attempt;

void __wrap_account_lookup(
    struct account *, const char *, const struct account_policy *, int64_t);

void
__wrap_account_lookup(struct account *account, const char *user,
    const struct account_policy *policy, int64_t now)
{
	struct store *store = NULL;
	struct fleet_store *fleet = NULL;

	(void)user;
	(void)policy;
	(void)now;
	world.accounts++;
	world.store = store_open(
	    &store, &world.scratch->config, STORE_WRITE, 0, &why);
	store_close(store);
	world.fleet = fleet_store_open(
	    &fleet, &world.scratch->config, STORE_WRITE, 0, &why);
	fleet_store_close(fleet);
	*account = world.account;
}

enum err __wrap_account_is_local(const char *);

enum err
__wrap_account_is_local(const char *user)
{
	(void)user;
	return world.local;
}

enum err __wrap_fleet_moment_now(
    struct fleet_moment *, int64_t, struct error *);

enum err
__wrap_fleet_moment_now(
    struct fleet_moment *moment, int64_t now, struct error *error)
{
	(void)error;
	world.moments++;
	*moment = (struct fleet_moment){
	    .boot = BOOT, .boottime = world.boottime, .now = now};
	return ERR_OK;
}

enum err __wrap_fleet_heartbeat_read(
    const char *, struct fleet_heartbeat *, struct error *);

enum err
__wrap_fleet_heartbeat_read(
    const char *run, struct fleet_heartbeat *heartbeat, struct error *error)
{
	(void)run;
	(void)error;
	*heartbeat = (struct fleet_heartbeat){.boot = BOOT, .count = 1};
	heartbeat->beats[0] = (struct fleet_beat){
	    .issuer = "hub", .epoch = 1, .seq = hub.head.seq, .seen = 0};
	return ERR_OK;
}

static void
publish(const struct fleet_record *record)
{
	issuer_put(&hub, id, record);
	(void)issuer_sign(&hub);
	(void)fleet_host_apply(world.scratch, &hub);
}

static int
setup(void **state)
{
	struct fleet_record record;

	if (scratch_setup_store(state) != 0)
		return -1;
	memset(&world, 0, sizeof(world));
	world.scratch = *state;
	world.account = (struct account){.state = ACCOUNT_ENABLED,
	    .found = true,
	    .name = "alice",
	    .uid = 1000};
	fleet_host_start(*state);
	issuer_start(&hub, "hub");
	fleet_host_trust(*state, &hub);
	assert_ok(token_make(text, id));
	fleet_sample(&record, text);
	publish(&record);
	attempt = (struct attempt){.hook = "auth",
	    .id = id,
	    .text = text,
	    .user = "alice",
	    .service = "sshd",
	    .need = "read",
	    .now = NOW + 1,
	    .deadline = deadline_in(MINUTE)};
	return 0;
}

static int
teardown(void **state)
{
	issuer_free(&hub);
	return scratch_teardown(state);
}

static struct attempt_outcome outcome;

/* Evaluates; the log's word for what comes of it. */
static const char *
reason(const struct scratch *scratch)
{
	memset(&outcome, 0x55, sizeof(outcome));
	assert_ok(evaluate_attempt(&outcome.verdict, &outcome.record,
	    &scratch->config, &attempt, &why));
	assert_true(outcome.verdict.accepted ==
	    (verdict_failed_test(&outcome.verdict) == LOGIN_TEST_COUNT));
	return verdict_reason(&outcome.verdict);
}

static void
test_accepted(void **state)
{
	assert_string_equal(reason(*state), "accepted");
	assert_int_equal(outcome.record.uid, 1000);
	assert_int_equal(world.accounts, 1);
	assert_ok(world.store);
	assert_ok(world.fleet);
	attempt.text = NULL;
	assert_string_equal(reason(*state), "accepted");
}

/* As if it were a local one: the rest of the verdict is the same. */
static void
test_judged_as_any_token(void **state)
{
	struct fleet_record record;

	attempt.service = "vsftpd";
	assert_string_equal(reason(*state), "wrong-service");
	attempt.service = "sshd";
	attempt.need = "read,other";
	assert_string_equal(reason(*state), "too-few-scopes");
	attempt.need = "read";
	attempt.now = NOW + 30 * DAY;
	hub.head.valid_until = TIME_NEVER;
	fleet_sample(&record, text);
	publish(&record);
	assert_string_equal(reason(*state), "expired");
	attempt.now = NOW + 1;
	strcpy(world.account.name, "bob");
	assert_string_equal(reason(*state), "not-the-owner");
	text[TOKEN_LEN - 1] ^= 1;
	assert_string_equal(reason(*state), "malformed");
}

static void
test_stale(void **state)
{
	struct scratch *scratch = *state;
	struct log_line line;

	world.boottime = 31 * SECOND;
	assert_string_equal(reason(scratch), "stale");
	assert_int_equal(
	    verdict_failed_test(&outcome.verdict), LOGIN_TEST_STATE);
	scratch->config.fleet.goes_on_stale = true;
	assert_string_equal(reason(scratch), "accepted");
	line = attempt_log_verdict(&attempt, ERR_OK, &outcome.verdict, &why);
	assert_non_null(strstr(line.text, " rhost=- stale=yes"));
	attempt.id = "zzzzzzzzzz";
	attempt.text = NULL;
	assert_string_equal(reason(scratch), "stale");
	assert_int_equal(
	    verdict_failed_test(&outcome.verdict), LOGIN_TEST_KNOWN);
	world.boottime = 0;
	assert_string_equal(reason(scratch), "unknown-token");
}

static void
test_reasons(void **state)
{
	struct fleet_record record;

	fleet_sample(&record, text);
	strcpy(record.hosts, "other");
	publish(&record);
	assert_string_equal(reason(*state), "wrong-host");
	record.token.state = RECORD_REVOKED;
	record.token.ended.at = NOW;
	publish(&record);
	assert_string_equal(reason(*state), "revoked");
	fleet_host_distrust(*state, &hub);
	assert_string_equal(reason(*state), "untrusted-issuer");
}

static void
test_in_no_fleet(void **state)
{
	struct scratch *scratch = *state;

	scratch->config.fleet.id[0] = '\0';
	assert_string_equal(reason(scratch), "unknown-token");
	assert_int_equal(world.moments, 0);
}

/* A local token of the same id: nothing of a fleet is looked at. */
static void
test_local_comes_first(void **state)
{
	const struct scratch *scratch = *state;
	struct record local;
	struct store *store;

	sample_record(&local, "alice", "laptop");
	strcpy(local.id, id);
	assert_ok(scratch_open(scratch, &store, STORE_READ));
	store_digest(store, text, local.digest);
	store_close(store);
	local.state = RECORD_REVOKED;
	assert_ok(sample_add(scratch, &local));
	assert_string_equal(reason(scratch), "revoked");
	assert_int_equal(world.moments, 0);
	assert_int_equal(outcome.verdict.fleet.answer, FLEET_NOT_ASKED);
}

/* What a fleet has come to is no matter of local tokens. */
static void
test_local_while_the_fleet_is_damaged(void **state)
{
	struct scratch *scratch = *state;
	char path[STORE_PATH_SIZE];
	struct record local;
	struct store *store;
	char local_text[TOKEN_LEN + 1];

	store_path(&scratch->config, FLEET_DATABASE, path);
	scratch_write(path, "damaged", 7, 0600);
	scratch_write(
	    scratch_path(scratch, "issuers/x.pub"), "damaged", 7, 0666);
	assert_int_not_equal(evaluate_attempt(&outcome.verdict, &outcome.record,
				 &scratch->config, &attempt, &why),
	    ERR_OK);
	sample_record(&local, "alice", "laptop");
	assert_ok(token_make(local_text, local.id));
	assert_ok(scratch_open(scratch, &store, STORE_READ));
	store_digest(store, local_text, local.digest);
	store_close(store);
	assert_ok(sample_add(scratch, &local));
	attempt.id = local.id;
	attempt.text = local_text;
	assert_string_equal(reason(scratch), "accepted");
}

static bool
is_bound_to_local(const struct scratch *scratch)
{
	struct fleet_store *store;
	struct fleet_entry entry;
	bool is_local;

	assert_ok(fleet_store_open(
	    &store, &scratch->config, STORE_READ, deadline_in(MINUTE), &why));
	assert_ok(fleet_store_get(store, outcome.record.id, &entry, &why));
	fleet_store_close(store);
	is_local = entry.parts[0].overlay.is_local;
	fleet_entry_free(&entry);
	return is_local;
}

/* The first use binds it: the name made anew does not inherit. */
static void
test_bound_at_first_sight(void **state)
{
	const struct scratch *scratch = *state;

	assert_string_equal(reason(scratch), "accepted");
	write_back_accepted(
	    &scratch->config, &attempt, &outcome.verdict, &outcome.record);
	assert_true(is_bound_to_local(scratch));
	world.account.uid = 1001;
	assert_string_equal(reason(scratch), "not-the-owner");
	world.account.uid = 1000;
	assert_string_equal(reason(scratch), "accepted");
	assert_false(outcome.verdict.fleet.is_unbound);
}

static void
test_bound_to_an_account_of_a_directory(void **state)
{
	const struct scratch *scratch = *state;

	world.local = ERR_NOT_FOUND;
	assert_string_equal(reason(scratch), "accepted");
	write_back_accepted(
	    &scratch->config, &attempt, &outcome.verdict, &outcome.record);
	assert_false(is_bound_to_local(scratch));
}

static void
test_system_account(void **state)
{
	world.account.uid = 33;
	assert_string_equal(reason(*state), "untrusted-issuer");
	strcpy(hub.trust.users, "alice");
	fleet_host_trust(*state, &hub);
	assert_string_equal(reason(*state), "accepted");
}

static void
test_disabled_account(void **state)
{
	world.account.state = ACCOUNT_DISABLED;
	world.account.reason = ACCOUNT_EXPIRED;
	assert_string_equal(reason(*state), "account-expired");
}

#define FLEET_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    FLEET_TEST(test_accepted),
	    FLEET_TEST(test_judged_as_any_token),
	    FLEET_TEST(test_stale),
	    FLEET_TEST(test_reasons),
	    FLEET_TEST(test_in_no_fleet),
	    FLEET_TEST(test_local_comes_first),
	    FLEET_TEST(test_local_while_the_fleet_is_damaged),
	    FLEET_TEST(test_bound_at_first_sight),
	    FLEET_TEST(test_bound_to_an_account_of_a_directory),
	    FLEET_TEST(test_system_account),
	    FLEET_TEST(test_disabled_account),
	};

	return unit_run(tests);
}
