#include "lib/unit.h"

#include <errno.h>
#include <string.h>

#define LAST ERR_UNCONFIRMED

static void
test_every_error_has_a_text_of_its_own(void **state)
{
	(void)state;
	for (int a = ERR_OK; a <= LAST; a++) {
		const char *name = error_name((enum err)a);

		assert_string_not_equal(name, "");
		assert_string_not_equal(name, "unknown error");
		for (int b = ERR_OK; b < a; b++)
			assert_string_not_equal(name, error_name((enum err)b));
	}
	assert_string_equal(error_name((enum err)(LAST + 1)), "unknown error");
}

static void
test_every_error_has_a_word_of_its_own(void **state)
{
	(void)state;
	for (int a = ERR_OK; a <= LAST; a++) {
		const char *word = error_word((enum err)a);

		assert_int_equal(
		    strspn(word, "abcdefghijklmnopqrstuvwxyz_"), strlen(word));
		for (int b = ERR_OK; b < a; b++)
			assert_string_not_equal(word, error_word((enum err)b));
	}
	assert_string_equal(error_word((enum err)(LAST + 1)), "internal");
}

static void
test_what_it_is_about_goes_with_the_next_one(void **state)
{
	struct error error;
	enum err rc;

	(void)state;
	rc = error_about(
	    &error, "name", "quota", error_set(&error, ERR_POLICY, "too many"));
	assert_int_equal(rc, ERR_POLICY);
	assert_string_equal(error.field, "name");
	assert_string_equal(error.word, "quota");
	assert_ok(error_about(&error, "user", NULL, ERR_OK));
	assert_string_equal(error.field, "name");
	assert_err(ERR_BUSY, error_set(&error, ERR_BUSY, "busy"));
	assert_null(error.field);
	assert_null(error.word);
	assert_err(ERR_KEY, error_about(NULL, "name", NULL, ERR_KEY));
}

static void
test_a_full_disk_has_a_word(void **state)
{
	static const int FULL[] = {ENOSPC, EDQUOT};
	struct error error;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		errno = FULL[i];
		(void)error_set(&error, ERR_SYSTEM, "cannot write: %m");
		assert_string_equal(error.word, "no_space");
		(void)error_about(&error, "file", NULL, ERR_SYSTEM);
		assert_string_equal(error.word, "no_space");
		/* What is no failure of the system is not about the disk. */
		(void)error_set(&error, ERR_DAMAGED, "damaged");
		assert_null(error.word);
	}
	errno = EIO;
	(void)error_set(&error, ERR_SYSTEM, "cannot write: %m");
	assert_null(error.word);
}

static void
test_set_formats_and_returns_the_code(void **state)
{
	struct error error;

	(void)state;
	assert_int_equal(
	    error_set(&error, ERR_BUSY, "%s:%d", "file", 7), ERR_BUSY);
	assert_string_equal(error.text, "file:7");
}

static void
test_set_takes_no_struct(void **state)
{
	(void)state;
	assert_int_equal(error_set(NULL, ERR_KEY, "%s", "text"), ERR_KEY);
}

static void
test_set_keeps_errno(void **state)
{
	struct error error;

	(void)state;
	errno = EDOM;
	/* what multibyte text cannot hold: printf itself fails, with EILSEQ */
	(void)error_set(&error, ERR_SYSTEM, "%ls", L"\xfffffff");
	assert_int_equal(errno, EDOM);
}

static void
test_set_cuts_what_is_too_long(void **state)
{
	struct {
		struct error error;
		char guard;
	} room = {.guard = 'g'};
	char text[ERROR_TEXT_MAX + 100];

	(void)state;
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	(void)error_set(&room.error, ERR_SYSTEM, "%s", text);
	assert_int_equal(strlen(room.error.text), ERROR_TEXT_MAX - 1);
	assert_int_equal(room.guard, 'g');
}

/* The value is too long: the description of the error must remain. */
static void
test_set_cuts_in_the_middle(void **state)
{
	struct error error;
	char value[5000];

	(void)state;
	for (size_t len = ERROR_TEXT_MAX - 30; len < sizeof(value); len++) {
		size_t shown;

		memset(value, 'x', len);
		value[len] = '\0';
		(void)error_set(
		    &error, ERR_INVALID, "name `%s`: 1 to 64 bytes", value);
		shown = strlen(error.text);
		assert_int_equal(shown,
		    len + 22 < ERROR_TEXT_MAX ? len + 22 : ERROR_TEXT_MAX - 1);
		assert_memory_equal(error.text, "name `xxx", 9);
		assert_string_equal(
		    error.text + shown - 19, "xxx`: 1 to 64 bytes");
		assert_int_equal(len + 22 >= ERROR_TEXT_MAX,
		    strstr(error.text, "x...x") != NULL);
	}
	errno = EDOM;
	(void)error_set(&error, ERR_SYSTEM, "%s%m", value);
	assert_non_null(strstr(error.text, strerror(EDOM)));
	assert_int_equal(errno, EDOM);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_every_error_has_a_text_of_its_own),
	    cmocka_unit_test(test_every_error_has_a_word_of_its_own),
	    cmocka_unit_test(test_what_it_is_about_goes_with_the_next_one),
	    cmocka_unit_test(test_a_full_disk_has_a_word),
	    cmocka_unit_test(test_set_formats_and_returns_the_code),
	    cmocka_unit_test(test_set_takes_no_struct),
	    cmocka_unit_test(test_set_keeps_errno),
	    cmocka_unit_test(test_set_cuts_what_is_too_long),
	    cmocka_unit_test(test_set_cuts_in_the_middle),
	};

	return unit_run(tests);
}
