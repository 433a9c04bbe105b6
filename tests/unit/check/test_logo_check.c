/*
 * What check says of logos, and what repair makes of them: whatever is wrong
 * with one, its token is as good as it was.
 */
#include "check/logo_check.h"

#include <stdio.h>
#include <string.h>

#include "lib/broken.h"
#include "lib/images.h"
#include "lib/unit.h"
#include "store/logos.h"
#include "tdb/db.h"

/* alice's has a logo, bob's has none. */
static struct record alice, bob;
static struct logo logo, back;
static uint8_t value[LOGO_VALUE_MAX];

#define LEN 1500

/* In one transaction. */
static void
put(const struct scratch *scratch, const struct record *record,
    const struct logo *wanted, bool is_new)
{
	struct store *store;

	assert_ok(scratch_open(scratch, &store, STORE_WRITE));
	assert_ok(logos_put(store, record, wanted, &why));
	assert_ok(is_new ? store_add(store, record, &why)
			 : store_put(store, record, &why));
	assert_ok(store_commit(store, &why));
	store_close(store);
}

static int
setup(void **state)
{
	if (scratch_setup_store(state) != 0)
		return -1;
	sample_record(&alice, "alice", "one");
	sample_record(&bob, "bob", "one");
	images_logo(&logo, LEN, 'x');
	logo_note(&alice, &logo);
	put(*state, &alice, &logo, true);
	put(*state, &bob, NULL, true);
	return 0;
}

static const char *
key_of(const struct record *record)
{
	static char key[TOKEN_ID_LEN + 2];

	(void)snprintf(key, sizeof(key), "l%s", record->id);
	return key;
}

/* Writes an entry as it is, around store.h. */
static void
put_value(const struct scratch *scratch, const char *key, size_t len)
{
	struct broken broken;

	broken_open(&broken, scratch);
	assert_ok(db_put(broken.db, key, strlen(key), value, len, &why));
	broken_close(&broken);
}

/* Puts what was sealed for one token where another's is. */
static void
put_sealed(const struct scratch *scratch, const struct record *at,
    const struct record *sealed_for, const struct logo *wanted)
{
	struct broken broken;
	size_t len = 0;

	broken_open(&broken, scratch);
	assert_ok(logo_encode(
	    wanted, sealed_for->id, broken.keys.record, value, &len));
	broken_close(&broken);
	put_value(scratch, key_of(at), len);
}

/* Changes a byte in every copy of alice's logo, or in all but the first. */
static size_t
spoil(const struct scratch *scratch, bool with_first)
{
	const char *key = key_of(&alice);
	size_t at = 0, count = 0;

	while ((at = broken_find(scratch, at + 1, key, strlen(key))) != 0) {
		if (with_first || count > 0)
			broken_overwrite(scratch, at + 100, "?!?!", 4);
		count++;
	}
	return count;
}

/* Repairs it, says so in a line, and leaves nothing to find. */
static void
mend(const struct scratch *scratch, uint64_t changes, const char *text)
{
	struct repair_report report;

	assert_ok(broken_repair(scratch, &report));
	assert_int_equal(report.outcome, REPAIR_REBUILT);
	assert_int_equal(report.tokens, 2);
	assert_int_equal(report.doubtful, 0);
	assert_int_equal(report.lost, 0);
	assert_int_equal(report.changed.count, changes);
	if (changes > 0)
		assert_non_null(strstr(report.changed.lines[0], text));
	repair_report_free(&report);
	assert_found(scratch, 0, NULL);
}

/* Both can log in, and alice's has this logo, or none. */
static void
expect(const struct scratch *scratch, const struct logo *wanted)
{
	struct record found, expected = alice;
	struct store *store;
	enum err rc;

	logo_note(&expected, wanted);
	assert_ok(scratch_open(scratch, &store, STORE_READ));
	assert_ok(store_get(store, bob.id, &found, &why));
	assert_true(sample_equal(&found, &bob));
	assert_ok(store_get(store, alice.id, &found, &why));
	assert_true(sample_equal(&found, &expected));
	rc = logos_get(store, &found, &back, &why);
	store_close(store);
	assert_err(wanted != NULL ? ERR_OK : ERR_NOT_FOUND, rc);
	if (wanted != NULL)
		assert_memory_equal(back.bytes, wanted->bytes, wanted->len);
}

static void
test_a_sound_one_is_content(void **state)
{
	struct check_report report;

	assert_found(*state, 0, NULL);
	assert_ok(broken_check(*state, &report));
	assert_int_equal(report.tokens, 2);
	check_report_free(&report);
	expect(*state, &logo);
}

static void
test_a_damaged_one(void **state)
{
	struct record found;
	struct store *store;

	assert_true(spoil(*state, true) > 0);
	assert_found(*state, 1, "of alice: damaged; the token is not");
	assert_ok(scratch_open(*state, &store, STORE_READ));
	assert_ok(store_get(store, alice.id, &found, &why));
	assert_true(sample_equal(&found, &alice));
	assert_err(ERR_DAMAGED, logos_get(store, &found, &back, &why));
	store_close(store);
	mend(*state, 1, "(`one`): its logo is lost");
	expect(*state, NULL);
}

static void
test_a_copy_is_brought_back(void **state)
{
	struct broken broken;
	size_t copies = 0, at = 0;

	/* The recovery area keeps the pages that a commit has overwritten. */
	broken_open(&broken, *state);
	broken_delete(&broken, key_of(&alice));
	broken_close(&broken);
	while ((at = broken_find(*state, at + 1, key_of(&alice),
		    strlen(key_of(&alice)))) != 0)
		copies++;
	assert_true(copies > 0);
	assert_found(*state, 1, "of alice: missing; the token is not");
	mend(*state, 0, NULL);
	expect(*state, &logo);
}

static void
test_an_older_one_does_not_pass(void **state)
{
	images_logo(&back, LEN, 'y');
	put_sealed(*state, &alice, &alice, &back);
	assert_found(*state, 1, "of alice: damaged");
	(void)spoil(*state, false);
	/* Another than the record names is nobody's. */
	mend(*state, 1, "its logo is lost");
	expect(*state, NULL);
}

static void
test_anothers_does_not_pass(void **state)
{
	put_sealed(*state, &alice, &bob, &logo);
	assert_found(*state, 1, "of alice: damaged");
}

static void
test_one_that_no_record_names(void **state)
{
	put_sealed(*state, &bob, &bob, &logo);
	assert_found(*state, 1, "left behind, since its token has none");
	mend(*state, 0, NULL);
	expect(*state, &logo);
}

static void
test_one_whose_token_is_gone(void **state)
{
	struct record gone = bob;

	memcpy(gone.id, "0123456789", TOKEN_ID_LEN);
	put_sealed(*state, &gone, &gone, &logo);
	assert_found(*state, 1, "left behind by a token that is gone");
	mend(*state, 0, NULL);
	/* Or what may have been one. */
	memset(value, 'v', 100);
	put_value(*state, key_of(&gone), 100);
	assert_found(*state, 1, "left behind by a token that is gone");
	mend(*state, 0, NULL);
	expect(*state, &logo);
}

/* A damaged token is named once, and its logo comes back with it. */
static void
test_one_of_a_damaged_token(void **state)
{
	struct broken broken;
	char key[TOKEN_ID_LEN + 2];

	(void)snprintf(key, sizeof(key), "t%s", alice.id);
	broken_open(&broken, *state);
	broken_put(&broken, key, "x");
	broken_close(&broken);
	assert_found(*state, 1, "damaged; --repair brings back");
}

static void
test_one_that_a_newer_version_wrote(void **state)
{
	const uint8_t head[] = {2, CRYPTO_NAME_LOGO};
	uint8_t context[sizeof(head) + TOKEN_ID_LEN], subkey[CRYPTO_KEY_LEN];
	struct repair_report report;
	struct crypto_stream stream;
	struct broken broken;

	memcpy(context, head, sizeof(head));
	memcpy(context + sizeof(head), alice.id, TOKEN_ID_LEN);
	broken_open(&broken, *state);
	crypto_subkey(subkey, CRYPTO_USE_LOGO, broken.keys.record);
	value[0] = 2;
	assert_ok(crypto_seal_start(&stream, value + 1, subkey));
	crypto_seal(&stream, value + 1 + CRYPTO_STREAM_HEAD, "new", 3, context,
	    sizeof(context), true);
	broken_close(&broken);
	put_value(*state, key_of(&alice), LOGO_VALUE_EXTRA + 3);
	assert_found(*state, 1, "logo of token");
	assert_found(*state, 1, "written by a newer version");
	assert_err(ERR_NEWER, broken_repair(*state, &report));
	repair_report_free(&report);
}

/* Chains of a damaged file may lead to two entries with one key. */
static void
test_two_of_one_token(void **state)
{
	struct findings findings = {.count = 0};
	struct inventory_user user = {.name = alice.user};
	struct inventory_token token = {
	    .sound = true, .user = &user, .logo = alice.logo_mark};
	struct logo_found logos[2] = {
	    {.mark = alice.logo_mark, .offset = 1},
	    {.mark = alice.logo_mark, .offset = 2},
	};
	struct inventory inventory = {
	    .findings = &findings,
	    .tokens = &token,
	    .token_count = 1,
	    .logos = {.items = logos, .count = 2},
	};

	(void)state;
	memcpy(token.id, alice.id, sizeof(token.id));
	memcpy(logos[0].id, alice.id, sizeof(token.id));
	memcpy(logos[1].id, alice.id, sizeof(token.id));
	logo_check(&inventory);
	assert_int_equal(findings.count, 1);
	assert_non_null(strstr(findings.lines[0], "there is another beside"));
	findings_free(&findings);
	/* The other one is damaged. */
	logos[0].mark = 0;
	logo_check(&inventory);
	assert_int_equal(findings.count, 1);
	findings_free(&findings);
	inventory.logos.count = 1;
	logos[0].mark = alice.logo_mark;
	logo_check(&inventory);
	assert_int_equal(findings.count, 0);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, setup, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_a_sound_one_is_content),
	    TEST(test_a_damaged_one),
	    TEST(test_a_copy_is_brought_back),
	    TEST(test_an_older_one_does_not_pass),
	    TEST(test_anothers_does_not_pass),
	    TEST(test_one_that_no_record_names),
	    TEST(test_one_whose_token_is_gone),
	    TEST(test_one_of_a_damaged_token),
	    TEST(test_one_that_a_newer_version_wrote),
	    TEST(test_two_of_one_token),
	};

	return unit_run(tests);
}
