/* db_key.h: only keys that it makes are parsed. */
#include "store/db_key.h"

#include <string.h>

#include "lib/unit.h"

static char key[DB_KEY_SIZE], name[RECORD_USER_MAX + 1];

static void
test_what_is_made_is_parsed(void **state)
{
	static const struct {
		enum db_kind kind;
		const char *name;
	} entries[] = {
	    {DB_CHECK, ""},
	    {DB_TOKEN, "0123456789"},
	    {DB_USER, "a"},
	    {DB_USER, "0123456789"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(entries); i++) {
		size_t len = db_key_make(key, entries[i].kind, entries[i].name);

		assert_int_equal(len, 1 + strlen(entries[i].name));
		assert_int_equal(db_key_parse(key, len, name), entries[i].kind);
		assert_string_equal(name, entries[i].name);
	}
}

/* It is part of the format of the store. */
static void
test_the_bytes(void **state)
{
	(void)state;
	assert_int_equal(db_key_make(key, DB_TOKEN, "0123456789"), 11);
	assert_memory_equal(key, "t0123456789", 11);
	assert_int_equal(db_key_make(key, DB_USER, "alice"), 6);
	assert_memory_equal(key, "ualice", 6);
	assert_int_equal(db_key_make(key, DB_CHECK, ""), 1);
	assert_memory_equal(key, "k", 1);
}

static void
test_the_longest_name(void **state)
{
	char longest[RECORD_USER_MAX + 2];

	(void)state;
	memset(longest, 'x', sizeof(longest));
	longest[RECORD_USER_MAX + 1] = '\0';
	assert_int_equal(
	    db_key_make(key, DB_USER, longest), 1 + RECORD_USER_MAX);
	assert_int_equal(db_key_parse(key, DB_KEY_SIZE, name), DB_USER);
	longest[RECORD_USER_MAX] = '\0';
	assert_string_equal(name, longest);
}

static void
test_what_is_none_of_ours(void **state)
{
	static const struct {
		const char *key;
		size_t len;
	} entries[] = {
	    {"", 0}, {"k", 0}, {"k0", 2}, {"t", 1}, {"t012345678", 10},
	    {"t01234567890", 12}, {"t012345678\0", 11}, {"u", 1},
	    {"ual\0ice", 7}, {"x0123456789", 11},
	    {"\xf4"
	     "0123456789",
		11}, /* a flipped bit of t */
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(entries); i++) {
		strcpy(name, "before");
		assert_int_equal(
		    db_key_parse(entries[i].key, entries[i].len, name),
		    DB_OTHER);
		assert_string_equal(name, "");
	}
}

static void
test_a_name_that_is_too_long(void **state)
{
	char longer[DB_KEY_SIZE + 1];

	(void)state;
	memset(longer, DB_USER, sizeof(longer));
	assert_int_equal(db_key_parse(longer, sizeof(longer), name), DB_OTHER);
	assert_int_equal(
	    db_key_parse(longer, sizeof(longer) - 1, name), DB_USER);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_what_is_made_is_parsed),
	    cmocka_unit_test(test_the_bytes),
	    cmocka_unit_test(test_the_longest_name),
	    cmocka_unit_test(test_what_is_none_of_ours),
	    cmocka_unit_test(test_a_name_that_is_too_long),
	};

	return unit_run(tests);
}
