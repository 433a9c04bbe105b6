#include "token/token.h"

#include <stdbool.h>
#include <string.h>

#include "lib/unit.h"
#include "meant.h"

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

/* The same, where only small and capital letters can mean it. */
static int
meant_at(size_t at, int typed)
{
	if (at < ID_START)
		return typed == 'A' || typed == 'T' || typed == 'K'
		    ? meant(typed)
		    : typed;
	return at < TOKEN_SECRET_START - 1 ? meant(typed) : typed;
}

static void
test_each_changed_character_is_refused(void **state)
{
	char text[TOKEN_LEN + 1], id[TOKEN_ID_LEN + 1];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(KNOWN); i++) {
		for (size_t at = 0; at < TOKEN_LEN; at++) {
			strcpy(text, KNOWN[i]);
			/* A NUL is a cut, which can leave a short token. */
			for (int other = 1; other < 256; other++) {
				text[at] = (char)other;
				assert_row(text,
				    token_parse(text, id) ==
					(meant_at(at, text[at]) ==
					    KNOWN[i][at]));
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

/* Its secret has capitals of its own. */
static void
test_a_long_one_is_taken_as_typed_up_to_its_secret(void **state)
{
	char text[TOKEN_LEN + 1], canonical[TOKEN_LEN + 1];

	(void)state;
	strcpy(text, "AtK_OI23456789_");
	strcat(text, KNOWN[0] + TOKEN_SECRET_START);
	assert_true(token_canonical(text, canonical));
	assert_string_equal(canonical, KNOWN[0]);
	/* Nothing is left of one that is wrong. */
	text[TOKEN_LEN - 1] ^= 1;
	memset(canonical, 'x', sizeof(canonical));
	assert_false(token_canonical(text, canonical));
	for (size_t i = 0; i < sizeof(canonical); i++)
		assert_int_equal(canonical[i], '\0');
}

static const struct {
	const char *text;
	bool shape;
	const char *id; /* if it is not what stands there */
} SHAPES[] = {
    {"atk_0123456789_", true, NULL},
    {"atk_0123456789_!", true, NULL},
    {"atk_0123456789_\n", true, NULL},
    {"atk_0123456789__", true, NULL},
    {"atk_zzzzzzzzzz_a password that nobody has", true, NULL},
    {"", false, NULL},
    {"a", false, NULL},
    {"atk", false, NULL},
    {"atk_", false, NULL},
    {"atk__", false, NULL},
    {"atk_0123456789", false, NULL},
    {"atk_012345678_", false, NULL},
    {"atk_012345678_9_", false, NULL},
    {"atk_0123456789a_", false, NULL},
    {"atk_0123456789-", false, NULL},
    {"atk-0123456789_", false, NULL},
    {" atk_0123456789_", false, NULL},
    {"ATK_0123456789_", true, NULL},
    {"atk_012345678A_", true, "012345678a"},
    {"atk_012345678i_", true, "0123456781"},
    {"atk_012345678l_", true, "0123456781"},
    {"atk_012345678o_", true, "0123456780"},
    {"aTk_OILABCDEFG_x", true, "011abcdefg"},
    {"atk_012345678u_", false, NULL},
    {"atk_012345678U_", false, NULL},
    {"1tk_0123456789_", false, NULL},
    {"atk_01234\xe9 789_", false, NULL},
    {"atk_01234_6789_", false, NULL},
    {"xatk_0123456789_", false, NULL},
};

static void
expect_id(const char *text, const char *id, const char *beginning)
{
	size_t len = beginning[0] == '\0' ? 0 : TOKEN_ID_LEN;

	assert_row(text, memcmp(id, beginning, len) == 0 && id[len] == '\0');
}

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
		expect_id(SHAPES[i].text, id,
		    !SHAPES[i].shape           ? ""
			: SHAPES[i].id != NULL ? SHAPES[i].id
					       : SHAPES[i].text + ID_START);
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
	    {"ATK_0123456789_", 0},
	    {"xATK_O123456789_", 1},
	    {"user ATK_u123456789_", -1},
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
	    cmocka_unit_test(
		test_a_long_one_is_taken_as_typed_up_to_its_secret),
	    cmocka_unit_test(test_shape),
	    cmocka_unit_test(test_find),
	    cmocka_unit_test(test_ids),
	};

	return unit_run(tests);
}
