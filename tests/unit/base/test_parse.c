#include "base/parse.h"

#include <stdlib.h>
#include <string.h>

#include "lib/unit.h"

static const struct {
	const char *text;
	uint64_t max;
	bool good;
	uint64_t number;
} NUMBERS[] = {
    {"0", 0, true, 0}, {"7", 7, true, 7}, {"8", 7, false, 0},
    {"007", 7, true, 7}, {"18446744073709551615", UINT64_MAX, true, UINT64_MAX},
    {"18446744073709551614", UINT64_MAX, true, UINT64_MAX - 1},
    {"18446744073709551616", UINT64_MAX, false, 0},
    {"18446744073709551625", UINT64_MAX, false, 0},
    {"184467440737095516150", UINT64_MAX, false, 0},
    {"99999999999999999999", UINT64_MAX, false, 0},
    {"36893488147419103232", UINT64_MAX, false, 0}, {"", 9, false, 0},
    {"-1", UINT64_MAX, false, 0}, {"-0", UINT64_MAX, false, 0},
    {"+1", 9, false, 0}, {" 1", 9, false, 0}, {"1 ", 9, false, 0},
    {"1\n", 9, false, 0}, {"1_0", 99, false, 0}, {"1.0", 99, false, 0},
    {"0x1", 99, false, 0}, {"1e1", 99, false, 0}, {"a", 99, false, 0},
    {"\xd9\xa1", 99, false, 0}, /* an Arabic 1 */
};

static void
test_numbers(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(NUMBERS); i++) {
		uint64_t number = 4242;

		assert_row(NUMBERS[i].text,
		    parse_number(NUMBERS[i].text, NUMBERS[i].max, &number) ==
			NUMBERS[i].good);
		assert_row(NUMBERS[i].text,
		    number == (NUMBERS[i].good ? NUMBERS[i].number : 4242));
	}
}

#define BAD_DURATION (-1)

static const struct {
	const char *text;
	int64_t seconds;
} DURATIONS[] = {
    {"0s", 0},
    {"1s", 1},
    {"1m", 60},
    {"1h", 3600},
    {"1d", 86400},
    {"1w", 604800},
    {"1y", 31536000},
    {"90d", 7776000},
    {"100y", 3153600000},
    {"36500d", 3153600000},
    {"3153600000s", 3153600000},
    {"101y", BAD_DURATION},
    {"36501d", BAD_DURATION},
    {"3153600001s", BAD_DURATION},
    {"9223372036854775807s", BAD_DURATION},
    {"18446744073709551615y", BAD_DURATION},
    {"18446744073709551616s", BAD_DURATION},
    {"", BAD_DURATION},
    {"d", BAD_DURATION},
    {"1", BAD_DURATION},
    {"90", BAD_DURATION},
    {"-1d", BAD_DURATION},
    {"+1d", BAD_DURATION},
    {" 1d", BAD_DURATION},
    {"1 d", BAD_DURATION},
    {"1d ", BAD_DURATION},
    {"1D", BAD_DURATION},
    {"1M", BAD_DURATION},
    {"1dd", BAD_DURATION},
    {"1d1h", BAD_DURATION},
    {"1.5d", BAD_DURATION},
    {"1days", BAD_DURATION},
};

static void
test_durations(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(DURATIONS); i++) {
		bool good = DURATIONS[i].seconds != BAD_DURATION;
		int64_t seconds = 4242;

		assert_row(DURATIONS[i].text,
		    parse_duration(DURATIONS[i].text, &seconds) == good);
		assert_row(DURATIONS[i].text,
		    seconds == (good ? DURATIONS[i].seconds : 4242));
	}
}

/* From Python's datetime; form is the result of parse_format_time. */
static const struct {
	const char *text, *form;
	int64_t when;
} TIMES[] = {
    {"1970-01-01", "1970-01-01T00:00:00Z", 0},
    {"1970-01-01T00:00:01Z", "1970-01-01T00:00:01Z", 1},
    {"2000-02-29", "2000-02-29T00:00:00Z", 951782400},
    {"2024-02-29", "2024-02-29T00:00:00Z", 1709164800},
    {"2027-01-31", "2027-01-31T00:00:00Z", 1801353600},
    {"2027-01-31T12:00:00Z", "2027-01-31T12:00:00Z", 1801396800},
    {"2038-01-19T03:14:08Z", "2038-01-19T03:14:08Z", 2147483648},
    {"2100-03-01", "2100-03-01T00:00:00Z", 4107542400},
    {"9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z", 253402300799},
};

static void
expect_times(void)
{
	char text[PARSE_TIME_LEN + 1];

	for (size_t i = 0; i < COUNT_OF(TIMES); i++) {
		int64_t when = 4242;

		assert_row(TIMES[i].text, parse_time(TIMES[i].text, &when));
		assert_row(TIMES[i].text, when == TIMES[i].when);
		parse_format_time(when, text);
		assert_string_equal(text, TIMES[i].form);
	}
}

static void
test_times(void **state)
{
	(void)state;
	expect_times();
}

static void
test_times_are_those_of_utc_everywhere(void **state)
{
	(void)state;
	assert_int_equal(setenv("TZ", "UTC+13:45", 1), 0);
	expect_times();
	assert_int_equal(unsetenv("TZ"), 0);
}

static const char *const BAD_TIMES[] = {
    "",
    "2027",
    "2027-01",
    "2027-02-31",
    "2027-02-29",
    "2100-02-29",
    "2027-04-31",
    "2027-00-01",
    "2027-13-01",
    "2027-01-00",
    "2027-01-32",
    "1969-12-31",
    "1969-12-31T23:59:59Z",
    "0000-01-01",
    "10000-01-01",
    "27-01-31",
    "2027-1-31",
    "2027/01/31",
    "20270131",
    "2027-01-31 ",
    " 2027-01-31",
    "2027-01-31T12:00:00",
    "2027-01-31 12:00:00Z",
    "2027-01-31t12:00:00z",
    "2027-01-31T12:00:00+00:00",
    "2027-01-31T12:00:00.5Z",
    "2027-01-31T24:00:00Z",
    "2027-01-31T12:60:00Z",
    "2027-01-31T12:00:60Z",
    "2027-01-31T12:00:00ZZ",
    "+027-01-31",
    "-027-01-31",
    "2027-+1-31",
    "2027-01- 1",
};

static void
test_times_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(BAD_TIMES); i++) {
		int64_t when = 4242;

		assert_row(BAD_TIMES[i], !parse_time(BAD_TIMES[i], &when));
		assert_row(BAD_TIMES[i], when == 4242);
	}
}

/* Each day for 400 years, compared with counting. */
static void
test_each_day_round_trips(void **state)
{
	char text[PARSE_TIME_LEN + 1], later[PARSE_TIME_LEN + 1] = "";
	int64_t when;

	(void)state;
	for (int64_t day = 0; day < INT64_C(146097); day++) {
		parse_format_time(day * DAY + 43200, text);
		assert_true(strcmp(text, later) > 0);
		assert_row(text, parse_time(text, &when));
		assert_row(text, when == day * DAY + 43200);
		text[10] = '\0';
		assert_row(text, parse_time(text, &when));
		assert_row(text, when == day * DAY);
		text[10] = 'T';
		strcpy(later, text);
	}
	assert_string_equal(later, "2369-12-31T12:00:00Z");
}

static const struct {
	int64_t when;
	const char *form;
} FORMS[] = {
    {-1, "1969-12-31T23:59:59Z"},
    {INT64_C(-62135596800), "0001-01-01T00:00:00Z"},
    {INT64_C(-30610224000), "1000-01-01T00:00:00Z"},
    {INT64_C(-62167219200), "0000-01-01T00:00:00Z"},
    {INT64_C(-62167219201), ""},
    {INT64_C(253402300800), ""},
    {TIME_NEVER, ""},
    {INT64_MIN, ""},
};

static void
test_format_of_unusual_times(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(FORMS); i++) {
		char text[PARSE_TIME_LEN + 1] = "untouched";

		parse_format_time(FORMS[i].when, text);
		assert_string_equal(text, FORMS[i].form);
	}
}

static void
test_expiry(void **state)
{
	int64_t when = 0;

	(void)state;
	assert_true(parse_expiry("never", NOW, &when));
	assert_true(when == TIME_NEVER);
	assert_true(parse_expiry("90d", NOW, &when));
	assert_true(when == NOW + 90 * DAY);
	assert_true(parse_expiry("0s", NOW, &when));
	assert_true(when == NOW);
	assert_true(parse_expiry("2027-01-31", NOW, &when));
	assert_true(when == 1801353600);
	assert_true(parse_expiry("2027-01-31T12:00:00Z", NOW, &when));
	assert_true(when == 1801396800);
}

static void
test_expiry_refused(void **state)
{
	static const char *const BAD[] = {"", "Never", "never ", "nev", "90",
	    "101y", "2027-02-31", "tomorrow"};
	int64_t when = 4242;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(BAD); i++) {
		assert_row(BAD[i], !parse_expiry(BAD[i], NOW, &when));
		assert_row(BAD[i], when == 4242);
	}
	/* beyond the range of a time */
	assert_false(parse_expiry("1s", INT64_MAX, &when));
	assert_true(when == 4242);
}

static void
test_start(void **state)
{
	static const char *const BAD[] = {"", "Now", "never", "now ", "7",
	    "101y", "2027-02-31", "tomorrow", "-1d", "any"};
	int64_t when = 4242;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(BAD); i++) {
		assert_row(BAD[i], !parse_start(BAD[i], NOW, &when));
		assert_row(BAD[i], when == 4242);
	}
	assert_false(parse_start("1s", INT64_MAX, &when));
	assert_true(parse_start("now", NOW, &when));
	assert_true(when == 0);
	assert_true(parse_start("7d", NOW, &when));
	assert_true(when == NOW + 7 * DAY);
	assert_true(parse_start("2027-01-31", NOW, &when));
	assert_true(when == 1801353600);
	assert_true(parse_start("2027-01-31T12:00:00Z", NOW, &when));
	assert_true(when == 1801396800);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_numbers),
	    cmocka_unit_test(test_durations),
	    cmocka_unit_test(test_times),
	    cmocka_unit_test(test_times_are_those_of_utc_everywhere),
	    cmocka_unit_test(test_times_refused),
	    cmocka_unit_test(test_each_day_round_trips),
	    cmocka_unit_test(test_format_of_unusual_times),
	    cmocka_unit_test(test_expiry),
	    cmocka_unit_test(test_expiry_refused),
	    cmocka_unit_test(test_start),
	};

	return unit_run(tests);
}
