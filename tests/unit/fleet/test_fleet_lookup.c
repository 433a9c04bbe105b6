/*
 * Whose tokens a host takes: each part of the rule, an engine that withholds,
 * and an issuer who may issue only.
 */
#include "fleet/fleet_lookup.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/deadline.h"
#include "fleet/fleet_heartbeat.h"
#include "fleet/fleet_overlay.h"
#include "fleet/fleet_store.h"
#include "lib/fleet.h"
#include "lib/scratch.h"
#include "lib/unit.h"

#define BOOT "01234567-89ab-cdef-0123-456789abcdef"
#define SECOND INT64_C(1000000000)
#define UPTIME (INT64_C(1000) * SECOND)
#define DIRECTORY "lib/" /* as scratch.c has it */

/*
 * hub issues and revokes, edge issues only and comes first, guard revokes only.
 */
static struct issuer hub, web, guard;
static char text[TOKEN_LEN + 1], id[TOKEN_ID_LEN + 1];
static struct fleet_heartbeat heartbeat;
static struct fleet_query query;
static char run[SCRATCH_PATH];
static struct fleet_moment moment;
static const char *database_path;
/* What happens before the clock is looked at; NULL: nothing. */
static void (*before_moment)(void);

enum err __wrap_fleet_moment_now(
    struct fleet_moment *, int64_t, struct error *);

enum err
__wrap_fleet_moment_now(
    struct fleet_moment *result, int64_t now, struct error *error)
{
	(void)error;
	if (before_moment != NULL)
		before_moment();
	*result = moment;
	result->now = now;
	return ERR_OK;
}

static void
apply_it(const struct scratch *scratch, struct issuer *issuer)
{
	(void)issuer_sign(issuer);
	(void)fleet_host_apply(scratch, issuer);
}

/* All that is applied was seen a moment ago. */
static void
beat(void)
{
	const struct issuer *const all[] = {&hub, &web, &guard};

	heartbeat = (struct fleet_heartbeat){.count = COUNT_OF(all)};
	strcpy(heartbeat.boot, BOOT);
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		struct fleet_beat *one = &heartbeat.beats[i];

		strcpy(one->issuer, all[i]->trust.issuer);
		one->epoch = all[i]->head.epoch;
		one->seq = all[i]->head.seq;
		one->seen = UPTIME;
	}
	assert_ok(fleet_heartbeat_write(run, &heartbeat, &why));
}

static int
setup(void **state)
{
	struct fleet_record record;

	if (scratch_setup_store(state) != 0)
		return -1;
	fleet_host_start(*state);
	strcpy(run, scratch_path(*state, "run"));
	issuer_start(&hub, "hub");
	issuer_start(&web, "edge");
	issuer_start(&guard, "guard");
	web.trust.may_revoke = false;
	guard.trust.may_issue = false;
	fleet_host_trust(*state, &hub);
	fleet_host_trust(*state, &web);
	fleet_host_trust(*state, &guard);
	assert_ok(token_make(text, id));
	fleet_sample(&record, text);
	issuer_put(&hub, id, &record);
	apply_it(*state, &hub);
	apply_it(*state, &web);
	apply_it(*state, &guard);
	beat();
	query = (struct fleet_query){.id = id,
	    .text = text,
	    .user = "alice",
	    .service = "sshd",
	    .run = run,
	    .deadline = deadline_in(MINUTE),
	    .now = NOW + 1};
	moment = (struct fleet_moment){
	    .boot = BOOT, .boottime = UPTIME + SECOND};
	before_moment = NULL;
	return 0;
}

static int
teardown(void **state)
{
	issuer_free(&hub);
	issuer_free(&web);
	issuer_free(&guard);
	return scratch_teardown(state);
}

static struct fleet_lookup lookup;
static struct record record;

static enum fleet_answer
see(const struct scratch *scratch)
{
	memset(&lookup, 0x55, sizeof(lookup));
	memset(&record, 0x55, sizeof(record));
	assert_ok(
	    fleet_lookup_run(&lookup, &record, &scratch->config, &query, &why));
	return lookup.answer;
}

/* Taken, and active: the account and the rest are the verdict's. */
static void
expect_good(const struct scratch *scratch)
{
	assert_int_equal(see(scratch), FLEET_SEEN);
	assert_int_equal(record.state, RECORD_ACTIVE);
	assert_string_equal(record.id, id);
	assert_string_equal(record.user, "alice");
}

/* Also for the hook that has not seen the text. */
static void
expect_answer(const struct scratch *scratch, enum fleet_answer answer)
{
	assert_int_equal(see(scratch), answer);
	if (answer == FLEET_WRONG_SECRET)
		return;
	query.text = NULL;
	assert_int_equal(see(scratch), answer);
	query.text = text;
}

static void
expect_state(const struct scratch *scratch, enum record_state state)
{
	expect_answer(scratch, FLEET_SEEN);
	assert_int_equal(record.state, state);
}

static void
test_good(void **state)
{
	expect_good(*state);
	assert_string_equal(lookup.issuer, "hub");
	assert_false(lookup.is_stale);
	assert_true(lookup.is_unbound);
	query.text = NULL;
	expect_good(*state);
}

static void
test_wrong_secret(void **state)
{
	char other[TOKEN_LEN + 1], other_id[TOKEN_ID_LEN + 1];

	assert_ok(token_make(other, other_id));
	query.text = other;
	assert_int_equal(see(*state), FLEET_WRONG_SECRET);
	assert_int_equal(record.state, 0);
}

static void
test_unknown(void **state)
{
	query.id = "zzzzzzzzzz";
	expect_answer(*state, FLEET_UNKNOWN);
	/* It may be what the engine withholds. */
	moment.boottime = UPTIME + 60 * SECOND;
	expect_answer(*state, FLEET_UNKNOWN_YET);
}

static void
test_never_synced(void **state)
{
	const struct scratch *scratch = *state;

	assert_int_equal(
	    unlink(scratch_path(scratch, DIRECTORY FLEET_DATABASE)), 0);
	assert_int_equal(
	    unlink(scratch_path(scratch, "run/fleet/heartbeat")), 0);
	expect_answer(scratch, FLEET_UNKNOWN_YET);
	assert_int_equal(
	    unlink(scratch_path(scratch, DIRECTORY FLEET_LOCK)), 0);
	expect_answer(scratch, FLEET_UNKNOWN_YET);
}

/* The issuer says so, another says so, the host says so. */
static void
test_revoked_by_its_issuer(void **state)
{
	struct fleet_record revoked;

	fleet_sample(&revoked, text);
	revoked.token.state = RECORD_REVOKED;
	revoked.token.ended.at = NOW;
	issuer_put(&hub, id, &revoked);
	apply_it(*state, &hub);
	beat();
	expect_state(*state, RECORD_REVOKED);
}

static void
test_revoked_by_another(void **state)
{
	struct fleet_record revoke;

	fleet_sample_revoke(&revoke);
	issuer_put(&guard, id, &revoke);
	apply_it(*state, &guard);
	beat();
	expect_state(*state, RECORD_REVOKED);
	assert_string_equal(record.ended.reason, "leaked");
	/* It stays when that one is not trusted any more, */
	fleet_host_distrust(*state, &guard);
	expect_state(*state, RECORD_REVOKED);
	/* nor heard of. */
	moment.boottime = UPTIME + 60 * SECOND;
	expect_state(*state, RECORD_REVOKED);
}

static void
test_ended_here(void **state)
{
	const struct scratch *scratch = *state;
	struct fleet_name name = {.issuer = "hub"};
	struct record_event event = {NOW, "root", "here"};
	bool is_new;

	strcpy(name.id, id);
	assert_ok(fleet_overlay_end(&scratch->config, &name, RECORD_DEACTIVATED,
	    &event, &is_new, deadline_in(MINUTE), &why));
	expect_state(scratch, RECORD_DEACTIVATED);
	assert_string_equal(record.ended.reason, "here");
	/* Whatever the issuer says next */
	apply_it(scratch, &hub);
	beat();
	expect_state(scratch, RECORD_DEACTIVATED);
}

static void
test_trust(void **state)
{
	const struct scratch *scratch = *state;
	const struct fleet_trust good = hub.trust;

	fleet_host_distrust(scratch, &hub);
	expect_answer(scratch, FLEET_UNTRUSTED);
	hub.trust.may_issue = false;
	fleet_host_trust(scratch, &hub);
	expect_answer(scratch, FLEET_UNTRUSTED);
	hub.trust = good;
	hub.trust.not_after = NOW;
	fleet_host_trust(scratch, &hub);
	expect_answer(scratch, FLEET_UNTRUSTED);
	hub.trust = good;
	strcpy(hub.trust.users, "bob");
	fleet_host_trust(scratch, &hub);
	expect_answer(scratch, FLEET_UNTRUSTED);
	strcpy(hub.trust.users, "bob,alice");
	fleet_host_trust(scratch, &hub);
	expect_good(scratch);
	assert_true(lookup.is_named);
	strcpy(hub.trust.services, "vsftpd");
	fleet_host_trust(scratch, &hub);
	expect_answer(scratch, FLEET_UNTRUSTED);
	/* Another key: what was applied was signed with the old one. */
	hub.trust = good;
	hub.trust.key[0] ^= 1;
	fleet_host_trust(scratch, &hub);
	expect_answer(scratch, FLEET_UNTRUSTED);
	hub.trust = good;
	fleet_host_trust(scratch, &hub);
	expect_good(scratch);
	assert_false(lookup.is_named);
}

static void
test_another_fleet(void **state)
{
	struct scratch *scratch = *state;

	scratch->config.fleet.id[0] = 'f';
	expect_answer(scratch, FLEET_UNTRUSTED);
}

/* One whose file cannot be read may be the one who revokes. */
static void
test_trust_that_is_not_understood(void **state)
{
	const struct scratch *scratch = *state;

	scratch_write(scratch_path(scratch, "issuers/new.pub"), "x\n", 2, 0644);
	assert_err(ERR_CONFIG,
	    fleet_lookup_run(&lookup, &record, &scratch->config, &query, &why));
	assert_int_equal(record.state, 0);
}

static void
test_hosts(void **state)
{
	static const struct {
		const char *hosts, *groups;
		enum fleet_answer answer;
	} ROWS[] = {
	    {"web1", "", FLEET_SEEN},
	    {"db1,web1", "", FLEET_SEEN},
	    {"web2", "", FLEET_ELSEWHERE},
	    {"web", "", FLEET_ELSEWHERE},
	    {"web11", "", FLEET_ELSEWHERE},
	    {"", "web", FLEET_SEEN},
	    {"", "db,web", FLEET_SEEN},
	    {"", "web1", FLEET_ELSEWHERE},
	    {"web2", "web", FLEET_SEEN},
	    {"web2", "db", FLEET_ELSEWHERE},
	};

	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		struct fleet_record token;

		fleet_sample(&token, text);
		strcpy(token.hosts, ROWS[i].hosts);
		strcpy(token.groups, ROWS[i].groups);
		issuer_put(&hub, id, &token);
		apply_it(*state, &hub);
		beat();
		expect_answer(*state, ROWS[i].answer);
	}
}

/* Each of those who may revoke has to be fresh; who may only issue, not. */
static void
test_withheld(void **state)
{
	static const struct {
		const char *whose;
		enum fleet_answer answer;
	} ROWS[] = {
	    {"hub", FLEET_TOO_OLD},
	    {"guard", FLEET_TOO_OLD},
	    {"edge", FLEET_SEEN},
	};
	struct scratch *scratch = *state;

	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		for (size_t k = 0; k < heartbeat.count; k++)
			if (strcmp(heartbeat.beats[k].issuer, ROWS[i].whose) ==
			    0)
				heartbeat.beats[k].seen = UPTIME - 60 * SECOND;
		assert_ok(fleet_heartbeat_write(run, &heartbeat, &why));
		expect_answer(scratch, ROWS[i].answer);
		scratch->config.fleet.goes_on_stale = true;
		expect_answer(scratch, FLEET_SEEN);
		assert_int_equal(
		    lookup.is_stale, ROWS[i].answer == FLEET_TOO_OLD);
		scratch->config.fleet.goes_on_stale = false;
		beat();
	}
}

/* The token's own issuer counts, though it may not revoke others' tokens. */
static void
test_own_issuer_withheld(void **state)
{
	struct fleet_record token;

	fleet_sample(&token, text);
	issuer_drop(&hub, id);
	issuer_put(&web, id, &token);
	apply_it(*state, &hub);
	apply_it(*state, &web);
	beat();
	expect_good(*state);
	heartbeat.beats[1].seen = UPTIME - 60 * SECOND;
	assert_ok(fleet_heartbeat_write(run, &heartbeat, &why));
	expect_answer(*state, FLEET_TOO_OLD);
}

static void
test_no_heartbeat(void **state)
{
	struct scratch *scratch = *state;
	const char *path = scratch_path(scratch, "run/fleet/heartbeat");

	assert_int_equal(unlink(path), 0);
	expect_answer(scratch, FLEET_TOO_OLD);
	scratch_write(path, "x", 1, 0600);
	expect_answer(scratch, FLEET_TOO_OLD);
	beat();
	moment.boot[0] = 'f';
	expect_answer(scratch, FLEET_TOO_OLD);
}

static void
beat_later(void)
{
	heartbeat.beats[0].seen = moment.boottime + 1;
	assert_ok(fleet_heartbeat_write(run, &heartbeat, &why));
	(void)unlink(database_path);
}

/* What is old once all is read was not fresh when it counts. */
static void
test_the_clock_comes_last(void **state)
{
	struct scratch *scratch = *state;

	database_path = scratch_path(scratch, DIRECTORY FLEET_DATABASE);
	before_moment = beat_later;
	assert_ok(
	    fleet_lookup_run(&lookup, &record, &scratch->config, &query, &why));
	assert_int_equal(lookup.answer, FLEET_SEEN);
	expect_answer(scratch, FLEET_UNKNOWN_YET);
}

/* A database that was put back: what it lacks was acknowledged. */
static void
test_rolled_back(void **state)
{
	struct scratch *scratch = *state;
	const char *path = scratch_path(scratch, DIRECTORY FLEET_DATABASE);
	struct fleet_record revoke;
	size_t len;
	uint8_t *bytes = scratch_read(path, &len);

	fleet_sample_revoke(&revoke);
	issuer_put(&guard, id, &revoke);
	apply_it(scratch, &guard);
	beat();
	expect_state(scratch, RECORD_REVOKED);
	scratch_write(path, bytes, len, 0600);
	free(bytes);
	expect_answer(scratch, FLEET_TOO_OLD);
	scratch->config.fleet.goes_on_stale = true;
	expect_answer(scratch, FLEET_TOO_OLD);
}

/* Who may issue only copies the id of another's token. */
static void
test_copied_id(void **state)
{
	struct fleet_record copy;
	struct fleet_name name = {.issuer = "edge"};
	struct record_event event = {NOW, "root", "here"};
	bool is_new;
	const struct scratch *scratch = *state;

	fleet_sample(&copy, "another text");
	strcpy(copy.token.user, "mallory");
	copy.token.state = RECORD_REVOKED;
	copy.token.ended.at = NOW;
	issuer_put(&web, id, &copy);
	apply_it(scratch, &web);
	beat();
	expect_good(scratch);
	query.text = NULL;
	expect_good(scratch);
	query.text = text;
	/* Nor is what the host says of the copy said of the token. */
	strcpy(name.id, id);
	assert_ok(fleet_overlay_end(&scratch->config, &name, RECORD_DEACTIVATED,
	    &event, &is_new, deadline_in(MINUTE), &why));
	expect_good(scratch);
	/* An own token with the digest of the other's, which it has seen */
	fleet_sample(&copy, text);
	strcpy(copy.token.services, "any");
	copy.token.state = RECORD_REVOKED;
	copy.token.ended.at = NOW;
	issuer_put(&web, id, &copy);
	apply_it(scratch, &web);
	beat();
	expect_good(scratch);
	assert_string_equal(lookup.issuer, "hub");
}

static void
test_uid(void **state)
{
	const struct scratch *scratch = *state;
	struct fleet_name name = {.issuer = "hub"};
	struct fleet_record token;

	expect_good(scratch);
	fleet_lookup_account(&lookup, &record, 1000);
	assert_int_equal(record.uid, 1000);
	strcpy(name.id, id);
	assert_ok(fleet_overlay_bind(
	    &scratch->config, &name, 1000, true, deadline_in(MINUTE), &why));
	expect_good(scratch);
	assert_false(lookup.is_unbound);
	fleet_lookup_account(&lookup, &record, 1001);
	assert_int_equal(record.uid, 1000);
	fleet_sample(&token, text);
	token.has_uid = true;
	token.token.uid = 1234;
	issuer_put(&hub, id, &token);
	apply_it(scratch, &hub);
	beat();
	expect_good(scratch);
	assert_int_equal(record.uid, 1234);
}

static void
test_system_accounts(void **state)
{
	static const uid_t SYSTEM[] = {0, 1, 999, 65534};
	const struct scratch *scratch = *state;

	for (size_t i = 0; i < COUNT_OF(SYSTEM); i++) {
		expect_good(scratch);
		fleet_lookup_account(&lookup, &record, SYSTEM[i]);
		assert_int_equal(lookup.answer, FLEET_UNTRUSTED);
	}
	expect_good(scratch);
	fleet_lookup_account(&lookup, &record, 1000);
	assert_int_equal(lookup.answer, FLEET_SEEN);
	strcpy(hub.trust.users, "alice");
	fleet_host_trust(scratch, &hub);
	for (size_t i = 0; i < COUNT_OF(SYSTEM); i++) {
		expect_good(scratch);
		fleet_lookup_account(&lookup, &record, SYSTEM[i]);
		assert_int_equal(lookup.answer, FLEET_SEEN);
	}
}

/*
 * A revoked token, and a bit of the database: a chain that leads elsewhere, a
 * length, a record. However it reads, the revocation is not lost.
 */
static void
test_flips(void **state)
{
	const struct scratch *scratch = *state;
	const char *path = scratch_path(scratch, DIRECTORY FLEET_DATABASE);
	struct fleet_record revoke;
	unsigned tried = 0, trouble = 0;
	uint8_t *bytes;
	size_t len;
	int fd;

	fleet_sample_revoke(&revoke);
	issuer_put(&guard, id, &revoke);
	apply_it(scratch, &guard);
	beat();
	bytes = scratch_read(path, &len);
	fd = open(path, O_WRONLY);
	for (size_t at = 0; at < len; at++) {
		uint8_t flipped = bytes[at] ^ (uint8_t)(1U << at % 8);
		enum err rc;

		if (bytes[at] == 0)
			continue;
		assert_int_equal(pwrite(fd, &flipped, 1, (off_t)at), 1);
		rc = fleet_lookup_run(
		    &lookup, &record, &scratch->config, &query, &why);
		assert_int_equal(pwrite(fd, &bytes[at], 1, (off_t)at), 1);
		tried++;
		trouble += rc != ERR_OK;
		assert_false(rc == ERR_OK && lookup.answer == FLEET_SEEN &&
		    record.state == RECORD_ACTIVE);
	}
	(void)close(fd);
	assert_in_range(tried, 500, 100000);
	assert_in_range(trouble, 200, tried);
	expect_state(scratch, RECORD_REVOKED);
	free(bytes);
}

#define SIGHT_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SIGHT_TEST(test_good),
	    SIGHT_TEST(test_wrong_secret),
	    SIGHT_TEST(test_unknown),
	    SIGHT_TEST(test_never_synced),
	    SIGHT_TEST(test_revoked_by_its_issuer),
	    SIGHT_TEST(test_revoked_by_another),
	    SIGHT_TEST(test_ended_here),
	    SIGHT_TEST(test_trust),
	    SIGHT_TEST(test_another_fleet),
	    SIGHT_TEST(test_trust_that_is_not_understood),
	    SIGHT_TEST(test_hosts),
	    SIGHT_TEST(test_withheld),
	    SIGHT_TEST(test_own_issuer_withheld),
	    SIGHT_TEST(test_no_heartbeat),
	    SIGHT_TEST(test_the_clock_comes_last),
	    SIGHT_TEST(test_rolled_back),
	    SIGHT_TEST(test_copied_id),
	    SIGHT_TEST(test_uid),
	    SIGHT_TEST(test_system_accounts),
	    SIGHT_TEST(test_flips),
	};

	return unit_run(tests);
}
