/* What the parser passes on; test_config.c has most of what it refuses. */
#include "config/ini.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/unit.h"

/* The calls of the two functions: `1[a] 2(k=v)`. */
static char calls[4096];
static const char *refused; /* the section or key that they refuse */

static void
note(const struct ini *ini, const char *text)
{
	size_t len = strlen(calls);

	(void)snprintf(calls + len, sizeof(calls) - len, "%s%u%s",
	    len > 0 ? " " : "", ini->line, text);
}

static enum err
take_section(struct ini *ini, const char *name)
{
	char text[2048];

	(void)snprintf(text, sizeof(text), "[%s]", name);
	note(ini, text);
	if (refused != NULL && strcmp(name, refused) == 0)
		return ini_error(ini, "refused", name);
	return ERR_OK;
}

static enum err
take_setting(struct ini *ini, const char *key, const char *value)
{
	char text[2048];

	assert_ptr_equal(ini->arg, calls);
	(void)snprintf(text, sizeof(text), "(%s=%s)", key, value);
	note(ini, text);
	if (refused != NULL && strcmp(key, refused) == 0)
		return ini_error(ini, "refused", "");
	return ERR_OK;
}

static enum err
parse(const char *text, size_t len)
{
	struct ini ini = {
	    .name = "file",
	    .line = 99,
	    .why = &why,
	    .section = take_section,
	    .setting = take_setting,
	    .arg = calls,
	};

	calls[0] = '\0';
	return ini_parse(&ini, text, len);
}

static const struct {
	const char *text, *calls;
} GOOD[] = {
    {"", ""},
    {"\n\n", ""},
    {"# [a]\n#k = v\n#", ""},
    {"[a]", "1[a]"},
    {"[a]\n\n# c\n[b]\n", "1[a] 4[b]"},
    {"[a] \t\n", "1[a]"},
    {"[policy alice]", "1[policy alice]"},
    {"[ a ]", "1[ a ]"},
    {"[]", "1[]"},
    {"[a]]", "1[a]]"},
    {"k=v", "1(k=v)"},
    {"k = v", "1(k=v)"},
    {"k\t=\tv\t", "1(k=v)"},
    {"k =", "1(k=)"},
    {"k = \t \n", "1(k=)"},
    {"= v", "1(=v)"},
    {"k = a = b", "1(k=a = b)"},
    {"k == v", "1(k== v)"},
    {"k = a, b  c", "1(k=a, b  c)"},
    {"k = v # c", "1(k=v # c)"},
    {"k = \"v\"", "1(k=\"v\")"},
    {"k = [a]", "1(k=[a])"},
    {"k = \xc3\xb6", "1(k=\xc3\xb6)"},
    {"[a]\nk = 1\nk = 2\n[a]", "1[a] 2(k=1) 3(k=2) 4[a]"},
};

static void
test_what_is_handed_on(void **state)
{
	(void)state;
	refused = NULL;
	for (size_t i = 0; i < COUNT_OF(GOOD); i++) {
		assert_row(GOOD[i].text,
		    parse(GOOD[i].text, strlen(GOOD[i].text)) == ERR_OK);
		assert_string_equal(calls, GOOD[i].calls);
	}
}

static void
test_an_error_names_file_and_line_and_ends_it(void **state)
{
	static const char TEXT[] = "[a]\n# c\nk = v\n[b]\nl = w\n";

	(void)state;
	refused = "k";
	assert_err(ERR_CONFIG, parse(TEXT, strlen(TEXT)));
	assert_string_equal(why.text, "file:3: refused");
	assert_string_equal(calls, "1[a] 3(k=v)");
	refused = "b";
	assert_err(ERR_CONFIG, parse(TEXT, strlen(TEXT)));
	assert_string_equal(why.text, "file:4: refused: b");
	assert_string_equal(calls, "1[a] 3(k=v) 4[b]");
}

/* Lines before a bad one have been passed on, and none after it. */
static void
test_a_bad_line_ends_it(void **state)
{
	static const char TEXT[] = "[a]\nk = v\n l = w\nm = x\n";

	(void)state;
	refused = NULL;
	assert_err(ERR_CONFIG, parse(TEXT, strlen(TEXT)));
	assert_string_equal(why.text, "file:3: an indented line");
	assert_string_equal(calls, "1[a] 2(k=v)");
}

/* Reads no byte after len: on the heap, where the sanitizers notice it. */
static void
test_no_more_than_len_is_read(void **state)
{
	char *text = malloc(5);

	(void)state;
	assert_non_null(text);
	memcpy(text, "[a]\nk", 5);
	refused = NULL;
	assert_ok(parse(text, 4));
	assert_string_equal(calls, "1[a]");
	assert_ok(parse(text, 3));
	assert_err(ERR_CONFIG, parse(text, 2));
	assert_err(ERR_CONFIG, parse(text, 5));
	assert_says("file:2: no `=` in this line: k");
	free(text);
}

static void
test_the_longest_line(void **state)
{
	char text[1100] = "k=";

	(void)state;
	refused = NULL;
	memset(text + 2, 'v', 1024 - 2);
	assert_ok(parse(text, 1024));
	assert_int_equal(strlen(calls), 1024 + 3);
	text[1024] = 'v';
	assert_err(ERR_CONFIG, parse(text, 1025));
	assert_string_equal(why.text, "file:1: the line is too long");
	assert_string_equal(calls, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_what_is_handed_on),
	    cmocka_unit_test(test_an_error_names_file_and_line_and_ends_it),
	    cmocka_unit_test(test_a_bad_line_ends_it),
	    cmocka_unit_test(test_no_more_than_len_is_read),
	    cmocka_unit_test(test_the_longest_line),
	};

	return unit_run(tests);
}
