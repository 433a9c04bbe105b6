#include "check/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto.h"
#include "lib/broken.h"
#include "lib/unit.h"
#include "tdb/db.h"

#define LISTS_START 168 /* in the file: free list, then the chains */

/* alice has two tokens, bob has one. */
static struct record alice1, alice2, bob1;

static int
setup(void **state)
{
	if (scratch_setup_store(state) != 0)
		return -1;
	sample_record(&alice1, "alice", "one");
	sample_record(&alice2, "alice", "two");
	sample_record(&bob1, "bob", "one");
	return sample_add(*state, &alice1) == ERR_OK &&
		sample_add(*state, &alice2) == ERR_OK &&
		sample_add(*state, &bob1) == ERR_OK
	    ? 0
	    : -1;
}

/* After a repair nothing is wrong, and this many tokens are there. */
static void
expect_mended(const struct scratch *scratch, uint64_t tokens)
{
	struct repair_report repair;
	struct check_report check;

	assert_ok(broken_repair(scratch, &repair));
	assert_int_equal(repair.outcome, REPAIR_REBUILT);
	assert_int_equal(repair.tokens, tokens);
	repair_report_free(&repair);
	assert_found(scratch, 0, NULL);
	assert_ok(broken_check(scratch, &check));
	assert_int_equal(check.tokens, tokens);
	check_report_free(&check);
}

static void
expect_state(const struct scratch *scratch, const struct record *record,
    enum record_state state)
{
	struct record found;
	struct index index;
	struct store *store;
	bool listed = false;

	assert_ok(scratch_open(scratch, &store, STORE_READ));
	assert_ok(store_get(store, record->id, &found, &why));
	assert_ok(store_get_index(store, record->user, &index, &why));
	store_close(store);
	for (size_t i = 0; i < index.count; i++)
		listed |= strcmp(index.ids[i], record->id) == 0;
	index_free(&index);
	assert_true(listed);
	assert_int_equal(found.state, state);
}

static void
test_an_empty_store_is_content(void **state)
{
	struct scratch *scratch;
	struct check_report report;

	(void)state;
	assert_int_equal(scratch_setup_store((void **)&scratch), 0);
	assert_ok(broken_check(scratch, &report));
	assert_int_equal(report.findings.count, 0);
	assert_int_equal(report.tokens, 0);
	assert_int_equal(report.users, 0);
	check_report_free(&report);
	(void)scratch_teardown((void **)&scratch);
}

static void
test_a_sound_store_is_content(void **state)
{
	struct check_report report;
	size_t before, after;
	uint8_t *was = scratch_read(scratch_database(*state), &before), *is;

	assert_ok(broken_check(*state, &report));
	assert_int_equal(report.findings.count, 0);
	assert_int_equal(report.tokens, 3);
	assert_int_equal(report.users, 2);
	assert_int_equal(report.orphaned, 0);
	check_report_free(&report);
	is = scratch_read(scratch_database(*state), &after);
	assert_int_equal(before, after);
	assert_memory_equal(was, is, before);
	free(was);
	free(is);
}

static void
test_a_record_that_no_index_names(void **state)
{
	const char *const ids[] = {alice2.id, NULL};
	struct broken broken;

	broken_open(&broken, *state);
	broken_put_index(&broken, "alice", ids);
	broken_close(&broken);
	assert_found(*state, 1, alice1.id);
	assert_found(*state, 1, "missing from its user's index");
	expect_mended(*state, 3);
	expect_state(*state, &alice1, RECORD_ACTIVE);
}

static void
test_no_index_at_all(void **state)
{
	struct broken broken;

	broken_open(&broken, *state);
	broken_delete(&broken, "ualice");
	broken_close(&broken);
	assert_found(*state, 2, alice2.id);
	expect_mended(*state, 3);
	expect_state(*state, &alice1, RECORD_ACTIVE);
	expect_state(*state, &alice2, RECORD_ACTIVE);
}

static void
test_an_index_that_names_nothing(void **state)
{
	const char *const ids[] = {bob1.id, "0123456789", NULL};
	struct repair_report repair;
	struct broken broken;

	broken_open(&broken, *state);
	broken_put_index(&broken, "bob", ids);
	broken_close(&broken);
	assert_found(*state, 1, "token 0123456789 of bob: missing");
	assert_ok(broken_repair(*state, &repair));
	assert_int_equal(repair.lost, 1);
	assert_int_equal(repair.tokens, 3);
	assert_string_equal(
	    repair.changed.lines[0], "token 0123456789 of bob: lost");
	repair_report_free(&repair);
	assert_found(*state, 0, NULL);
}

static void
test_a_record_of_another_user(void **state)
{
	struct record moved = alice1;
	struct broken broken;

	strcpy(moved.user, "bob");
	broken_open(&broken, *state);
	broken_put_record(&broken, &moved);
	broken_close(&broken);
	assert_found(*state, 1, "of bob: named by the index of alice");
	expect_mended(*state, 3);
	expect_state(*state, &moved, RECORD_ACTIVE);
}

static void
test_named_twice(void **state)
{
	const char *const both[] = {bob1.id, alice1.id, NULL};
	const char *const same[] = {bob1.id, bob1.id, NULL};
	struct broken broken;

	broken_open(&broken, *state);
	broken_put_index(&broken, "bob", both);
	broken_close(&broken);
	assert_found(*state, 2, "named twice");
	expect_mended(*state, 3);
	broken_open(&broken, *state);
	broken_put_index(&broken, "bob", same);
	broken_close(&broken);
	assert_found(*state, 1, "by the indexes of bob and bob");
}

static void
test_a_damaged_record(void **state)
{
	struct broken broken;
	char key[16];

	(void)snprintf(key, sizeof(key), "t%s", alice1.id);
	broken_open(&broken, *state);
	broken_put(&broken, key, "no record, but of some length");
	broken_close(&broken);
	assert_found(*state, 1, "of alice: damaged");
	assert_found(*state, 1, alice1.id);
	/* The older copy in the recovery area comes back. */
	expect_mended(*state, 3);
	expect_state(*state, &alice1, RECORD_DEACTIVATED);
}

static void
test_a_damaged_index(void **state)
{
	struct broken broken;

	broken_open(&broken, *state);
	broken_put(&broken, "ualice", "no index");
	broken_close(&broken);
	assert_found(*state, 1, "index of alice: damaged");
	expect_mended(*state, 3);
	expect_state(*state, &alice2, RECORD_ACTIVE);
}

static void
test_an_entry_of_no_kind(void **state)
{
	struct broken broken;

	broken_open(&broken, *state);
	broken_put(&broken, "x\033[2J", "y");
	broken_close(&broken);
	assert_found(*state, 1, "whose name is damaged");
	expect_mended(*state, 3);
}

static void
test_the_key_check(void **state)
{
	static const char *const VALUES[] = {
	    NULL, "short", "0123456789abcdef0123456789abcdef"};

	for (size_t i = 0; i < COUNT_OF(VALUES); i++) {
		struct broken broken;

		broken_open(&broken, *state);
		if (VALUES[i] == NULL)
			broken_delete(&broken, "k");
		else
			broken_put(&broken, "k", VALUES[i]);
		broken_close(&broken);
		assert_found(*state, 1, "the key check is");
		if (i == 0)
			expect_mended(*state, 3);
	}
}

static void
test_another_key(void **state)
{
	uint8_t other[CRYPTO_KEY_LEN];
	struct check_report check;
	struct repair_report repair;
	size_t before, after;
	uint8_t *was = scratch_read(scratch_database(*state), &before), *is;

	assert_ok(crypto_random(other, sizeof(other)));
	scratch_write(scratch_key(*state), other, sizeof(other), 0600);
	assert_err(ERR_KEY, broken_check(*state, &check));
	assert_says("restore the key");
	check_report_free(&check);
	assert_err(ERR_KEY, broken_repair(*state, &repair));
	repair_report_free(&repair);
	scratch_write(scratch_key(*state), "short", 5, 0600);
	assert_err(ERR_DAMAGED, broken_check(*state, &check));
	check_report_free(&check);
	is = scratch_read(scratch_database(*state), &after);
	assert_int_equal(before, after);
	assert_memory_equal(was, is, before);
	free(was);
	free(is);
}

static void
test_unsafe_files(void **state)
{
	const char *const paths[] = {scratch_key(*state), scratch_lock(*state),
	    scratch_database(*state)};
	struct repair_report repair;

	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		assert_int_equal(chmod(paths[i], 0640), 0);
		assert_found(*state, 1, "chmod 600");
		assert_found(*state, 1, paths[i]);
		assert_err(ERR_UNSAFE, broken_repair(*state, &repair));
		repair_report_free(&repair);
		assert_int_equal(chmod(paths[i], 0600), 0);
	}
	assert_int_equal(chmod(scratch_path(*state, "lib"), 0777), 0);
	assert_int_equal(chmod(paths[0], 0644), 0);
	assert_found(*state, 2, "chmod 700");
	assert_int_equal(chmod(scratch_path(*state, "lib"), 0700), 0);
	assert_int_equal(chmod(paths[0], 0600), 0);
	assert_found(*state, 0, NULL);
}

static void
test_missing_files(void **state)
{
	const struct {
		const char *path, *says;
	} files[] = {
	    {scratch_key(*state), "the key is missing; restore it"},
	    {scratch_lock(*state), "the lock file is missing; the database"},
	    {scratch_database(*state), "no token database here; restore it"},
	};
	struct check_report report;

	for (size_t i = 0; i < COUNT_OF(files); i++) {
		const char *away = scratch_path(*state, "away");

		assert_int_equal(rename(files[i].path, away), 0);
		assert_err(ERR_MISSING, broken_check(*state, &report));
		assert_says(files[i].says);
		check_report_free(&report);
		assert_int_equal(rename(away, files[i].path), 0);
	}
}

/* A chain that lost its only entry, and its user's index as well. */
static void
test_what_no_chain_leads_to(void **state)
{
	static const uint32_t NONE;
	const char *const names[] = {bob1.id, "bob"};
	char key[16];

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		uint32_t block;
		size_t at;

		(void)snprintf(
		    key, sizeof(key), "%c%s", i == 0 ? 't' : 'u', names[i]);
		/* The last one is in the recovery area, if that exists. */
		block = (uint32_t)broken_find(
			    *state, LISTS_START, key, strlen(key)) -
		    24;
		at = broken_find(*state, LISTS_START, &block, sizeof(block));
		assert_true(at > 0 && at < LISTS_START + 4 * (DB_BUCKETS + 1));
		broken_overwrite(*state, at, &NONE, sizeof(NONE));
	}
	assert_found(*state, 2, bob1.id);
	assert_found(*state, 2, "index of bob: no chain leads to it");
	expect_mended(*state, 3);
	expect_state(*state, &bob1, RECORD_DEACTIVATED);
	expect_state(*state, &alice1, RECORD_ACTIVE);
}

static void
test_many_findings_are_counted(void **state)
{
	struct findings findings = {0};

	(void)state;
	for (int i = 0; i < FINDINGS_KEPT + 5; i++)
		findings_add(&findings, "%d", i);
	assert_int_equal(findings.count, FINDINGS_KEPT + 5);
	assert_int_equal(findings.kept, FINDINGS_KEPT);
	assert_string_equal(findings.lines[FINDINGS_KEPT - 1], "999");
	findings_free(&findings);
}

#define CHECK_TEST(test)                                                       \
	cmocka_unit_test_setup_teardown(test, setup, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_an_empty_store_is_content),
	    CHECK_TEST(test_a_sound_store_is_content),
	    CHECK_TEST(test_a_record_that_no_index_names),
	    CHECK_TEST(test_no_index_at_all),
	    CHECK_TEST(test_an_index_that_names_nothing),
	    CHECK_TEST(test_a_record_of_another_user),
	    CHECK_TEST(test_named_twice),
	    CHECK_TEST(test_a_damaged_record),
	    CHECK_TEST(test_a_damaged_index),
	    CHECK_TEST(test_an_entry_of_no_kind),
	    CHECK_TEST(test_the_key_check),
	    CHECK_TEST(test_another_key),
	    CHECK_TEST(test_unsafe_files),
	    CHECK_TEST(test_missing_files),
	    CHECK_TEST(test_what_no_chain_leads_to),
	    cmocka_unit_test(test_many_findings_are_counted),
	};

	return unit_run(tests);
}
