#include "token/token.h"

#include <stdbool.h>
#include <string.h>

#include "lib/unit.h"
#include "meant.h"

#define DRAWN 200
#define ID_START 4

/*
 * Made with Python: the sums as x^27 + c1 x^26 + ... + c26 x in GF(2)[x] modulo
 * x^5 + x^3 + 1, by long multiplication.
 */
static const char *const KNOWN_SHORT[] = {
    "atk_0123456789_abcdefghjkmnpqrs3",
    "atk_zzzzzzzzzz_zzzzzzzzzzzzzzzzz",
    "atk_0000000000_0000000000000000p",
    "atk_0000000000_0000000000000001m",
    "atk_mnpqrstvwx_yz0123456789abcd3",
    "atk_1000000000_0000000000000000x",
    "atk_abcdefghjk_0101010101010101h",
};

static void
test_known_tokens_parse(void **state)
{
	char id[TOKEN_ID_LEN + 1];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(KNOWN_SHORT); i++) {
		assert_row(KNOWN_SHORT[i], token_parse(KNOWN_SHORT[i], id));
		assert_memory_equal(
		    id, KNOWN_SHORT[i] + ID_START, TOKEN_ID_LEN);
	}
}

/* Of the alphabet alone, whose letters all occur: 3,200 were drawn. */
static void
test_made_tokens_parse(void **state)
{
	static const char LETTERS[] = "0123456789abcdefghjkmnpqrstvwxyz";
	char text[TOKEN_LEN + 1], id[TOKEN_ID_LEN + 1], parsed[sizeof(id)];
	bool seen[256] = {false};

	(void)state;
	for (int i = 0; i < DRAWN; i++) {
		assert_ok(token_make_short(text, id));
		assert_int_equal(strlen(text), TOKEN_SHORT_LEN);
		assert_row(text, token_parse(text, parsed));
		assert_string_equal(parsed, id);
		for (size_t at = TOKEN_SECRET_START; text[at] != '\0'; at++) {
			assert_non_null(strchr(LETTERS, text[at]));
			seen[(unsigned char)text[at]] = true;
		}
	}
	for (const char *letter = LETTERS; *letter != '\0'; letter++)
		assert_true(seen[(unsigned char)*letter]);
}

/* Whatever is drawn: every wrong character, at every place but the `_`. */
static void
test_each_wrong_character_of_a_short_one_is_refused(void **state)
{
	char text[TOKEN_LEN + 1], id[TOKEN_ID_LEN + 1], right;

	(void)state;
	for (int i = 0; i < DRAWN; i++) {
		assert_ok(token_make_short(text, id));
		for (size_t at = ID_START; at < TOKEN_SHORT_LEN; at++) {
			if (at == TOKEN_SECRET_START - 1)
				continue;
			right = text[at];
			for (int other = 0; other < 256; other++) {
				text[at] = (char)other;
				assert_row(text,
				    token_parse(text, id) ==
					(meant(text[at]) == right));
			}
			text[at] = right;
		}
	}
}

static void
swap(char *a, char *b)
{
	char kept = *a;

	*a = *b;
	*b = kept;
}

/* Not of neighbours alone, but of any two. */
static void
test_each_swap_in_a_short_one_is_refused(void **state)
{
	char text[TOKEN_LEN + 1], id[TOKEN_ID_LEN + 1];

	(void)state;
	for (int i = 0; i < DRAWN; i++) {
		assert_ok(token_make_short(text, id));
		for (char *a = text; *a != '\0'; a++) {
			for (char *b = text; b < a; b++) {
				swap(a, b);
				assert_row(
				    text, token_parse(text, id) == (*a == *b));
				swap(a, b);
			}
		}
	}
}

static void
test_each_length_of_a_short_one_is_refused(void **state)
{
	char text[TOKEN_SHORT_LEN + 2], id[TOKEN_ID_LEN + 1];

	(void)state;
	for (size_t len = 0; len < TOKEN_SHORT_LEN; len++) {
		strcpy(text, KNOWN_SHORT[0]);
		text[len] = '\0';
		assert_row(text, !token_parse(text, id));
	}
	for (int more = 1; more < 256; more++) {
		strcpy(text, KNOWN_SHORT[0]);
		text[TOKEN_SHORT_LEN] = (char)more;
		text[TOKEN_SHORT_LEN + 1] = '\0';
		assert_row(text, !token_parse(text, id));
	}
}

/* A short one as a panel may have it; any way of writing each character. */
static void
test_a_short_one_is_taken_as_typed(void **state)
{
	char made[TOKEN_LEN + 1], text[TOKEN_LEN + 1];
	char canonical[TOKEN_LEN + 1], id[TOKEN_ID_LEN + 1], parsed[sizeof(id)];

	(void)state;
	for (int typed = 1; typed < 256; typed++) {
		if (meant(typed) == typed)
			continue;
		for (int i = 0; i < DRAWN; i++) {
			assert_ok(token_make_short(made, id));
			strcpy(text, made);
			for (char *at = text; *at != '\0'; at++) {
				if (*at == meant(typed))
					*at = (char)typed;
			}
			assert_row(text, token_has_shape(text));
			assert_row(text, token_canonical(text, canonical));
			assert_string_equal(canonical, made);
			assert_row(text, token_parse(text, parsed));
			assert_string_equal(parsed, id);
		}
	}
	assert_true(
	    token_canonical("AtK_OIL3456789_ABCDEFGHJKMNPQRSE", canonical));
	assert_string_equal(canonical, "atk_0113456789_abcdefghjkmnpqrse");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_known_tokens_parse),
	    cmocka_unit_test(test_made_tokens_parse),
	    cmocka_unit_test(
		test_each_wrong_character_of_a_short_one_is_refused),
	    cmocka_unit_test(test_each_swap_in_a_short_one_is_refused),
	    cmocka_unit_test(test_each_length_of_a_short_one_is_refused),
	    cmocka_unit_test(test_a_short_one_is_taken_as_typed),
	};

	return unit_run(tests);
}
