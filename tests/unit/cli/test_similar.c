/* What is meant by a word that is not known. */
#include "cli/similar.h"

#include <string.h>

#include "lib/unit.h"

static const struct {
	const char *given;
	const char *known[4];
	const char *best; /* "": none */
} CASES[] = {
    {"isue", {"list", "issue"}, "issue"},            /* missing */
    {"isssue", {"list", "issue"}, "issue"},          /* too many */
    {"lost", {"issue", "list"}, "list"},             /* wrong */
    {"lsit", {"issue", "list"}, "list"},             /* swapped */
    {"LIST", {"issue", "list"}, "list"},             /* in capitals */
    {"expries", {"EXPIRES", "FROM"}, "EXPIRES"},     /* likewise */
    {"ssh", {"login", "sshd"}, "sshd"},              /* by its client */
    {"sshd-session", {"sshd", "login"}, ""},         /* much is too many */
    {"post", {"postgresql", "su"}, "postgresql"},    /* its beginning */
    {"po", {"postgresql", "su"}, ""},                /* too little of it */
    {"xy", {"xz", "yx"}, ""},                        /* likewise */
    {"frobnicate", {"issue", "list", "show"}, ""},   /* nothing like it */
    {"lose", {"rose", "lost", "nose"}, "lost"},      /* as like: by name */
    {"shwo", {"show", "shwe", "showing"}, "show"},   /* likewise */
    {"restorr", {"restored", "restore"}, "restore"}, /* the nearest */
    {"", {"issue", "list"}, ""},
    {"--usre", {"--user", "--json"}, "--user"},
};

static void
test_finds_what_is_meant(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct similar similar;

		similar_begin(&similar, CASES[i].given);
		for (size_t j = 0; j < 4 && CASES[i].known[j] != NULL; j++)
			similar_offer(&similar, CASES[i].known[j]);
		assert_string_equal(similar.best, CASES[i].best);
	}
}

static void
test_order_does_not_matter(void **state)
{
	struct similar similar;

	(void)state;
	similar_begin(&similar, "lose");
	similar_offer(&similar, "nose");
	similar_offer(&similar, "lost");
	similar_offer(&similar, "rose");
	assert_string_equal(similar.best, "lost");
}

static void
test_long_words_are_like_none(void **state)
{
	char longest[SIMILAR_WORD_MAX + 1], longer[SIMILAR_WORD_MAX + 2];
	struct similar similar;

	(void)state;
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	memset(longer, 'a', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	similar_begin(&similar, longest);
	similar_offer(&similar, longer);
	assert_string_equal(similar.best, "");
	similar_offer(&similar, longest);
	assert_string_equal(similar.best, longest);
	similar_begin(&similar, longer);
	similar_offer(&similar, longest);
	assert_string_equal(similar.best, "");
}

static void
test_hint(void **state)
{
	char hint[SIMILAR_HINT_SIZE] = "x";
	struct similar similar;

	(void)state;
	similar_begin(&similar, "isue");
	similar_hint(&similar, hint);
	assert_string_equal(hint, "");
	similar_offer(&similar, "issue");
	similar_hint(&similar, hint);
	assert_string_equal(hint, "; did you mean issue?");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_finds_what_is_meant),
	    cmocka_unit_test(test_order_does_not_matter),
	    cmocka_unit_test(test_long_words_are_like_none),
	    cmocka_unit_test(test_hint),
	};

	return unit_run(tests);
}
