#include "base/path_list.h"

#include <string.h>

#include "lib/unit.h"

static void
test_lists(void **state)
{
	static const struct {
		const char *text, *list;
	} GOOD[] = {
	    {"", ""},
	    {" \t", ""},
	    {"/a", "/a"},
	    {" /a ,\t~/b/c\t", "/a,~/b/c"},
	    {"/a b,/...,/.a,/a~", "/a b,/...,/.a,/a~"},
	    {"~/.ssh", "~/.ssh"},
	    {"/a,/a", "/a"},
	};
	char list[PATH_LIST_MAX + 1], bad[PATH_LEN + 1];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(GOOD); i++) {
		assert_row(
		    GOOD[i].text, path_list_parse(GOOD[i].text, list, bad));
		assert_string_equal(list, GOOD[i].list);
	}
}

static void
test_what_is_no_path(void **state)
{
	static const struct {
		const char *text, *bad;
	} BAD[] = {
	    {"a", "a"},
	    {"/", "/"},
	    {"~", "~"},
	    {"~/", "~/"},
	    {"~a/b", "~a/b"},
	    {"./a", "./a"},
	    {"/a/", "/a/"},
	    {"//a", "//a"},
	    {"/a//b", "/a//b"},
	    {"/a/./b", "/a/./b"},
	    {"/a/.", "/a/."},
	    {"/..", "/.."},
	    {"/a/../b", "/a/../b"},
	    {"~/..", "~/.."},
	    {"~/../b", "~/../b"},
	    {",", ""},
	    {"/a,", ""},
	    {"/a,,/b", ""},
	    {"/a /b,c", "c"},
	};
	char list[PATH_LIST_MAX + 1], bad[PATH_LEN + 1];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(BAD); i++) {
		assert_row(
		    BAD[i].text, !path_list_parse(BAD[i].text, list, bad));
		assert_string_equal(bad, BAD[i].bad);
	}
}

/* A list of this many bytes, of different paths of maximal length. */
static const char *
longest(char *text, size_t len)
{
	memset(text, 'x', len);
	for (size_t i = 0; i < len; i += PATH_LEN + 1) {
		text[i] = '/';
		text[i + 1] = (char)('a' + i / (PATH_LEN + 1));
		if (i > 0)
			text[i - 1] = ',';
	}
	text[len] = '\0';
	return text;
}

static void
test_longest(void **state)
{
	char text[2 * PATH_LIST_MAX], list[PATH_LIST_MAX + 1],
	    bad[PATH_LEN + 1];

	(void)state;
	assert_true(path_list_parse(longest(text, PATH_LIST_MAX), list, bad));
	assert_string_equal(list, text);
	assert_false(
	    path_list_parse(longest(text, PATH_LIST_MAX + 3), list, bad));
	assert_string_equal(bad, "");
	assert_true(path_list_parse(longest(text, PATH_LEN), list, bad));
	memset(text, 'x', PATH_LEN + 1);
	text[0] = '/';
	text[PATH_LEN + 1] = '\0';
	assert_false(path_list_parse(text, list, bad));
	assert_int_equal(strlen(bad), PATH_LEN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_lists),
	    cmocka_unit_test(test_what_is_no_path),
	    cmocka_unit_test(test_longest),
	};

	return unit_run(tests);
}
