/* fleet.tdb becomes what an issuer has signed, in one step or not at all. */
#include "fleet/fleet_apply.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/deadline.h"
#include "fleet/fleet_overlay.h"
#include "fleet/fleet_store.h"
#include "fleet/fleet_verify.h"
#include "lib/disk.h"
#include "lib/fleet.h"
#include "lib/scratch.h"
#include "lib/unit.h"

#define ID "0123456789"
#define OTHER "abcdefghjk"
#define DIRECTORY "lib/" /* as scratch.c has it */
#define MOST_CALLS 500

static struct issuer hub, web;

static int
setup(void **state)
{
	struct fleet_record record;

	memset(&disk, 0, sizeof(disk));
	if (scratch_setup_store(state) != 0)
		return -1;
	fleet_host_start(*state);
	issuer_start(&hub, "hub");
	issuer_start(&web, "web");
	fleet_sample(&record, "text");
	issuer_put(&hub, ID, &record);
	(void)issuer_sign(&hub);
	return 0;
}

static int
teardown(void **state)
{
	issuer_free(&hub);
	issuer_free(&web);
	return scratch_teardown(state);
}

static enum err
apply_to(const struct scratch *scratch, const struct issuer *issuer,
    struct fleet_applied *applied)
{
	return fleet_apply(applied, &scratch->config, &issuer->list,
	    &issuer->trust, NOW, deadline_in(MINUTE), &why);
}

static void
expect_applied(const struct scratch *scratch, const struct issuer *issuer,
    size_t written, size_t removed)
{
	struct fleet_applied applied;

	assert_ok(apply_to(scratch, issuer, &applied));
	assert_int_equal(applied.written, written);
	assert_int_equal(applied.removed, removed);
	assert_true(fleet_head_equals(&applied.head, &issuer->head));
}

/* What another process does between comparing and writing; NULL: nothing. */
static void (*meanwhile)(void);

enum err __real_fleet_verify(const struct fleet_list *,
    const struct fleet_expected *, uint8_t (*)[CRYPTO_HASH_LEN],
    struct error *);
enum err __wrap_fleet_verify(const struct fleet_list *,
    const struct fleet_expected *, uint8_t (*)[CRYPTO_HASH_LEN],
    struct error *);

enum err
__wrap_fleet_verify(const struct fleet_list *list,
    const struct fleet_expected *expected, uint8_t (*hashes)[CRYPTO_HASH_LEN],
    struct error *error)
{
	enum err rc = __real_fleet_verify(list, expected, hashes, error);
	void (*now)(void) = meanwhile;

	meanwhile = NULL;
	if (now != NULL)
		now();
	return rc;
}

/* What is known of the id by the issuer; the kind is 0 if nothing is. */
static void
look(const struct scratch *scratch, const char *id, const char *issuer,
    struct fleet_record *record, struct fleet_overlay *overlay)
{
	struct fleet_store *store;
	struct fleet_entry entry;
	const struct fleet_part *part = NULL;
	enum err rc;

	*record = (struct fleet_record){0};
	*overlay = (struct fleet_overlay){0};
	assert_ok(fleet_store_open(
	    &store, &scratch->config, STORE_READ, deadline_in(MINUTE), &why));
	rc = fleet_store_get(store, id, &entry, &why);
	fleet_store_close(store);
	assert_true(rc == ERR_OK || rc == ERR_NOT_FOUND);
	if (rc == ERR_OK)
		part = fleet_entry_find(&entry, issuer);
	if (part != NULL) {
		*overlay = part->overlay;
		if (part->len > 0)
			assert_ok(fleet_record_decode(
			    record, part->bytes, part->len));
	}
	fleet_entry_free(&entry);
}

static enum fleet_kind
kind_of(const struct scratch *scratch, const char *id, const char *issuer)
{
	struct fleet_record record;
	struct fleet_overlay overlay;

	look(scratch, id, issuer, &record, &overlay);
	return record.kind;
}

static void
test_what_is_signed_is_there(void **state)
{
	struct fleet_record record;
	struct fleet_overlay overlay;
	struct fleet_store *store;
	uint8_t hash[CRYPTO_HASH_LEN];

	expect_applied(*state, &hub, 1, 0);
	look(*state, ID, "hub", &record, &overlay);
	assert_string_equal(record.token.user, "alice");
	assert_int_equal(record.token.expires, NOW + 30 * DAY);
	/* Not the digest that all machines could read */
	crypto_plain_hash(hash, "text", 4);
	assert_memory_not_equal(record.token.digest, hash, sizeof(hash));
	assert_ok(fleet_store_open(&store, &((struct scratch *)*state)->config,
	    STORE_READ, deadline_in(MINUTE), &why));
	fleet_store_digest(store, hash, hash);
	fleet_store_close(store);
	assert_memory_equal(record.token.digest, hash, sizeof(hash));
}

static void
test_changes_and_removals(void **state)
{
	struct fleet_record record;
	struct fleet_overlay overlay;

	expect_applied(*state, &hub, 1, 0);
	fleet_sample_revoke(&record);
	issuer_put(&hub, OTHER, &record);
	(void)issuer_sign(&hub);
	expect_applied(*state, &hub, 1, 0);
	assert_int_equal(kind_of(*state, OTHER, "hub"), FLEET_REVOKE);
	fleet_sample(&record, "text");
	record.token.state = RECORD_REVOKED;
	record.token.ended.at = NOW;
	issuer_put(&hub, ID, &record);
	issuer_drop(&hub, OTHER);
	(void)issuer_sign(&hub);
	expect_applied(*state, &hub, 1, 1);
	look(*state, ID, "hub", &record, &overlay);
	assert_int_equal(record.token.state, RECORD_REVOKED);
	assert_int_equal(kind_of(*state, OTHER, "hub"), 0);
}

static void
test_again_writes_nothing(void **state)
{
	struct fleet_applied applied;

	expect_applied(*state, &hub, 1, 0);
	memset(&disk, 0, sizeof(disk));
	assert_ok(apply_to(*state, &hub, &applied));
	assert_false(applied.is_new);
	assert_int_equal(applied.written + applied.removed, 0);
	/* fleet_store_create syncs what a killed process may have left. */
	assert_int_equal(disk.syncs, 0);
}

/* Refused lists leave what is there. */
static void
test_refused(void **state)
{
	struct fleet_applied applied;
	struct fleet_head old;

	expect_applied(*state, &hub, 1, 0);
	old = hub.list.head;
	issuer_drop(&hub, ID);
	(void)issuer_sign(&hub);
	hub.list.head.count++;
	assert_err(ERR_REFUSED, apply_to(*state, &hub, &applied));
	assert_int_equal(kind_of(*state, ID, "hub"), FLEET_TOKEN);
	hub.list.head.count--;
	expect_applied(*state, &hub, 0, 1);
	hub.list.head = old;
	assert_err(ERR_REFUSED, apply_to(*state, &hub, &applied));
	assert_says("older than what is applied here");
	assert_int_equal(kind_of(*state, ID, "hub"), 0);
}

static void
test_in_no_fleet(void **state)
{
	struct scratch *scratch = *state;
	struct fleet_applied applied;

	scratch->config.fleet.id[0] = '\0';
	assert_err(ERR_CONFIG, apply_to(scratch, &hub, &applied));
	assert_says("[fleet] id is not set");
}

/* A head that was renewed stays so, though an engine brings the old one. */
static void
test_renewed(void **state)
{
	struct fleet_applied applied;
	struct fleet_head old;

	expect_applied(*state, &hub, 1, 0);
	old = hub.list.head;
	hub.head.time = NOW + 60;
	hub.head.valid_until = NOW + 2 * DAY;
	issuer_sign_head(&hub);
	expect_applied(*state, &hub, 0, 0);
	hub.list.head = old;
	assert_ok(apply_to(*state, &hub, &applied));
	assert_false(applied.is_new);
	assert_int_equal(applied.head.valid_until, NOW + 2 * DAY);
}

static const struct scratch *other_scratch;
static struct issuer newer; /* hub, a step further */

static void
apply_newer(void)
{
	expect_applied(other_scratch, &newer, 0, 1);
}

static void
test_another_applies_meanwhile(void **state)
{
	struct fleet_applied applied;
	struct fleet_record record;

	expect_applied(*state, &hub, 1, 0);
	other_scratch = *state;
	issuer_start(&newer, "hub");
	newer.head.seq = 2;
	(void)issuer_sign(&newer);
	fleet_sample_revoke(&record);
	issuer_put(&hub, OTHER, &record);
	(void)issuer_sign(&hub);
	meanwhile = apply_newer;
	assert_err(ERR_REFUSED, apply_to(*state, &hub, &applied));
	assert_says("older than what is applied here");
	assert_int_equal(kind_of(*state, ID, "hub"), 0);
	assert_int_equal(kind_of(*state, OTHER, "hub"), 0);
	issuer_free(&newer);
}

/* Each issuer has its part of an id, and takes nothing of another's. */
static void
test_two_issuers_of_one_id(void **state)
{
	struct fleet_record record;

	fleet_sample_revoke(&record);
	issuer_put(&web, ID, &record);
	(void)issuer_sign(&web);
	expect_applied(*state, &hub, 1, 0);
	expect_applied(*state, &web, 1, 0);
	assert_int_equal(kind_of(*state, ID, "hub"), FLEET_TOKEN);
	assert_int_equal(kind_of(*state, ID, "web"), FLEET_REVOKE);
	issuer_drop(&hub, ID);
	(void)issuer_sign(&hub);
	expect_applied(*state, &hub, 0, 1);
	assert_int_equal(kind_of(*state, ID, "hub"), 0);
	assert_int_equal(kind_of(*state, ID, "web"), FLEET_REVOKE);
}

/* What the host says outlives what the issuer says. */
static void
test_overlay_stays(void **state)
{
	const struct scratch *scratch = *state;
	struct fleet_name name = {ID, "hub"};
	struct record_event event = {NOW, "root", "here"};
	struct fleet_record record;
	struct fleet_overlay overlay;
	bool is_new;

	expect_applied(scratch, &hub, 1, 0);
	assert_ok(fleet_overlay_bind(
	    &scratch->config, &name, 1000, true, deadline_in(MINUTE), &why));
	assert_ok(fleet_overlay_bind(
	    &scratch->config, &name, 1001, true, deadline_in(MINUTE), &why));
	assert_ok(fleet_overlay_end(&scratch->config, &name, RECORD_DEACTIVATED,
	    &event, &is_new, deadline_in(MINUTE), &why));
	assert_true(is_new);
	assert_ok(fleet_overlay_end(&scratch->config, &name, RECORD_REVOKED,
	    &event, &is_new, deadline_in(MINUTE), &why));
	assert_false(is_new);
	issuer_drop(&hub, ID);
	(void)issuer_sign(&hub);
	expect_applied(scratch, &hub, 0, 1);
	fleet_sample(&record, "text");
	issuer_put(&hub, ID, &record);
	(void)issuer_sign(&hub);
	expect_applied(scratch, &hub, 1, 0);
	look(scratch, ID, "hub", &record, &overlay);
	assert_int_equal(record.kind, FLEET_TOKEN);
	assert_true(overlay.has_uid);
	assert_int_equal(overlay.uid, 1000);
	assert_int_equal(overlay.state, RECORD_DEACTIVATED);
	assert_string_equal(overlay.ended.reason, "here");
	strcpy(name.issuer, "web");
	assert_err(ERR_NOT_FOUND,
	    fleet_overlay_bind(&scratch->config, &name, 1000, true,
		deadline_in(MINUTE), &why));
}

static const char *
database(const struct scratch *scratch)
{
	return scratch_path(scratch, DIRECTORY FLEET_DATABASE);
}

/* Damage is trouble for its id, and for what would write over it. */
static void
test_damage(void **state)
{
	const struct scratch *scratch = *state;
	struct fleet_applied applied;
	struct fleet_record record;
	size_t len;
	uint8_t *bytes, *at;

	expect_applied(scratch, &hub, 1, 0);
	bytes = scratch_read(database(scratch), &len);
	at = memmem(bytes, len, "alice", 5);
	assert_non_null(at);
	*at ^= 1;
	scratch_write(database(scratch), bytes, len, 0600);
	free(bytes);
	fleet_sample_revoke(&record);
	issuer_put(&hub, OTHER, &record);
	(void)issuer_sign(&hub);
	assert_err(ERR_DAMAGED, apply_to(scratch, &hub, &applied));
	assert_says("move the file away");
	assert_int_equal(unlink(database(scratch)), 0);
	expect_applied(scratch, &hub, 2, 0);
}

/* Whatever is read of it, a change of it is found. */
static void
test_check(void **state)
{
	const struct scratch *scratch = *state;
	const struct config *config = &scratch->config;
	unsigned tried = 0, found = 0;
	uint8_t *bytes, *at;
	size_t len;

	assert_ok(fleet_store_check(config, deadline_in(MINUTE), &why));
	expect_applied(scratch, &hub, 1, 0);
	assert_ok(fleet_store_check(config, deadline_in(MINUTE), &why));
	bytes = scratch_read(database(scratch), &len);
	at = memmem(bytes, len, "alice", 5);
	assert_non_null(at);
	for (size_t i = 0; i < 60; i++) {
		at[i] ^= 1;
		scratch_write(database(scratch), bytes, len, 0600);
		at[i] ^= 1;
		tried++;
		found += fleet_store_check(config, deadline_in(MINUTE), &why) ==
		    ERR_DAMAGED;
	}
	assert_int_equal(found, tried);
	assert_says("move the file away");
	free(bytes);
}

/* As if a page of the disk were gone: nothing is known of the id. */
static void
lose(const struct scratch *scratch, const char *id)
{
	static const struct fleet_entry NOTHING = {0};
	struct fleet_store *store;

	assert_ok(fleet_store_open(
	    &store, &scratch->config, STORE_WRITE, deadline_in(MINUTE), &why));
	assert_ok(fleet_store_put(store, id, &NOTHING, &why));
	assert_ok(fleet_store_commit(store, &why));
	fleet_store_close(store);
}

/* It is not put in its place again: others had said more of it. */
static void
test_a_record_is_lost(void **state)
{
	const struct scratch *scratch = *state;
	struct fleet_applied applied;

	expect_applied(scratch, &hub, 1, 0);
	lose(scratch, ID);
	assert_err(ERR_DAMAGED, apply_to(scratch, &hub, &applied));
	assert_says("what is known of issuer hub is damaged; move the file");
	assert_int_equal(unlink(database(scratch)), 0);
	expect_applied(scratch, &hub, 1, 0);
}

static void
test_another_key(void **state)
{
	const struct scratch *scratch = *state;
	struct fleet_applied applied;
	uint8_t key[CRYPTO_KEY_LEN] = {1};

	expect_applied(scratch, &hub, 1, 0);
	scratch_write(scratch_key(scratch), key, sizeof(key), 0600);
	assert_err(ERR_KEY, apply_to(scratch, &hub, &applied));
}

static void
test_without_a_key(void **state)
{
	const struct scratch *scratch = *state;
	struct fleet_applied applied;

	assert_int_equal(unlink(scratch_key(scratch)), 0);
	assert_err(ERR_MISSING, apply_to(scratch, &hub, &applied));
	assert_says("tokenadm init");
	assert_int_equal(access(database(scratch), F_OK), -1);
}

/* A step that makes the file grow: a changed record, new ones, one removed. */
static void
make_step(void)
{
	struct fleet_record record;

	fleet_sample(&record, "text");
	record.token.state = RECORD_REVOKED;
	record.token.ended.at = NOW;
	issuer_put(&hub, ID, &record);
	issuer_drop(&hub, OTHER);
	for (unsigned i = 0; i < 40; i++) {
		char id[TOKEN_ID_LEN + 1];

		(void)snprintf(id, sizeof(id), "00000000%02u", i);
		fleet_sample(&record, id);
		issuer_put(&hub, id, &record);
	}
	(void)issuer_sign(&hub);
}

/* All of the step, or none of it; a later apply completes it. */
static bool
is_stepped(const struct scratch *scratch)
{
	struct fleet_record record;
	struct fleet_overlay overlay;
	struct fleet_store *store;
	struct fleet_head head;
	bool is_new;

	look(scratch, ID, "hub", &record, &overlay);
	is_new = record.token.state == RECORD_REVOKED;
	assert_int_equal(
	    kind_of(scratch, OTHER, "hub"), is_new ? 0 : FLEET_REVOKE);
	assert_int_equal(
	    kind_of(scratch, "0000000000", "hub"), is_new ? FLEET_TOKEN : 0);
	assert_int_equal(
	    kind_of(scratch, "0000000039", "hub"), is_new ? FLEET_TOKEN : 0);
	assert_ok(fleet_store_open(
	    &store, &scratch->config, STORE_READ, deadline_in(MINUTE), &why));
	assert_ok(fleet_store_get_head(store, "hub", &head, &why));
	fleet_store_close(store);
	assert_int_equal(head.seq, is_new ? hub.head.seq : hub.head.seq - 1);
	return is_new;
}

static void
start_step(const struct scratch *scratch)
{
	struct fleet_record record;

	fleet_sample_revoke(&record);
	issuer_put(&hub, OTHER, &record);
	(void)issuer_sign(&hub);
	expect_applied(scratch, &hub, 2, 0);
	make_step();
	assert_false(is_stepped(scratch));
	memset(&disk, 0, sizeof(disk));
}

struct killing {
	const struct scratch *scratch;
	unsigned at;
};

static int
apply_until_killed(void *arg)
{
	const struct killing *killing = arg;
	struct fleet_applied applied;

	memset(&disk, 0, sizeof(disk));
	disk.kill_at = killing->at;
	CHILD_REQUIRE(apply_to(killing->scratch, &hub, &applied) == ERR_OK);
	return 0;
}

static void
test_killed_anywhere(void **state)
{
	const struct scratch *scratch = *state;
	struct killing killing = {scratch, 0};
	unsigned killed = 0;
	bool done = false;
	uint8_t *bytes;
	size_t len;

	start_step(scratch);
	bytes = scratch_read(database(scratch), &len);
	while (!done && killing.at < MOST_CALLS) {
		int status;

		scratch_write(database(scratch), bytes, len, 0600);
		killing.at++;
		status = child_wait(child_start(apply_until_killed, &killing));
		done = WIFEXITED(status);
		assert_true(done ? WEXITSTATUS(status) == 0
				 : WTERMSIG(status) == SIGKILL);
		killed += !done;
		if (done || !is_stepped(scratch))
			continue;
		expect_applied(scratch, &hub, 0, 0);
	}
	assert_true(done);
	assert_in_range(killed, 10, MOST_CALLS);
	assert_true(is_stepped(scratch));
	free(bytes);
}

static void
test_a_full_disk(void **state)
{
	const struct scratch *scratch = *state;
	struct fleet_applied applied;
	unsigned at = 0, failed = 0;
	bool reached = true;
	uint8_t *bytes;
	size_t len;

	start_step(scratch);
	bytes = scratch_read(database(scratch), &len);
	while (reached && at < MOST_CALLS) {
		enum err rc;

		scratch_write(database(scratch), bytes, len, 0600);
		memset(&disk, 0, sizeof(disk));
		disk.fail_at = ++at;
		disk.error = ENOSPC;
		rc = apply_to(scratch, &hub, &applied);
		reached = disk.calls >= at;
		disk.fail_at = 0;
		failed += rc != ERR_OK;
		if (rc == ERR_OK)
			assert_true(is_stepped(scratch));
		else
			(void)is_stepped(scratch);
		/* The next apply finishes it. */
		assert_ok(apply_to(scratch, &hub, &applied));
		assert_true(is_stepped(scratch));
	}
	assert_in_range(failed, 8, MOST_CALLS);
	free(bytes);
}

/* Random steps: the store is what was signed last, and its set the head's. */
static void
test_random_steps(void **state)
{
	struct unit_random random;
	struct fleet_record record;

	unit_random_start(&random);
	for (unsigned step = 0; step < 60; step++) {
		for (unsigned i = 0; i < 5; i++) {
			char id[TOKEN_ID_LEN + 1];
			unsigned number = unit_random_below(&random, 20);
			bool is_there = false;

			(void)snprintf(id, sizeof(id), "%010u", number);
			for (size_t k = 0; k < web.count; k++)
				is_there = is_there ||
				    strcmp(web.records[k].id, id) == 0;
			if (is_there && unit_random_below(&random, 2) == 0) {
				issuer_drop(&web, id);
				continue;
			}
			fleet_sample(&record, id);
			record.token.expires = NOW +
			    unit_random_below(&random, 1000);
			issuer_put(&web, id, &record);
		}
		/* Some steps are never seen. */
		(void)issuer_sign(&web);
		if (unit_random_below(&random, 3) > 0) {
			struct fleet_applied applied;

			assert_ok(apply_to(*state, &web, &applied));
			assert_ok(apply_to(*state, &web, &applied));
			assert_int_equal(applied.written + applied.removed, 0);
		}
	}
}

#define APPLY_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    APPLY_TEST(test_what_is_signed_is_there),
	    APPLY_TEST(test_changes_and_removals),
	    APPLY_TEST(test_again_writes_nothing),
	    APPLY_TEST(test_refused),
	    APPLY_TEST(test_in_no_fleet),
	    APPLY_TEST(test_renewed),
	    APPLY_TEST(test_another_applies_meanwhile),
	    APPLY_TEST(test_two_issuers_of_one_id),
	    APPLY_TEST(test_overlay_stays),
	    APPLY_TEST(test_damage),
	    APPLY_TEST(test_check),
	    APPLY_TEST(test_a_record_is_lost),
	    APPLY_TEST(test_another_key),
	    APPLY_TEST(test_without_a_key),
	    APPLY_TEST(test_killed_anywhere),
	    APPLY_TEST(test_a_full_disk),
	    APPLY_TEST(test_random_steps),
	};

	return unit_run(tests);
}
