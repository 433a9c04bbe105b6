#include "base/list.h"

#include <string.h>

#include "base/parse.h"
#include "lib/unit.h"

static void
test_next_gives_each_word(void **state)
{
	const char *rest = "sshd,vsftpd,,x";
	char word[LIST_WORD_MAX + 1];

	(void)state;
	assert_true(list_next(&rest, word));
	assert_string_equal(word, "sshd");
	assert_true(list_next(&rest, word));
	assert_string_equal(word, "vsftpd");
	assert_true(list_next(&rest, word));
	assert_string_equal(word, "");
	assert_true(list_next(&rest, word));
	assert_string_equal(word, "x");
	assert_false(list_next(&rest, word));
	rest = "";
	assert_false(list_next(&rest, word));
}

static void
test_next_cuts_a_long_word(void **state)
{
	char text[LIST_WORD_MAX + 10], word[LIST_WORD_MAX + 1];
	const char *rest = text;

	(void)state;
	memset(text, 'a', sizeof(text));
	strcpy(text + sizeof(text) - 3, ",b");
	assert_true(list_next(&rest, word));
	assert_int_equal(strlen(word), LIST_WORD_MAX);
	assert_true(list_next(&rest, word));
	assert_string_equal(word, "b");
}

static void
test_has(void **state)
{
	(void)state;
	assert_true(list_has("read", "read"));
	assert_true(list_has("read,write", "read"));
	assert_true(list_has("read,write", "write"));
	assert_true(list_has("a,b,c", "b"));
	assert_false(list_has("", "read"));
	assert_false(list_has("", ""));
	assert_false(list_has("read,write", "rea"));
	assert_false(list_has("read,write", "reads"));
	assert_false(list_has("read,write", "read,write"));
	assert_false(list_has("read,write", "ead"));
	assert_false(list_has("read,write", "Read"));
	assert_false(list_has("read,write", ""));
}

static void
test_has_all(void **state)
{
	(void)state;
	assert_true(list_has_all("read,write", "write,read"));
	assert_true(list_has_all("a,b,c", "b"));
	assert_true(list_has_all("a", ""));
	assert_true(list_has_all("", ""));
	assert_false(list_has_all("a,b", "a,c"));
	assert_false(list_has_all("a,b", "c,a"));
	assert_false(list_has_all("", "a"));
}

static const struct {
	const char *text, *list;
} GOOD[] = {
    {"sshd", "sshd"},
    {"sshd,vsftpd", "sshd,vsftpd"},
    {" sshd ", "sshd"},
    {"\tsshd\t,\t vsftpd", "sshd,vsftpd"},
    {"vsftpd , sshd", "vsftpd,sshd"},
    {"a,b,a,c,b", "a,b,c"},
    {"ab,a,b", "ab,a,b"},
};

static void
test_parse_takes(void **state)
{
	char list[64], bad[LIST_WORD_MAX + 1];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(GOOD); i++) {
		assert_row(GOOD[i].text,
		    list_parse(GOOD[i].text, parse_is_service, list,
			sizeof(list), bad));
		assert_string_equal(list, GOOD[i].list);
	}
}

static const struct {
	const char *text, *bad;
} BAD[] = {
    {"", ""},
    {" ", ""},
    {",", ""},
    {"sshd,", ""},
    {"sshd, ", ""},
    {",sshd", ""},
    {"sshd,,vsftpd", ""},
    {"sshd, ,vsftpd", ""},
    {"sshd vsftpd", "sshd vsftpd"},
    {"sshd;vsftpd", "sshd;vsftpd"},
    {"sshd, -x", "-x"},
    {"sshd\n", "sshd\n"},
    {"a,b/c,d", "b/c"},
};

static void
test_parse_refuses(void **state)
{
	char list[64], bad[LIST_WORD_MAX + 1];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(BAD); i++) {
		strcpy(bad, "untouched");
		assert_row(BAD[i].text,
		    !list_parse(BAD[i].text, parse_is_service, list,
			sizeof(list), bad));
		assert_string_equal(bad, BAD[i].bad);
	}
}

static bool
is_anything(const char *word)
{
	return word[0] != '\0';
}

static void
test_parse_knows_the_longest_word(void **state)
{
	char text[LIST_WORD_MAX + 2], list[300], bad[LIST_WORD_MAX + 1];

	(void)state;
	memset(text, 'w', sizeof(text));
	text[LIST_WORD_MAX] = '\0';
	assert_true(list_parse(text, is_anything, list, sizeof(list), bad));
	assert_string_equal(list, text);
	text[LIST_WORD_MAX] = 'w';
	text[LIST_WORD_MAX + 1] = '\0';
	assert_false(list_parse(text, is_anything, list, sizeof(list), bad));
	assert_int_equal(strlen(bad), LIST_WORD_MAX);
}

static void
test_parse_fills_its_room_and_no_more(void **state)
{
	struct {
		char list[8], guard;
	} room = {.guard = 'g'};
	char bad[LIST_WORD_MAX + 1] = "untouched";

	(void)state;
	assert_true(list_parse(
	    "abc,def", is_anything, room.list, sizeof(room.list), bad));
	assert_string_equal(room.list, "abc,def");
	assert_false(list_parse(
	    "abc,defg", is_anything, room.list, sizeof(room.list), bad));
	assert_string_equal(bad, "");
	assert_true(list_parse(
	    "abcdefg", is_anything, room.list, sizeof(room.list), bad));
	assert_string_equal(room.list, "abcdefg");
	assert_false(list_parse(
	    "abcdefgh", is_anything, room.list, sizeof(room.list), bad));
	assert_string_equal(bad, "");
	assert_int_equal(room.guard, 'g');
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_next_gives_each_word),
	    cmocka_unit_test(test_next_cuts_a_long_word),
	    cmocka_unit_test(test_has),
	    cmocka_unit_test(test_has_all),
	    cmocka_unit_test(test_parse_takes),
	    cmocka_unit_test(test_parse_refuses),
	    cmocka_unit_test(test_parse_knows_the_longest_word),
	    cmocka_unit_test(test_parse_fills_its_room_and_no_more),
	};

	return unit_run(tests);
}
