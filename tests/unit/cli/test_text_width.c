/* Texts on a terminal: their width, and what of them fits. */
#include "cli/text_width.h"

#include <locale.h>
#include <string.h>

#include "cli/text.h"
#include "lib/unit.h"

#define DAY INT64_C(86400)

static void
test_width(void **state)
{
	(void)state;
	assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
	assert_int_equal(text_width(""), 0);
	assert_int_equal(text_width("laptop"), 6);
	assert_int_equal(text_width("B\xc3\xbcro"), 4);
	assert_int_equal(text_width("\xe6\x97\xa5\xe6\x9c\xac"), 4); /* wide */
	assert_int_equal(text_width("a\xff"), 5);                    /* a\xff */
	assert_string_equal(text_ellipsis(), "\xe2\x80\xa6");
	assert_non_null(setlocale(LC_CTYPE, "C"));
	assert_int_equal(text_width("B\xc3\xbcro"), 11);
	assert_string_equal(text_ellipsis(), "~");
}

static void
test_fit_cuts_no_character(void **state)
{
	(void)state;
	assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
	assert_int_equal(text_fit("laptop", 3), 3);
	assert_int_equal(text_fit("laptop", 6), 6);
	assert_int_equal(text_fit("laptop", 9), 6);
	assert_int_equal(text_fit("laptop", 0), 0);
	assert_int_equal(text_fit("B\xc3\xbcro", 2), 3);
	assert_int_equal(text_fit("\xe6\x97\xa5\xe6\x9c\xac", 3), 3);
}

static const struct {
	int64_t away; /* from now */
	const char *text;
} TIMES[] = {
    {1, "in 1 s"},
    {119, "in 119 s"},
    {120, "in 2 min"},
    {7199, "in 119 min"},
    {7200, "in 2 h"},
    {2 * DAY - 1, "in 47 h"},
    {2 * DAY, "in 2 d"},
    {30 * DAY - 1, "in 29 d"},
    {100 * DAY - 1, "in 99 d"},
    {100 * DAY, "2027-04-25"},
    {0, "0 s ago"},
    {-3 * DAY, "3 d ago"},
    {-100 * DAY, "2026-10-07"},
};

static void
test_near_times(void **state)
{
	const int64_t now = 1800000000; /* 2027-01-15T08:00:00Z */
	char text[PARSE_TIME_LEN + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(TIMES) / sizeof(TIMES[0]); i++) {
		text_time_near(now + TIMES[i].away, now, text);
		assert_string_equal(text, TIMES[i].text);
	}
	text_time_near(TIME_NEVER, now, text);
	assert_string_equal(text, "never");
	text_time_near(0, now, text);
	assert_string_equal(text, "");
}

static void
test_both_times(void **state)
{
	const int64_t now = 1800000000; /* 2027-01-15T08:00:00Z */
	char text[TEXT_TIME_BOTH_SIZE];

	(void)state;
	text_time_both(now + 30 * DAY, now, text);
	assert_string_equal(text, "2027-02-14T08:00:00Z (in 30 d)");
	text_time_both(now - 3600, now, text);
	assert_string_equal(text, "2027-01-15T07:00:00Z (60 min ago)");
	text_time_both(now + 100 * DAY, now, text);
	assert_string_equal(text, "2027-04-25T08:00:00Z");
	text_time_both(TIME_NEVER, now, text);
	assert_string_equal(text, "never");
	text_time_both(0, now, text);
	assert_string_equal(text, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_width),
	    cmocka_unit_test(test_fit_cuts_no_character),
	    cmocka_unit_test(test_near_times),
	    cmocka_unit_test(test_both_times),
	};

	return unit_run(tests);
}
