/* One line of a batch, in both formats. */
#include "lib/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch/batch_parse.h"

struct good_row {
	const char *text;
	const char *fields[LINE_FIELDS];
};

static const struct good_row GOOD[] = {
    {"alice\tlaptop\tsshd",
	{"alice", "laptop", "sshd", "", "", "", "", "", ""}},
    {"alice\tlaptop\tsshd\t\t\t\t",
	{"alice", "laptop", "sshd", "", "", "", "", "", ""}},
    {"alice\tmy laptop\tsshd, vsftpd\tread\t90d\tany\tfor me",
	{"alice", "my laptop", "sshd, vsftpd", "read", "90d", "any", "for me",
	    "", ""}},
    {"alice\tB\xc3\xbcro\tsshd\t\tnever",
	{"alice", "B\xc3\xbcro", "sshd", "", "never", "", "", "", ""}},
    {"{\"user\":\"alice\",\"name\":\"laptop\",\"services\":\"sshd\"}",
	{"alice", "laptop", "sshd", "", "", "", "", "", ""}},
    {"{\"services\": [\"sshd\", \"@mail\"], \"user\": \"alice\", "
     "\"name\": \"B\\u00fcro\", \"scopes\": [\"read\", \"write\"], "
     "\"from\": [], \"expires\": null, \"description\": \"a, \\\"b\\\"\"}",
	{"alice", "B\xc3\xbcro", "sshd,@mail", "read,write", "", "", "a, \"b\"",
	    "", ""}},
    {"alice\tlaptop\tsshd\t\t\t\t\t7d\t3",
	{"alice", "laptop", "sshd", "", "", "", "", "7d", "3"}},
    {"{\"user\":\"alice\",\"name\":\"laptop\",\"services\":\"sshd\", "
     "\"starts\": \"2027-01-31\", \"max_sessions\": 3}",
	{"alice", "laptop", "sshd", "", "", "", "", "2027-01-31", "3"}},
    {"{\"user\":\"alice\",\"name\":\"laptop\",\"services\":\"sshd\", "
     "\"max_sessions\": -9223372036854775808}",
	{"alice", "laptop", "sshd", "", "", "", "", "",
	    "-9223372036854775808"}},
};

struct bad_row {
	const char *text;
	const char *says;
};

static const struct bad_row BAD[] = {
    {"", "empty"},
    {"\r", "CR LF"},
    {"alice\tlaptop\tsshd\r", "CR LF"},
    {"{}\r", "CR LF"},
    {"\xef\xbb\xbf"
     "alice\tlaptop\tsshd",
	"byte order mark"},
    {"alice", "no tab in this line"},
    {"\tlaptop\tsshd", "user: has to be given"},
    {"alice\t\tsshd", "name: has to be given"},
    {"a\tb\tc\td\te\tf\tg\th\ti\tj",
	"10 fields, where there can be 9: user, name"},
    {"\t\t\t\t\t\t\t\t\t\t", "11 fields"},
    {"alice laptop sshd", "no tab in this line"},
    {"alice\t\xc3\tsshd", "name `\xc3`: not printable UTF-8"},
    {"al\x1bice\tlaptop\tsshd", "user `al\x1bice`: not printable"},
    {"alice\tlaptop\tsshd\t\t\t\ta\rb", "description"},
    {"alice\tlaptop\tsshd\t\t2027-01-31T12:00:00Zx", "expires"},
    {"alice\tlaptop\tsshd\t\t\t\t\t2027-01-31T12:00:00Zx", "starts"},
    {"alice\tlaptop\tsshd\t\t\t\t\t\t123456789012345678901", "max_sessions"},
    {"{", "not JSON"},
    {"{}", "user: has to be given"},
    {"{} {}", "not JSON"},
    {"{\"user\": \"alice\", \"user\": \"bob\"}", "not JSON"},
    {"{\"user\": \"al\\u0000ice\"}", "not JSON"},
    {"{\"user\": \"\xc3\"}", "not JSON"},
    {"{\"user\": \"\\ud800\"}", "not JSON"},
    {"{\"User\": \"alice\"}",
	"key `User`: not one of user, name, services, scopes, expires, from, "
	"description, starts, max_sessions"},
    {"{\"\": 1}", "key ``"},
    {"{\"user\": 7}", "user: give a string"},
    {"{\"max_sessions\": 1.5}", "max_sessions: give a string or a number"},
    {"{\"user\": [\"alice\"]}", "user: give a string"},
    {"{\"services\": {\"a\": 1}}", "services: give a string or an array"},
    {"{\"services\": [\"sshd\", 7]}", "services: give a string or an array"},
    {"{\"services\": [\"sshd\", null]}", "services: give a string or an array"},
    {"{\"services\": [\"sshd,su\"]}", "services `sshd,su`: not one word"},
    {"{\"services\": [\"\"]}", "services ``: not one word"},
};

static enum line_format
format_of(const char *text)
{
	return text[0] == '{' ? LINE_JSON : LINE_TABS;
}

static void
test_good_lines(void **state)
{
	struct line line;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(GOOD); i++) {
		const char *text = GOOD[i].text;
		size_t len = strlen(text);

		assert_ok(line_parse(&line, format_of(text), text, len, &why));
		for (size_t j = 0; j < LINE_FIELDS; j++)
			assert_string_equal(line.fields[j], GOOD[i].fields[j]);
	}
}

static void
test_bad_lines(void **state)
{
	struct line line;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(BAD); i++) {
		const char *text = BAD[i].text;

		assert_err(ERR_INVALID,
		    line_parse(
			&line, format_of(text), text, strlen(text), &why));
		assert_says(BAD[i].says);
	}
}

static void
test_nul(void **state)
{
	static const char TEXT[] = "alice\tlap\0top\tsshd";
	static const char JSON[] = "{\"user\": \"al\0ice\"}";
	struct line line;

	(void)state;
	assert_err(ERR_INVALID,
	    line_parse(&line, LINE_TABS, TEXT, sizeof(TEXT) - 1, &why));
	assert_says("NUL");
	assert_err(ERR_INVALID,
	    line_parse(&line, LINE_JSON, JSON, sizeof(JSON) - 1, &why));
	assert_says("NUL");
}

/* Only len bytes are read; nothing has to follow them. */
static void
test_length_counts(void **state)
{
	static const char TEXT[] = "alice\tlaptop\tsshd";
	char *exact = malloc(sizeof(TEXT) - 1);
	struct line line;

	(void)state;
	assert_non_null(exact);
	memcpy(exact, TEXT, sizeof(TEXT) - 1);
	assert_ok(line_parse(&line, LINE_TABS, exact, sizeof(TEXT) - 1, &why));
	assert_string_equal(line.fields[LINE_SERVICES], "sshd");
	assert_ok(line_parse(&line, LINE_TABS, exact, sizeof(TEXT) - 3, &why));
	assert_string_equal(line.fields[LINE_SERVICES], "ss");
	free(exact);
}

/* A line of the maximal length, and one that is a byte longer. */
static void
test_longest_line(void **state)
{
	static char text[LINE_MAX_LEN + 2];
	struct line line;

	(void)state;
	memset(text, 'x', sizeof(text));
	text[LINE_MAX_LEN - 1] = '\t';
	assert_err(ERR_INVALID,
	    line_parse(&line, LINE_TABS, text, LINE_MAX_LEN, &why));
	assert_says("user `xxxx");
	assert_err(ERR_INVALID,
	    line_parse(&line, LINE_TABS, text, LINE_MAX_LEN + 1, &why));
	assert_says("longer than 8191 bytes");
	memset(text, '\t', sizeof(text));
	assert_err(ERR_INVALID,
	    line_parse(&line, LINE_TABS, text, LINE_MAX_LEN, &why));
	assert_says("8192 fields");
	/* JSON whose values together fill all the room. */
	memset(text, 'x', sizeof(text));
	memcpy(text, "{\"user\":\"", 9);
	memcpy(text + LINE_MAX_LEN - 2, "\"}", 2);
	assert_err(ERR_INVALID,
	    line_parse(&line, LINE_JSON, text, LINE_MAX_LEN, &why));
	assert_says("longer than 256 bytes");
}

/* Each field at its limit, and one byte beyond. */
static void
test_longest_fields(void **state)
{
	static const size_t MOST[LINE_FIELDS] = {
	    256, 64, 4096, 4096, 20, 4096, 256};
	struct line line;

	(void)state;
	for (size_t i = 0; i < LINE_FIELDS; i++) {
		char text[LINE_MAX_LEN + 1] = "";
		size_t len = 0;

		for (size_t j = 0; j < LINE_FIELDS; j++) {
			size_t size = i == j ? MOST[j] : 1;

			memset(text + len, 'x', size);
			len += size;
			text[len++] = '\t';
		}
		len--;
		assert_ok(line_parse(&line, LINE_TABS, text, len, &why));
		assert_int_equal(strlen(line.fields[i]), MOST[i]);
		memmove(text + i * 2 + 1, text + i * 2, len - i * 2);
		assert_err(ERR_INVALID,
		    line_parse(&line, LINE_TABS, text, len + 1, &why));
		assert_says(line_field_name((enum line_field)i));
	}
}

static void
test_format_is_that_of_the_first_byte(void **state)
{
	(void)state;
	assert_int_equal(line_guess_format("{", 1), LINE_JSON);
	assert_int_equal(line_guess_format("{", 0), LINE_TABS);
	assert_int_equal(line_guess_format(" {", 2), LINE_TABS);
	assert_int_equal(line_guess_format("alice", 5), LINE_TABS);
	assert_int_equal(line_guess_format("\xef\xbb\xbf{", 4), LINE_JSON);
	assert_int_equal(line_guess_format("\xef\xbb\xbf", 3), LINE_TABS);
}

/* Good lines with changed bytes: whatever is accepted keeps the promises. */
static void
test_damaged_lines(void **state)
{
	struct unit_random random;
	struct line line;
	char text[512];

	(void)state;
	unit_random_start(&random);
	for (int i = 0; i < 100000; i++) {
		const char *from =
		    GOOD[unit_random_below(&random, COUNT_OF(GOOD))].text;
		size_t len = strlen(from);

		memcpy(text, from, len);
		for (uint32_t n = unit_random_below(&random, 4); n > 0; n--)
			text[unit_random_below(&random, (uint32_t)len)] =
			    (char)unit_random_below(&random, 256);
		len = unit_random_below(&random, (uint32_t)len + 1);
		if (line_parse(&line, format_of(from), text, len, &why) !=
		    ERR_OK)
			continue;
		for (size_t j = 0; j < LINE_FIELDS; j++)
			assert_in_range(strlen(line.fields[j]),
			    j <= LINE_NAME ? 1 : 0, len);
	}
}

/* A preset may say them. */
static void
test_services_are_checked_later(void **state)
{
	static const char *const TEXTS[] = {
	    "alice\tlaptop", "{\"user\":\"a\",\"name\":\"b\",\"services\":[]}"};
	struct line line;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(TEXTS); i++) {
		assert_ok(line_parse(&line, format_of(TEXTS[i]), TEXTS[i],
		    strlen(TEXTS[i]), &why));
		assert_err(ERR_INVALID, line_check_services(&line, &why));
		assert_says("services: has to be given");
		line.fields[LINE_SERVICES] = "sshd";
		assert_ok(line_check_services(&line, &why));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_good_lines),
	    cmocka_unit_test(test_bad_lines),
	    cmocka_unit_test(test_services_are_checked_later),
	    cmocka_unit_test(test_nul),
	    cmocka_unit_test(test_length_counts),
	    cmocka_unit_test(test_longest_line),
	    cmocka_unit_test(test_longest_fields),
	    cmocka_unit_test(test_format_is_that_of_the_first_byte),
	    cmocka_unit_test(test_damaged_lines),
	};

	return unit_run(tests);
}
