/* store.h without trouble; test_store_trouble.c has the rest. */
#include "store/store.h"

#include <stdlib.h>
#include <string.h>

#include "lib/scratch.h"
#include "lib/unit.h"
#include "store/key.h"
#include "tdb/db.h"

static void
expect_token(const struct scratch *scratch, const struct record *record)
{
	struct record back;
	struct store *store;

	assert_ok(scratch_open(scratch, &store, STORE_READ));
	assert_ok(store_get(store, record->id, &back, &why));
	assert_true(sample_equal(record, &back));
	store_close(store);
}

static void
expect_no_token(const struct scratch *scratch, const char *id)
{
	static const struct record EMPTY;
	struct record back;
	struct store *store;

	memset(&back, 0x55, sizeof(back));
	assert_ok(scratch_open(scratch, &store, STORE_READ));
	assert_err(ERR_NOT_FOUND, store_get(store, id, &back, &why));
	assert_says(id);
	assert_true(sample_equal(&back, &EMPTY));
	store_close(store);
}

/* The user's index names exactly these tokens, in this order. */
static void
expect_index(const struct scratch *scratch, const char *user,
    const struct record *records, size_t count)
{
	struct index index = {.count = 99};
	struct store *store;

	assert_ok(scratch_open(scratch, &store, STORE_READ));
	assert_ok(store_get_index(store, user, &index, &why));
	assert_int_equal(index.count, count);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(index.ids[i], records[i].id);
	index_free(&index);
	store_close(store);
}

static void
test_what_was_added_is_found_again(void **state)
{
	struct record records[2];

	sample_record(&records[0], "alice", "laptop");
	sample_largest(&records[1]);
	/* test_record.c judges whether these are kept */
	records[1].created.reason[0] = records[1].approved.reason[0] = '\0';
	for (size_t i = 0; i < COUNT_OF(records); i++) {
		expect_no_token(*state, records[i].id);
		assert_ok(sample_add(*state, &records[i]));
		expect_token(*state, &records[i]);
	}
	expect_token(*state, &records[0]);
	expect_index(*state, "alice", &records[0], 1);
	expect_index(*state, records[1].user, &records[1], 1);
	expect_index(*state, "nobody", NULL, 0);
}

static void
test_index_keeps_the_order_of_issue(void **state)
{
	struct record records[40];
	struct store *store;

	assert_ok(scratch_open(*state, &store, STORE_WRITE));
	for (size_t i = 0; i < COUNT_OF(records); i++) {
		sample_record(&records[i], "alice", "laptop");
		assert_ok(store_add(store, &records[i], &why));
	}
	assert_ok(store_commit(store, &why));
	store_close(store);
	expect_index(*state, "alice", records, COUNT_OF(records));
}

static void
test_an_id_is_added_once(void **state)
{
	struct record first, second;
	struct store *store;

	sample_record(&first, "alice", "laptop");
	sample_record(&second, "bob", "phone");
	strcpy(second.id, first.id);
	assert_ok(sample_add(*state, &first));
	assert_ok(scratch_open(*state, &store, STORE_WRITE));
	assert_err(ERR_EXISTS, store_add(store, &second, &why));
	assert_says(first.id);
	assert_ok(store_commit(store, &why));
	store_close(store);
	expect_token(*state, &first);
	expect_index(*state, "bob", NULL, 0);
}

static void
test_put_replaces(void **state)
{
	struct record record;
	struct store *store;

	sample_record(&record, "alice", "laptop");
	assert_ok(sample_add(*state, &record));
	record.state = RECORD_REVOKED;
	record.ended = (struct record_event){NOW, "root", "lost"};
	assert_ok(scratch_open(*state, &store, STORE_WRITE));
	assert_ok(store_put(store, &record, &why));
	assert_ok(store_commit(store, &why));
	store_close(store);
	expect_token(*state, &record);
	expect_index(*state, "alice", &record, 1);
}

static void
test_put_of_too_much_is_refused(void **state)
{
	struct record record;
	struct store *store;

	sample_record(&record, "alice", "laptop");
	record.from_count = RECORD_NETWORKS_MAX + 1;
	assert_ok(scratch_open(*state, &store, STORE_WRITE));
	assert_err(ERR_INTERNAL, store_put(store, &record, &why));
	assert_says(record.id);
	store_close(store);
	expect_no_token(*state, record.id);
}

static void
test_remove_takes_it_out_everywhere(void **state)
{
	struct record records[3];
	struct store *store;

	for (size_t i = 0; i < COUNT_OF(records); i++) {
		sample_record(&records[i], "alice", "laptop");
		assert_ok(sample_add(*state, &records[i]));
	}
	assert_ok(scratch_open(*state, &store, STORE_WRITE));
	assert_ok(store_remove(store, &records[0], &why));
	assert_ok(store_commit(store, &why));
	store_close(store);
	expect_no_token(*state, records[0].id);
	expect_index(*state, "alice", records + 1, 2);
	assert_ok(scratch_open(*state, &store, STORE_WRITE));
	assert_ok(store_remove(store, &records[1], &why));
	assert_ok(store_remove(store, &records[2], &why));
	assert_ok(store_remove(store, &records[2], &why)); /* a second time */
	assert_ok(store_commit(store, &why));
	store_close(store);
	expect_index(*state, "alice", NULL, 0);
}

static void
test_what_was_not_committed_is_undone(void **state)
{
	struct record kept, changed, added;
	struct store *store;

	sample_record(&kept, "alice", "laptop");
	sample_record(&added, "alice", "phone");
	assert_ok(sample_add(*state, &kept));
	changed = kept;
	changed.state = RECORD_REVOKED;
	assert_ok(scratch_open(*state, &store, STORE_WRITE));
	assert_ok(store_put(store, &changed, &why));
	assert_ok(store_add(store, &added, &why));
	store_close(store);
	expect_token(*state, &kept);
	expect_no_token(*state, added.id);
	expect_index(*state, "alice", &kept, 1);
}

static void
test_a_reader_writes_nothing(void **state)
{
	struct record kept, changed;
	size_t before_len, after_len;
	uint8_t *before, *after;
	struct store *store;

	sample_record(&kept, "alice", "laptop");
	assert_ok(sample_add(*state, &kept));
	before = scratch_read(scratch_database(*state), &before_len);
	changed = kept;
	changed.state = RECORD_REVOKED;
	assert_ok(scratch_open(*state, &store, STORE_READ));
	assert_int_not_equal(store_put(store, &changed, &why), ERR_OK);
	assert_int_not_equal(store_remove(store, &kept, &why), ERR_OK);
	assert_int_not_equal(store_commit(store, &why), ERR_OK);
	store_close(store);
	after = scratch_read(scratch_database(*state), &after_len);
	assert_int_equal(before_len, after_len);
	assert_memory_equal(before, after, after_len);
	free(before);
	free(after);
}

/*
 * A committed transaction is over: later changes would be neither complete nor
 * durable.
 */
static void
test_nothing_is_written_after_the_commit(void **state)
{
	struct record first, late;
	struct store *store;

	sample_record(&first, "alice", "laptop");
	sample_record(&late, "alice", "phone");
	assert_ok(scratch_open(*state, &store, STORE_WRITE));
	assert_ok(store_add(store, &first, &why));
	assert_ok(store_commit(store, &why));
	assert_int_not_equal(store_put(store, &late, &why), ERR_OK);
	store_close(store);
	expect_token(*state, &first);
	expect_no_token(*state, late.id);
}

static enum err
note_user(const char *user, void *arg)
{
	char *seen = arg;

	if (strlen(seen) + strlen(user) + 2 > 512)
		return ERR_INTERNAL;
	strcat(seen, user);
	strcat(seen, ";");
	return ERR_OK;
}

static enum err
stop(const char *user, void *arg)
{
	(void)user;
	++*(int *)arg;
	return ERR_POLICY;
}

static void
test_each_user_is_named_once(void **state)
{
	static const char *const USERS[] = {"alice", "bob", "a"};
	char longest[RECORD_USER_MAX + 1], seen[512] = "";
	struct record record;
	struct store *store;
	int calls = 0;

	memset(longest, 'z', RECORD_USER_MAX);
	longest[RECORD_USER_MAX] = '\0';
	for (size_t i = 0; i < 2 * COUNT_OF(USERS); i++) {
		sample_record(&record, USERS[i / 2], "laptop");
		assert_ok(sample_add(*state, &record));
	}
	sample_record(&record, longest, "laptop");
	assert_ok(sample_add(*state, &record));
	assert_ok(scratch_open(*state, &store, STORE_READ));
	assert_ok(store_each_user(store, note_user, seen, &why));
	assert_int_equal(strlen(seen), 5 + 3 + 1 + RECORD_USER_MAX + 4);
	assert_non_null(strstr(seen, "alice;"));
	assert_non_null(strstr(seen, "bob;"));
	assert_non_null(strstr(seen, "a;"));
	assert_non_null(strstr(seen, longest));
	assert_err(ERR_POLICY, store_each_user(store, stop, &calls, &why));
	assert_int_equal(calls, 1);
	store_close(store);
}

static void
test_a_user_called_like_a_token(void **state)
{
	struct record one, two;

	sample_record(&one, "alice", "laptop");
	sample_record(&two, one.id, "laptop");
	assert_ok(sample_add(*state, &one));
	assert_ok(sample_add(*state, &two));
	expect_token(*state, &one);
	expect_token(*state, &two);
	expect_index(*state, one.id, &two, 1);
	expect_index(*state, "alice", &one, 1);
}

static void
test_matches_the_very_token(void **state)
{
	char text[TOKEN_LEN + 1], other[TOKEN_LEN + 1];
	struct record record;
	struct store *store;

	sample_record(&record, "alice", "laptop");
	assert_ok(token_make(text, record.id));
	assert_ok(scratch_open(*state, &store, STORE_READ));
	store_digest(store, text, record.digest);
	assert_true(store_matches(store, text, &record));
	for (size_t i = 0; i < TOKEN_LEN; i++) {
		strcpy(other, text);
		other[i] ^= 1;
		assert_false(store_matches(store, other, &record));
	}
	record.digest[CRYPTO_HASH_LEN - 1] ^= 0x80;
	assert_false(store_matches(store, text, &record));
	store_close(store);
}

/* A short one, drawn for its record; and however it is typed. */
static void
test_matches_a_short_token_as_typed(void **state)
{
	char text[TOKEN_LEN + 1], id[TOKEN_ID_LEN + 1];
	struct record record;
	struct store *store;

	sample_record(&record, "alice", "printer");
	record.is_short = true;
	assert_ok(scratch_open(*state, &store, STORE_READ));
	assert_ok(store_draw_token(store, &record, text, &why));
	assert_int_equal(strlen(text), TOKEN_SHORT_LEN);
	assert_true(token_parse(text, id));
	assert_string_equal(record.id, id);
	assert_true(store_matches(store, text, &record));
	for (char *at = text; *at != '\0'; at++) {
		if (*at >= 'a' && *at <= 'z')
			*at = (char)(*at - 'a' + 'A');
		else if (*at == '0')
			*at = 'O';
	}
	assert_true(store_matches(store, text, &record));
	/* A long token's id with another's secret */
	assert_ok(token_make_short(text, id));
	assert_false(store_matches(store, text, &record));
	record.is_short = false;
	assert_ok(store_draw_token(store, &record, text, &why));
	assert_int_equal(strlen(text), TOKEN_LEN);
	assert_true(store_matches(store, text, &record));
	store_close(store);
}

/* Two steps: the inner one needs no key. */
static void
test_digest_is_of_the_hash(void **state)
{
	uint8_t hash[CRYPTO_HASH_LEN], expected[CRYPTO_HASH_LEN];
	uint8_t digest[CRYPTO_HASH_LEN];
	char text[TOKEN_LEN + 1], id[TOKEN_ID_LEN + 1];
	struct scratch *scratch = *state;
	struct keys keys;
	struct store *store;

	assert_ok(token_make(text, id));
	assert_ok(scratch_open(scratch, &store, STORE_READ));
	store_digest(store, text, digest);
	store_close(store);
	assert_ok(key_read(scratch->config.key, &keys, NULL));
	crypto_plain_hash(hash, text, TOKEN_LEN);
	crypto_digest(expected, keys.digest, hash, sizeof(hash));
	assert_memory_equal(digest, expected, sizeof(expected));
}

static int
add_some(void *arg)
{
	for (int i = 0; i < 10; i++) {
		struct record record;

		sample_record(&record, "alice", "laptop");
		CHILD_REQUIRE(sample_add(arg, &record) == ERR_OK);
	}
	return 0;
}

static void
test_writers_at_once_all_succeed(void **state)
{
	struct index index;
	struct store *store;
	pid_t children[4];

	for (size_t i = 0; i < COUNT_OF(children); i++)
		children[i] = child_start(add_some, *state);
	for (size_t i = 0; i < COUNT_OF(children); i++)
		child_expect_success(children[i]);
	assert_ok(scratch_open(*state, &store, STORE_READ));
	assert_ok(store_get_index(store, "alice", &index, &why));
	assert_int_equal(index.count, 40);
	for (size_t i = 0; i < index.count; i++) {
		struct record record;

		assert_ok(store_get(store, index.ids[i], &record, &why));
	}
	index_free(&index);
	store_close(store);
}

static void
test_close_of_none_is_harmless(void **state)
{
	(void)state;
	store_close(NULL);
	db_close(NULL);
}

#define STORE_TEST(test)                                                       \
	cmocka_unit_test_setup_teardown(                                       \
	    test, scratch_setup_store, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(test_what_was_added_is_found_again),
	    STORE_TEST(test_index_keeps_the_order_of_issue),
	    STORE_TEST(test_an_id_is_added_once),
	    STORE_TEST(test_put_replaces),
	    STORE_TEST(test_put_of_too_much_is_refused),
	    STORE_TEST(test_remove_takes_it_out_everywhere),
	    STORE_TEST(test_what_was_not_committed_is_undone),
	    STORE_TEST(test_a_reader_writes_nothing),
	    STORE_TEST(test_nothing_is_written_after_the_commit),
	    STORE_TEST(test_each_user_is_named_once),
	    STORE_TEST(test_a_user_called_like_a_token),
	    STORE_TEST(test_matches_the_very_token),
	    STORE_TEST(test_matches_a_short_token_as_typed),
	    STORE_TEST(test_digest_is_of_the_hash),
	    STORE_TEST(test_writers_at_once_all_succeed),
	    cmocka_unit_test(test_close_of_none_is_harmless),
	};

	return unit_run(tests);
}
