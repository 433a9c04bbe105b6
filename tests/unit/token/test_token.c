#include "token/token.h"

#include <stdbool.h>
#include <string.h>

#include "lib/unit.h"

#define MADE 10000
#define ID_START 4
#define SECRET_LEN 43

static const char ID_LETTERS[] = "0123456789abcdefghjkmnpqrstvwxyz";
static const char SECRET_LETTERS[] =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/* Made with Python: zlib.crc32, and the digits by hand. */
static const char *const KNOWN[] = {
    "atk_0123456789_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg2m6nye",
    "atk_zzzzzzzzzz_zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz1TlvyA",
    "atk_0000000000_000000000000000000000000000000000000000000023wyZM",
    "atk_abcdefghjk_JKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz2FXQDc",
    "atk_mnpqrstvwx_0aZ0aZ0aZ0aZ0aZ0aZ0aZ0aZ0aZ0aZ0aZ0aZ0aZ0aZ91AJeRN",
    /* a checksum that begins with two zeroes */
    "atk_0000000000_00000000000000000000000000000000000000062600018hI",
};

static void
test_known_tokens_parse(void **state)
{
	char id[TOKEN_ID_LEN + 1];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(KNOWN); i++) {
		assert_row(KNOWN[i], token_has_shape(KNOWN[i]));
		assert_row(KNOWN[i], token_parse(KNOWN[i], id));
		assert_memory_equal(id, KNOWN[i] + ID_START, TOKEN_ID_LEN);
		assert_int_equal(id[TOKEN_ID_LEN], '\0');
		assert_row(id, token_id_valid(id));
	}
}

static void
test_made_tokens_parse(void **state)
{
	char text[TOKEN_LEN + 1], id[TOKEN_ID_LEN + 1], parsed[sizeof(id)];
	char before[TOKEN_LEN + 1] = "";

	(void)state;
	for (int i = 0; i < MADE; i++) {
		assert_ok(token_make(text, id));
		assert_int_equal(strlen(text), TOKEN_LEN);
		assert_row(text, token_parse(text, parsed));
		assert_string_equal(parsed, id);
		assert_row(text, token_id_valid(id));
		assert_string_not_equal(text, before);
		strcpy(before, text);
	}
}

/* Whether each letter was drawn about equally often: 8 sigma. */
static void
expect_even(const char *letters, const unsigned counts[256], size_t drawn)
{
	double expected = (double)drawn / (double)strlen(letters);
	size_t found = 0;

	for (const char *letter = letters; *letter != '\0'; letter++) {
		double off = counts[(unsigned char)*letter] - expected;

		assert_true(off * off < 64 * expected);
		found += counts[(unsigned char)*letter];
	}
	assert_int_equal(found, drawn);
}

static void
test_letters_are_drawn_evenly(void **state)
{
	char text[TOKEN_LEN + 1], id[TOKEN_ID_LEN + 1];
	unsigned ids[256] = {0}, secrets[256] = {0}, first[256] = {0};

	(void)state;
	for (int i = 0; i < MADE; i++) {
		assert_ok(token_make(text, id));
		for (size_t at = 0; at < TOKEN_ID_LEN; at++)
			ids[(unsigned char)id[at]]++;
		for (size_t at = 0; at < SECRET_LEN; at++)
			secrets[(unsigned char)text[TOKEN_SECRET_START + at]]++;
		first[(unsigned char)text[TOKEN_SECRET_START]]++;
	}
	expect_even(ID_LETTERS, ids, (size_t)MADE * TOKEN_ID_LEN);
	expect_even(SECRET_LETTERS, secrets, (size_t)MADE * SECRET_LEN);
	expect_even(SECRET_LETTERS, first, MADE);
}

static void
test_each_changed_character_is_refused(void **state)
{
	char text[TOKEN_LEN + 1], id[TOKEN_ID_LEN + 1];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(KNOWN); i++) {
		for (size_t at = 0; at < TOKEN_LEN; at++) {
			strcpy(text, KNOWN[i]);
			for (int other = 0; other < 256; other++) {
				text[at] = (char)other;
				assert_row(text,
				    token_parse(text, id) ==
					(text[at] == KNOWN[i][at]));
			}
		}
	}
}

static void
test_swapped_characters_are_refused(void **state)
{
	char text[TOKEN_LEN + 1], id[TOKEN_ID_LEN + 1];

	(void)state;
	for (size_t at = 0; at + 1 < TOKEN_LEN; at++) {
		strcpy(text, KNOWN[0]);
		text[at] = KNOWN[0][at + 1];
		text[at + 1] = KNOWN[0][at];
		assert_row(
		    text, text[at] == text[at + 1] || !token_parse(text, id));
	}
}

static void
test_each_cut_is_refused(void **state)
{
	char text[TOKEN_LEN + 1], id[TOKEN_ID_LEN + 1];

	(void)state;
	for (size_t len = 0; len < TOKEN_LEN; len++) {
		strcpy(text, KNOWN[0]);
		text[len] = '\0';
		assert_row(text, !token_parse(text, id));
		assert_row(
		    text, token_has_shape(text) == (len >= TOKEN_SECRET_START));
	}
}

static void
test_each_extension_is_refused(void **state)
{
	char text[601], id[TOKEN_ID_LEN + 1];

	(void)state;
	for (int more = 1; more < 256; more++) {
		strcpy(text, KNOWN[0]);
		text[TOKEN_LEN] = (char)more;
		text[TOKEN_LEN + 1] = '\0';
		assert_row(text, !token_parse(text, id));
		assert_row(text, token_has_shape(text));
	}
	memset(text, '0', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	memcpy(text, KNOWN[0], TOKEN_LEN);
	assert_false(token_parse(text, id));
	assert_true(token_has_shape(text));
}

static const struct {
	const char *text;
	bool shape;
} SHAPES[] = {
    {"atk_0123456789_", true},
    {"atk_0123456789_!", true},
    {"atk_0123456789_\n", true},
    {"atk_0123456789__", true},
    {"atk_zzzzzzzzzz_a password that nobody has", true},
    {"", false},
    {"a", false},
    {"atk", false},
    {"atk_", false},
    {"atk__", false},
    {"atk_0123456789", false},
    {"atk_012345678_", false},
    {"atk_012345678_9_", false},
    {"atk_0123456789a_", false},
    {"atk_0123456789-", false},
    {"atk-0123456789_", false},
    {" atk_0123456789_", false},
    {"ATK_0123456789_", false},
    {"atk_012345678A_", false},
    {"atk_012345678i_", false},
    {"atk_012345678l_", false},
    {"atk_012345678o_", false},
    {"atk_012345678u_", false},
    {"atk_01234_6789_", false},
    {"xatk_0123456789_", false},
};

static void
test_shape(void **state)
{
	char id[TOKEN_ID_LEN + 1];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(SHAPES); i++) {
		strcpy(id, "untouched");
		assert_row(SHAPES[i].text,
		    token_has_shape(SHAPES[i].text) == SHAPES[i].shape);
		assert_row(SHAPES[i].text, !token_parse(SHAPES[i].text, id));
		/* The id of a damaged token is known all the same. */
		assert_row(SHAPES[i].text,
		    SHAPES[i].shape ? memcmp(id, SHAPES[i].text + ID_START,
					  TOKEN_ID_LEN) == 0 &&
			    id[TOKEN_ID_LEN] == '\0'
				    : id[0] == '\0');
	}
}

static void
test_ids(void **state)
{
	char id[TOKEN_ID_LEN + 1] = "0123456789";

	(void)state;
	for (int letter = 1; letter < 256; letter++) {
		for (size_t at = 0; at < TOKEN_ID_LEN; at++) {
			id[at] = (char)letter;
			assert_row(id,
			    token_id_valid(id) ==
				(strchr(ID_LETTERS, letter) != NULL));
			id[at] = '0';
		}
	}
	assert_false(token_id_valid(""));
	assert_false(token_id_valid("012345678"));
	assert_false(token_id_valid("01234567890"));
	assert_false(token_id_valid("0123456789 "));
	assert_false(token_id_valid("0123456789_"));
}

static void
test_find(void **state)
{
	static const struct {
		const char *text;
		int at; /* -1: nowhere */
	} TEXTS[] = {
	    {"", -1},
	    {"atk_", -1},
	    {"atk_0123456789", -1},
	    {"atk_0123456789_", 0},
	    {"user atk_0123456789_secret", 5},
	    {"atk_atk_0123456789_", 4},
	    {"atk_atk_atk_atk", -1},
	    {"atkatk_0123456789_x atk_0123456789_", 3},
	    {"ATK_0123456789_", -1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(TEXTS); i++) {
		const char *text = TEXTS[i].text, *found = token_find(text);

		assert_row(text,
		    TEXTS[i].at < 0 ? found == NULL
				    : found == text + TEXTS[i].at);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_known_tokens_parse),
	    cmocka_unit_test(test_made_tokens_parse),
	    cmocka_unit_test(test_letters_are_drawn_evenly),
	    cmocka_unit_test(test_each_changed_character_is_refused),
	    cmocka_unit_test(test_swapped_characters_are_refused),
	    cmocka_unit_test(test_each_cut_is_refused),
	    cmocka_unit_test(test_each_extension_is_refused),
	    cmocka_unit_test(test_shape),
	    cmocka_unit_test(test_find),
	    cmocka_unit_test(test_ids),
	};

	return unit_run(tests);
}
