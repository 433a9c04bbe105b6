/*
 * The result of repair for a whole store, beyond single findings (test_check),
 * random damage (test_flips) and crashes (test_repair_crash): old versions must
 * not come back to life.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/broken.h"
#include "lib/unit.h"
#include "store/key.h"
#include "tdb/db.h"

#define TOKENS 40

static struct record tokens[TOKENS];

/* Forty tokens of eight users. */
static int
setup(void **state)
{
	struct store *store = NULL;
	enum err rc;

	if (scratch_setup_store(state) != 0)
		return -1;
	rc = scratch_open(*state, &store, STORE_WRITE);
	for (int i = 0; rc == ERR_OK && i < TOKENS; i++) {
		char user[16], name[16];

		(void)snprintf(user, sizeof(user), "user%d", i % 8);
		(void)snprintf(name, sizeof(name), "name%d", i);
		sample_record(&tokens[i], user, name);
		rc = store_add(store, &tokens[i], &why);
	}
	if (rc == ERR_OK)
		rc = store_commit(store, &why);
	store_close(store);
	return rc == ERR_OK ? 0 : -1;
}

/* Revokes a token, with a reason so long that its record moves. */
static void
revoke_token(const struct scratch *scratch, struct record *record)
{
	struct store *store;

	record->state = RECORD_REVOKED;
	record->ended.at = NOW + 1;
	memset(record->ended.reason, 'r', RECORD_REASON_MAX);
	assert_ok(scratch_open(scratch, &store, STORE_WRITE));
	assert_ok(store_put(store, record, &why));
	assert_ok(store_commit(store, &why));
	store_close(store);
}

/* Damages every copy of a record that contains these bytes. */
static size_t
break_all(const struct scratch *scratch, const struct record *record,
    const char *part)
{
	size_t at = 0, broken = 0;
	char key[16];

	(void)snprintf(key, sizeof(key), "t%s", record->id);
	while ((at = broken_find(scratch, at + 1, key, strlen(key))) != 0) {
		size_t found = broken_find(scratch, at, part, strlen(part));

		if (found == 0 || found - at > 1024)
			continue;
		broken_overwrite(scratch, found, "?", 1);
		broken++;
	}
	return broken;
}

static enum err
read_token(const struct scratch *scratch, const char *id, struct record *record)
{
	struct store *store;
	enum err rc;

	assert_ok(scratch_open(scratch, &store, STORE_READ));
	rc = store_get(store, id, record, &why);
	store_close(store);
	return rc;
}

static void
test_nothing_to_repair(void **state)
{
	struct repair_report report;
	struct stat before, after;

	assert_int_equal(stat(scratch_database(*state), &before), 0);
	assert_ok(broken_repair(*state, &report));
	assert_int_equal(report.outcome, REPAIR_NOTHING);
	assert_int_equal(report.tokens, TOKENS);
	assert_string_equal(report.kept, "");
	repair_report_free(&report);
	assert_int_equal(stat(scratch_database(*state), &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
}

/* Replaces a token by what a newer version might write. */
static void
make_newer(const struct scratch *scratch, const struct record *record)
{
	uint8_t bytes[1 + CRYPTO_HASH_LEN] = {2};
	char key[TOKEN_ID_LEN + 2];
	struct keys keys;
	struct db *db;

	assert_ok(key_read(scratch_key(scratch), &keys, &why));
	crypto_mac(
	    bytes + 1, keys.record, CRYPTO_NAME_TOKEN, record->id, bytes, 1);
	(void)snprintf(key, sizeof(key), "t%s", record->id);
	assert_ok(db_open(&db, scratch_database(scratch), DB_WRITE, &why));
	assert_ok(db_begin(db, &why));
	assert_ok(db_put(db, key, strlen(key), bytes, sizeof(bytes), &why));
	assert_ok(db_commit(db, &why));
	db_close(db);
}

/* Whatever else is wrong, this version must not throw it away. */
static void
test_what_is_newer_is_left_alone(void **state)
{
	struct repair_report report;
	uint8_t *before, *after;
	size_t len, len_after;

	make_newer(*state, &tokens[3]);
	broken_overwrite(*state, 3, "X", 1);
	before = scratch_read(scratch_database(*state), &len);
	assert_err(ERR_NEWER, broken_repair(*state, &report));
	repair_report_free(&report);
	after = scratch_read(scratch_database(*state), &len_after);
	assert_int_equal(len, len_after);
	assert_memory_equal(before, after, len);
	free(before);
	free(after);
}

/* Every byte of the head that libtdb reads, and some that it does not. */
static void
test_a_damaged_head(void **state)
{
	struct repair_report repair;

	for (size_t at = 0; at < 64; at++) {
		size_t len;
		uint8_t *bytes = scratch_read(scratch_database(*state), &len);
		uint8_t flipped = bytes[at] ^ 0x10;
		struct check_report report;
		struct store *store = NULL;
		enum err rc;

		broken_overwrite(*state, at, &flipped, 1);
		assert_ok(broken_check(*state, &report));
		rc = scratch_open(*state, &store, STORE_READ);
		store_close(store);
		assert_true(rc == ERR_OK || report.findings.count > 0);
		assert_int_equal(report.tokens, TOKENS);
		check_report_free(&report);
		broken_overwrite(*state, at, bytes + at, 1);
		free(bytes);
	}
	broken_overwrite(*state, 0, "nothing", 7);
	assert_found(*state, 1, "the head of the file is damaged");
	assert_ok(broken_repair(*state, &repair));
	assert_int_equal(repair.tokens, TOKENS);
	assert_int_equal(repair.doubtful, 0);
	repair_report_free(&repair);
	assert_found(*state, 0, NULL);
	for (int i = 0; i < TOKENS; i++) {
		struct record found;

		assert_ok(read_token(*state, tokens[i].id, &found));
		assert_true(sample_equal(&found, &tokens[i]));
	}
}

static void
test_an_old_version_is_not_revived(void **state)
{
	struct repair_report report;
	struct record found;

	revoke_token(*state, &tokens[3]);
	assert_true(break_all(*state, &tokens[3], "rrrr") > 0);
	assert_found(*state, 1, "damaged");
	assert_ok(broken_repair(*state, &report));
	assert_int_equal(report.doubtful, 1);
	assert_non_null(strstr(report.changed.lines[0], tokens[3].id));
	assert_non_null(strstr(report.changed.lines[0], "approve"));
	repair_report_free(&report);
	assert_ok(read_token(*state, tokens[3].id, &found));
	assert_int_equal(found.state, RECORD_DEACTIVATED);
	assert_string_equal(found.ended.reason, REPAIR_REASON);
	assert_string_equal(found.ended.by, "tester");
	assert_int_equal(found.ended.at, NOW + DAY);
	assert_found(*state, 0, NULL);
}

/* The head and every chain are lost: nothing is beyond doubt. */
static void
test_without_any_chain(void **state)
{
	size_t len = 168 + 4 * (DB_BUCKETS + 1);
	uint8_t *zeroes = calloc(1, len);
	struct repair_report report;
	struct record found;

	revoke_token(*state, &tokens[3]);
	broken_overwrite(*state, 0, zeroes, len);
	free(zeroes);
	assert_ok(broken_repair(*state, &report));
	assert_int_equal(report.tokens, TOKENS);
	assert_int_equal(report.doubtful, TOKENS);
	repair_report_free(&report);
	for (int i = 0; i < TOKENS; i++) {
		assert_ok(read_token(*state, tokens[i].id, &found));
		assert_int_equal(
		    found.state, i == 3 ? RECORD_REVOKED : RECORD_DEACTIVATED);
	}
	assert_found(*state, 0, NULL);
}

static void
test_deleted_tokens_stay_deleted(void **state)
{
	struct repair_report report;
	struct store *store;
	struct record found;

	assert_ok(scratch_open(*state, &store, STORE_WRITE));
	assert_ok(store_remove(store, &tokens[5], &why));
	assert_ok(store_commit(store, &why));
	store_close(store);
	broken_overwrite(*state, 0, "nothing", 7);
	assert_ok(broken_repair(*state, &report));
	assert_int_equal(report.tokens, TOKENS - 1);
	repair_report_free(&report);
	assert_err(ERR_NOT_FOUND, read_token(*state, tokens[5].id, &found));
}

static void
test_the_damaged_one_is_kept(void **state)
{
	struct repair_report report;
	size_t before, after;
	char kept[SCRATCH_PATH];
	uint8_t *was, *is;
	struct stat st;

	broken_overwrite(*state, 0, "nothing", 7);
	was = scratch_read(scratch_database(*state), &before);
	assert_ok(broken_repair(*state, &report));
	assert_non_null(strstr(report.kept, "tokens.tdb.damaged-20270116T"));
	assert_int_equal(stat(report.kept, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	is = scratch_read(report.kept, &after);
	assert_int_equal(before, after);
	assert_memory_equal(was, is, before);
	free(is);
	strcpy(kept, report.kept);
	repair_report_free(&report);
	/* In the same second again: never overwrites the first. */
	broken_overwrite(*state, 0, "nothing", 7);
	assert_ok(broken_repair(*state, &report));
	assert_string_not_equal(report.kept, kept);
	assert_int_equal(access(report.kept, F_OK), 0);
	repair_report_free(&report);
	is = scratch_read(kept, &after);
	assert_int_equal(before, after);
	assert_memory_equal(was, is, before);
	free(was);
	free(is);
}

static void
test_nothing_that_can_be_read(void **state)
{
	struct repair_report report;
	uint8_t *zeroes = calloc(1, 1U << 20);

	scratch_write(scratch_database(*state), zeroes, 1U << 20, 0600);
	free(zeroes);
	assert_err(ERR_DAMAGED, broken_repair(*state, &report));
	assert_says("backup");
	repair_report_free(&report);
	scratch_write(scratch_database(*state), "", 0, 0600);
	assert_err(ERR_DAMAGED, broken_repair(*state, &report));
	repair_report_free(&report);
}

#define REPAIR_TEST(test)                                                      \
	cmocka_unit_test_setup_teardown(test, setup, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    REPAIR_TEST(test_nothing_to_repair),
	    REPAIR_TEST(test_what_is_newer_is_left_alone),
	    REPAIR_TEST(test_a_damaged_head),
	    REPAIR_TEST(test_an_old_version_is_not_revived),
	    REPAIR_TEST(test_without_any_chain),
	    REPAIR_TEST(test_deleted_tokens_stay_deleted),
	    REPAIR_TEST(test_the_damaged_one_is_kept),
	    REPAIR_TEST(test_nothing_that_can_be_read),
	};

	return unit_run(tests);
}
