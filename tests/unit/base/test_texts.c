/* parse.h on texts: names, descriptions, services, scopes. */
#include "base/parse.h"

#include <string.h>

#include "lib/unit.h"

static const struct {
	const char *text;
	bool good;
} TEXTS[] = {
    {"laptop", true}, {" ~", true}, {"a\tb", false}, {"a\nb", false},
    {"a\x1b[31m", false}, {"a\x7f", false}, {"\x01", false}, {"\x1f", false},
    {" ", true}, {"\xc2\x80", false},               /* C1, U+0080 */
    {"\xc2\x9b", false},                            /* C1, CSI */
    {"\xc2\x9f", false},                            /* C1, U+009F */
    {"\xc2\xa0", true},                             /* no-break space */
    {"Bj\xc3\xb6rn", true}, {"\xe2\x82\xac", true}, /* U+20AC, euro */
    {"\xf0\x9f\x98\x80", true},                     /* U+1F600 */
    {"\xdf\xbf", true},         /* U+07FF, the last of two bytes */
    {"\xe0\xa0\x80", true},     /* U+0800, the first of three */
    {"\xed\x9f\xbf", true},     /* U+D7FF */
    {"\xee\x80\x80", true},     /* U+E000 */
    {"\xf0\x90\x80\x80", true}, /* U+10000, the first of four */
    /* over-long */
    {"\xc0\x80", false}, {"\xc0\xaf", false}, {"\xc1\xbf", false},
    {"\xe0\x80\xaf", false}, {"\xe0\x9f\xbf", false},
    {"\xf0\x80\x80\xaf", false}, {"\xf0\x8f\xbf\xbf", false},
    /* surrogates, and what is too large */
    {"\xed\xa0\x80", false}, {"\xed\xbf\xbf", false},
    {"\xf4\x90\x80\x80", false}, {"\xf5\x80\x80\x80", false},
    {"\xf8\x88\x80\x80\x80", false}, {"\xff", false}, {"\xfe", false},
    /* truncated, and continuation bytes without a start */
    {"\xc3", false}, {"\xe2\x82", false}, {"\xf0\x9f\x98", false},
    {"\xc3(", false}, {"\xe2(\xa1", false}, {"\xf0\x9f\x98(", false},
    {"\x80", false}, {"\xbf", false}, {"a\xc3\xb6\xb6", false},
    {"\xc3\xc3\xb6", false},
    /* line separators and direction */
    {"\xe2\x80\xa7", true},  /* U+2027 */
    {"\xe2\x80\xa8", false}, /* U+2028 */
    {"\xe2\x80\xa9", false}, /* U+2029 */
    {"\xe2\x80\xaa", false}, /* U+202A */
    {"\xe2\x80\xae", false}, /* U+202E */
    {"\xe2\x80\xaf", true},  /* U+202F */
    {"\xe2\x80\x8d", true},  /* U+200D, a joiner */
    {"\xe2\x80\x8e", false}, /* U+200E */
    {"\xe2\x80\x8f", false}, /* U+200F */
    {"\xe2\x81\xa5", true},  /* U+2065 */
    {"\xe2\x81\xa6", false}, /* U+2066 */
    {"\xe2\x81\xa9", false}, /* U+2069 */
    {"\xe2\x81\xaa", true},  /* U+206A */
    {"\xd8\x9c", false},     /* U+061C */
    {"\xef\xbb\xbf", false}, /* U+FEFF, a byte order mark */
    {"\xef\xbf\xbd", true},  /* U+FFFD */
    {"\xef\xbf\xbe", false}, /* U+FFFE */
    {"\xef\xbf\xbf", false}, /* U+FFFF */
    {"\xf4\x8f\xbf\xbd", true}, {"\xf4\x8f\xbf\xbf", false}, /* U+10FFFF */
};

static void
test_printable(void **state)
{
	char inside[16];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(TEXTS); i++) {
		assert_row(TEXTS[i].text,
		    parse_is_printable(TEXTS[i].text, 64) == TEXTS[i].good);
		/* also after something good */
		strcpy(inside, "x");
		strcat(inside, TEXTS[i].text);
		assert_row(TEXTS[i].text,
		    parse_is_printable(inside, 64) == TEXTS[i].good);
	}
}

/* Each code point, encoded here, compared with the ranges in parse.h. */
static void
test_each_code_point(void **state)
{
	(void)state;
	for (uint32_t point = 1; point <= 0x10ffff; point++) {
		char text[5] = "";
		bool surrogate = point >= 0xd800 && point <= 0xdfff;
		bool control = point < 0x20 || (point >= 0x7f && point <= 0x9f);
		bool line = point == 0x2028 || point == 0x2029;
		bool bidi = point == 0x61c || point == 0x200e ||
		    point == 0x200f || (point >= 0x202a && point <= 0x202e) ||
		    (point >= 0x2066 && point <= 0x2069);
		bool none = point == 0xfeff || (point & 0xffff) >= 0xfffe;
		size_t more = point < 0x80 ? 0
		    : point < 0x800        ? 1
		    : point < 0x10000      ? 2
					   : 3;
		static const unsigned heads[] = {0, 0xc0, 0xe0, 0xf0};

		text[0] = (char)(heads[more] | point >> 6 * more);
		for (size_t i = 1; i <= more; i++)
			text[i] = (char)(0x80 |
			    ((point >> 6 * (more - i)) & 0x3f));
		assert_row(text,
		    parse_is_printable(text, 4) ==
			!(surrogate || control || line || bidi || none));
	}
}

static void
test_printable_counts_bytes(void **state)
{
	(void)state;
	assert_false(parse_is_printable("", 4));
	assert_true(parse_is_printable("abcd", 4));
	assert_false(parse_is_printable("abcde", 4));
	assert_true(parse_is_printable("\xc3\xb6\xc3\xb6", 4));
	assert_false(parse_is_printable("\xc3\xb6\xc3\xb6\xc3\xb6", 5));
}

/* Whether is_valid accepts len letters, and not one more. */
static void
expect_longest(bool (*is_valid)(const char *), size_t len)
{
	char text[300];

	memset(text, 'a', sizeof(text));
	text[len] = '\0';
	assert_true(is_valid(text));
	text[len] = 'a';
	text[len + 1] = '\0';
	assert_false(is_valid(text));
}

static void
test_names(void **state)
{
	(void)state;
	expect_longest(parse_is_name, 64);
	assert_true(parse_is_name("my laptop"));
	assert_true(parse_is_name("B\xc3\xbcro"));
	assert_false(parse_is_name(""));
	assert_false(parse_is_name("a/b"));
	assert_false(parse_is_name("/"));
	assert_false(parse_is_name("a\n"));
	assert_false(parse_is_name("\xc3"));
}

static void
test_descriptions(void **state)
{
	(void)state;
	expect_longest(parse_is_description, 256);
	assert_true(parse_is_description(""));
	assert_true(parse_is_description("uploads from /srv, nightly"));
	assert_false(parse_is_description("two\nlines"));
}

static void
test_services(void **state)
{
	(void)state;
	expect_longest(parse_is_service, 64);
	assert_true(parse_is_service("sshd"));
	assert_true(parse_is_service("any"));
	assert_true(parse_is_service("A9_-."));
	assert_true(parse_is_service("_x"));
	assert_true(parse_is_service("su-l"));
	assert_false(parse_is_service(""));
	assert_false(parse_is_service("."));
	assert_false(parse_is_service(".."));
	assert_false(parse_is_service(".x"));
	assert_false(parse_is_service("-x"));
	assert_false(parse_is_service("a/b"));
	assert_false(parse_is_service("a b"));
	assert_false(parse_is_service("a,b"));
	assert_false(parse_is_service("@mail"));
	assert_false(parse_is_service("a\n"));
	assert_false(parse_is_service("\xc3\xb6"));
}

static void
test_scopes(void **state)
{
	(void)state;
	expect_longest(parse_is_scope, 32);
	assert_true(parse_is_scope("read"));
	assert_true(parse_is_scope("z"));
	assert_true(parse_is_scope("repo:write-2_x.y"));
	assert_false(parse_is_scope(""));
	assert_false(parse_is_scope("Read"));
	assert_false(parse_is_scope("reaD"));
	assert_false(parse_is_scope("1st"));
	assert_false(parse_is_scope(":a"));
	assert_false(parse_is_scope("_a"));
	assert_false(parse_is_scope("a b"));
	assert_false(parse_is_scope("a,b"));
	assert_false(parse_is_scope("a/b"));
	assert_false(parse_is_scope("a=b"));
}

static void
test_service_groups(void **state)
{
	char longest[] =
	    "@xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	    "xxxxxxxxxxxx";

	(void)state;
	assert_true(parse_is_service_group("@mail"));
	assert_true(parse_is_service_group("@A9_-."));
	assert_false(parse_is_service_group("mail"));
	assert_false(parse_is_service_group("@"));
	assert_false(parse_is_service_group(""));
	assert_false(parse_is_service_group("@@mail"));
	assert_false(parse_is_service_group("@.mail"));
	assert_false(parse_is_service_group("@-mail"));
	assert_false(parse_is_service_group("@a b"));
	assert_false(parse_is_service_group("@a/b"));
	assert_false(parse_is_service_group("@a,b"));
	assert_false(parse_is_service_group(" @mail"));
	longest[1 + PARSE_SERVICE_MAX] = '\0';
	assert_true(parse_is_service_group(longest));
	longest[1 + PARSE_SERVICE_MAX] = 'x';
	longest[2 + PARSE_SERVICE_MAX] = '\0';
	assert_false(parse_is_service_group(longest));
	assert_true(parse_is_service_or_group("@mail"));
	assert_true(parse_is_service_or_group("mail"));
	assert_false(parse_is_service_or_group("@"));
	assert_false(parse_is_service_or_group(""));
	assert_false(parse_is_service_or_group("a@b"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_printable),
	    cmocka_unit_test(test_each_code_point),
	    cmocka_unit_test(test_printable_counts_bytes),
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_descriptions),
	    cmocka_unit_test(test_services),
	    cmocka_unit_test(test_service_groups),
	    cmocka_unit_test(test_scopes),
	};

	return unit_run(tests);
}
