#include "login/log_line.h"

#include <string.h>

#include "lib/unit.h"

static struct log_line line;

static int
setup(void **state)
{
	(void)state;
	memset(&line, 0, sizeof(line));
	return 0;
}

static void
expect(const char *text)
{
	assert_string_equal(line.text, text);
	assert_int_equal(line.len, strlen(text));
}

static void
test_text_stays_as_it_is(void **state)
{
	(void)state;
	log_line_text(&line, "tokenadm: ");
	log_line_text(&line, "");
	log_line_text(&line, "a=b \\ c");
	expect("tokenadm: a=b \\ c");
}

static void
test_fields(void **state)
{
	(void)state;
	log_line_text(&line, "issued");
	log_line_field(&line, "id", "0123456789");
	log_line_field(&line, "user", NULL);
	log_line_field(&line, "rhost", "");
	log_line_field(&line, "from", "2001:db8::1");
	expect("issued id=0123456789 user=- rhost=- from=2001:db8::1");
}

/* What could end a field, a line, or confuse a terminal. */
static const struct {
	const char *value, *shown;
} VALUES[] = {
    {"laptop", "laptop"},
    {"-", "-"},
    {"a b", "a\\x20b"},
    {"a=b", "a\\x3db"},
    {"x by=root", "x\\x20by\\x3droot"},
    {"\"q\"", "\\x22q\\x22"},
    {"it's", "it\\x27s"},
    {"a\nb", "a\\x0ab"},
    {"a\r\tb", "a\\x0d\\x09b"},
    {"\x1b[31m", "\\x1b[31m"},
    {"\x7f", "\\x7f"},
    {"\x01", "\\x01"},
    /* an escape that was there before differs from ours */
    {"\\x20", "\\x5cx20"},
    {"\\", "\\x5c"},
    /* UTF-8, valid or not: the log is ASCII */
    {"\xc3\xb6", "\\xc3\\xb6"},
    {"\xff\x80", "\\xff\\x80"},
    /* of a token, only the public part */
    {"atk_0123456789_SECRET", "atk_0123456789_..."},
    {"x atk_0123456789_SEC_RET\n", "x\\x20atk_0123456789_...\\x0a"},
    {"atk_0123456789_", "atk_0123456789_"},
    {"AtK_OIL3456789_SECRET", "atk_0113456789_..."},
    {"x=ATK_ABCDEFGHJK_S_E", "x\\x3datk_abcdefghjk_..."},
    {"atk_0123456789_a,atk_abcdefghjk_b",
	"atk_0123456789_...,atk_abcdefghjk_..."},
    {"!#$%&()*+,-./:;<>?@[]^_`{|}~", "!#$%&()*+,-./:;<>?@[]^_`{|}~"},
};

static void
test_values_are_escaped(void **state)
{
	for (size_t i = 0; i < COUNT_OF(VALUES); i++) {
		(void)setup(state);
		log_line_word(&line, VALUES[i].value);
		expect(VALUES[i].shown);
		(void)setup(state);
		log_line_field(&line, "n", VALUES[i].value);
		assert_memory_equal(line.text, " n=", 3);
		assert_string_equal(line.text + 3, VALUES[i].shown);
	}
}

/* Every byte there is: one line of printable ASCII without a blank. */
static void
test_no_byte_gets_through(void **state)
{
	for (int byte = 1; byte < 256; byte++) {
		char value[] = {(char)byte, '\0'};

		(void)setup(state);
		log_line_word(&line, value);
		assert_true(line.len == 1 || line.len == 4);
		for (size_t i = 0; i < line.len; i++)
			assert_in_range(line.text[i], '!', '~');
	}
}

static void
test_sentences_keep_blanks_and_quotes(void **state)
{
	(void)state;
	log_line_sentence(&line, "a=`b' \"c\" d");
	expect("a=`b' \"c\" d");
	(void)setup(state);
	log_line_sentence(&line, "a\nb\x1b\\\xc3");
	expect("a\\x0ab\\x1b\\x5c\\xc3");
	(void)setup(state);
	log_line_sentence(&line, "");
	expect("");
}

static void
test_a_long_value_is_cut_visibly(void **state)
{
	char value[300], shown[200];

	memset(value, 'v', sizeof(value));
	memset(shown, 'v', sizeof(shown));
	value[128] = shown[128] = '\0';
	log_line_word(&line, value);
	expect(shown);
	(void)setup(state);
	value[128] = 'v';
	value[299] = '\0';
	log_line_word(&line, value);
	strcpy(shown + 128, "...");
	expect(shown);
	/* never in the middle of an escape */
	(void)setup(state);
	value[126] = '\n';
	log_line_word(&line, value);
	strcpy(shown + 126, "...");
	expect(shown);
}

static void
test_a_field_is_cut_at_will(void **state)
{
	(void)state;
	log_line_field_cut(&line, "a", "12345", 5);
	log_line_field_cut(&line, "b", "123456", 5);
	log_line_field_cut(&line, "c", "12 456", 5);
	log_line_field_cut(&line, "d", "", 0);
	expect(" a=12345 b=12345... c=12... d=-");
}

static void
test_a_full_line_stays_one(void **state)
{
	char long_text[LOG_LINE_SIZE + 100];

	(void)state;
	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	log_line_text(&line, "begin ");
	log_line_text(&line, long_text);
	assert_int_equal(line.len, LOG_LINE_SIZE - 1);
	assert_int_equal(strlen(line.text), LOG_LINE_SIZE - 1);
	log_line_text(&line, "more");
	log_line_field(&line, "id", "0123456789");
	log_line_sentence(&line, long_text);
	assert_int_equal(line.len, LOG_LINE_SIZE - 1);
	assert_int_equal(strlen(line.text), LOG_LINE_SIZE - 1);
	assert_memory_equal(line.text, "begin xxx", 9);
}

#define LINE_TEST(test) cmocka_unit_test_setup(test, setup)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    LINE_TEST(test_text_stays_as_it_is),
	    LINE_TEST(test_fields),
	    LINE_TEST(test_values_are_escaped),
	    LINE_TEST(test_no_byte_gets_through),
	    LINE_TEST(test_sentences_keep_blanks_and_quotes),
	    LINE_TEST(test_a_long_value_is_cut_visibly),
	    LINE_TEST(test_a_field_is_cut_at_will),
	    LINE_TEST(test_a_full_line_stays_one),
	};

	return unit_run(tests);
}
