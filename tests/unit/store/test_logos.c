/* logos.h: logos are stored beside their tokens, move and go with them. */
#include "store/logos.h"

#include <string.h>

#include "lib/images.h"
#include "lib/scratch.h"
#include "lib/unit.h"
#include "store/db_key.h"
#include "store/store_impl.h"

static struct logo logo, back;
static size_t size_told; /* of the database; 0: as it is */
static struct store *store;

size_t __real_tdb_map_size(void *tdb);
size_t __wrap_tdb_map_size(void *tdb);

/* Before and after a write: it grows beyond the room by that. */
size_t
__wrap_tdb_map_size(void *tdb)
{
	return size_told == 0 ? __real_tdb_map_size(tdb) : (size_told += 4096);
}

static void
open_it(void **state, enum store_mode mode)
{
	assert_ok(scratch_open(*state, &store, mode));
}

static void
commit(void)
{
	assert_ok(store_commit(store, &why));
	store_close(store);
}

/* A token with a logo. */
static void
add(void **state, struct record *record, const char *name, char fill)
{
	sample_record(record, "alice", name);
	images_logo(&logo, 3000, fill);
	logo_note(record, &logo);
	open_it(state, STORE_WRITE);
	assert_ok(logos_put(store, record, &logo, &why));
	assert_ok(store_add(store, record, &why));
	commit();
}

static enum err
get(void **state, const struct record *record)
{
	enum err rc;

	open_it(state, STORE_READ);
	rc = logos_get(store, record, &back, &why);
	store_close(store);
	assert_true(
	    rc == ERR_OK || (back.type == PICTURE_NONE && back.len == 0));
	return rc;
}

static enum err
note_value(const char *key, size_t key_len, const uint8_t *value, size_t len,
    void *arg)
{
	(void)key;
	(void)key_len;
	(void)value;
	*(size_t *)arg = len;
	return ERR_OK;
}

/* Whether there is an entry for it in the database, whatever records say. */
static bool
is_there(void **state, const char *id)
{
	char key[DB_KEY_SIZE];
	size_t len = db_key_make(key, DB_LOGO, id), value_len = 0;
	enum err rc;

	open_it(state, STORE_READ);
	rc = db_get(store->db, key, len, note_value, &value_len, &why);
	store_close(store);
	assert_true(rc == ERR_OK || rc == ERR_NOT_FOUND);
	return rc == ERR_OK;
}

static void
test_what_was_put_is_found_again(void **state)
{
	struct record first, second;

	add(state, &first, "first", 'x');
	add(state, &second, "second", 'y');
	assert_ok(get(state, &second));
	assert_int_equal(back.len, logo.len);
	assert_memory_equal(back.bytes, logo.bytes, logo.len);
	assert_ok(get(state, &first));
	assert_true(memcmp(back.bytes, logo.bytes, logo.len) != 0);
}

static void
test_a_token_without_a_logo(void **state)
{
	struct record record;

	sample_record(&record, "alice", "laptop");
	assert_ok(sample_add(*state, &record));
	assert_err(ERR_NOT_FOUND, get(state, &record));
	assert_says("has no logo; give it one with: tokenadm edit");
}

static void
test_it_is_replaced_and_taken_away(void **state)
{
	struct record record;

	add(state, &record, "laptop", 'x');
	images_logo(&logo, 500, 'y');
	logo_note(&record, &logo);
	open_it(state, STORE_WRITE);
	assert_ok(logos_put(store, &record, &logo, &why));
	assert_ok(store_put(store, &record, &why));
	commit();
	assert_ok(get(state, &record));
	assert_int_equal(back.len, 500);
	open_it(state, STORE_WRITE);
	assert_ok(logos_put(store, &record, NULL, &why));
	commit();
	assert_false(is_there(state, record.id));
}

/* Its record names one that is not there, or is not the one that is. */
static void
test_another_than_the_record_names_is_damage(void **state)
{
	struct record record;

	add(state, &record, "laptop", 'x');
	record.logo_mark ^= 1;
	assert_err(ERR_DAMAGED, get(state, &record));
	assert_says("its logo is damaged; the token is not");
	open_it(state, STORE_WRITE);
	assert_ok(logos_put(store, &record, NULL, &why));
	commit();
	assert_err(ERR_DAMAGED, get(state, &record));
	assert_says("its logo is missing; the token is not");
}

/* Even if the caller's copy of the record is from before the logo. */
static void
test_it_goes_with_the_token(void **state)
{
	struct record record;

	add(state, &record, "laptop", 'x');
	assert_true(is_there(state, record.id));
	logo_note(&record, NULL);
	open_it(state, STORE_WRITE);
	assert_ok(store_remove(store, &record, &why));
	commit();
	assert_false(is_there(state, record.id));
}

static void
test_what_is_not_committed_is_not_kept(void **state)
{
	struct record record;

	sample_record(&record, "alice", "laptop");
	images_logo(&logo, 100, 'x');
	open_it(state, STORE_WRITE);
	assert_ok(logos_put(store, &record, &logo, &why));
	store_close(store);
	assert_false(is_there(state, record.id));
	open_it(state, STORE_READ);
	assert_err(ERR_INTERNAL, logos_put(store, &record, &logo, &why));
	store_close(store);
}

static void
test_it_moves(void **state)
{
	struct record from, to;

	add(state, &from, "from", 'x');
	sample_record(&to, "alice", "to");
	open_it(state, STORE_WRITE);
	assert_ok(logos_move(store, &from, &to, &why));
	commit();
	assert_true(from.logo == PICTURE_NONE && from.logo_mark == 0);
	assert_ok(get(state, &to));
	assert_memory_equal(back.bytes, logo.bytes, logo.len);
	assert_false(is_there(state, from.id));
}

static void
test_a_damaged_one_moves_to_nobody(void **state)
{
	struct record from, to;

	add(state, &from, "from", 'x');
	from.logo_mark ^= 1;
	sample_record(&to, "alice", "to");
	logo_note(&to, &logo);
	open_it(state, STORE_WRITE);
	assert_ok(logos_move(store, &from, &to, &why));
	commit();
	assert_true(from.logo == PICTURE_NONE && to.logo == PICTURE_NONE);
	assert_false(is_there(state, from.id));
	assert_false(is_there(state, to.id));
}

static void
test_logos_leave_room_for_tokens(void **state)
{
	struct record record;

	sample_record(&record, "alice", "laptop");
	images_logo(&logo, 100, 'x');
	open_it(state, STORE_WRITE);
	size_told = LOGOS_ROOM - 8192;
	assert_ok(logos_put(store, &record, &logo, &why));
	size_told = LOGOS_ROOM - 4096;
	assert_err(ERR_POLICY, logos_put(store, &record, &logo, &why));
	assert_says("leave no room for another");
	/* A restore puts back what was there. */
	assert_ok(logos_put_back(store, &record, &logo, &why));
	size_told = 0;
	store_close(store);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_what_was_put_is_found_again,
		scratch_setup_store, scratch_teardown),
	    cmocka_unit_test_setup_teardown(test_a_token_without_a_logo,
		scratch_setup_store, scratch_teardown),
	    cmocka_unit_test_setup_teardown(test_it_is_replaced_and_taken_away,
		scratch_setup_store, scratch_teardown),
	    cmocka_unit_test_setup_teardown(
		test_another_than_the_record_names_is_damage,
		scratch_setup_store, scratch_teardown),
	    cmocka_unit_test_setup_teardown(test_it_goes_with_the_token,
		scratch_setup_store, scratch_teardown),
	    cmocka_unit_test_setup_teardown(
		test_what_is_not_committed_is_not_kept, scratch_setup_store,
		scratch_teardown),
	    cmocka_unit_test_setup_teardown(
		test_it_moves, scratch_setup_store, scratch_teardown),
	    cmocka_unit_test_setup_teardown(test_a_damaged_one_moves_to_nobody,
		scratch_setup_store, scratch_teardown),
	    cmocka_unit_test_setup_teardown(test_logos_leave_room_for_tokens,
		scratch_setup_store, scratch_teardown),
	};

	return unit_run(tests);
}
