/* Bytes that come in parts. */
#include "base/growing.h"

#include <stdlib.h>
#include <string.h>

#include "lib/unit.h"

static void
expect(const struct growing *growing, const char *text)
{
	assert_int_equal(growing->len, strlen(text));
	assert_true(growing->size > growing->len);
	assert_string_equal((const char *)growing->bytes, text);
}

static void
test_parts_follow_each_other(void **state)
{
	struct growing growing = {0};
	char all[6 * 1000 + 1] = "";

	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		assert_ok(growing_add(&growing, SIZE_MAX, "part, ", 6));
		memcpy(all + i * 6, "part, ", 7);
		expect(&growing, all);
	}
	free(growing.bytes);
}

/* None at all is a text, too. */
static void
test_nothing(void **state)
{
	struct growing growing = {0};

	(void)state;
	assert_ok(growing_add(&growing, 0, "", 0));
	expect(&growing, "");
	assert_err(ERR_INVALID, growing_add(&growing, 0, "a", 1));
	free(growing.bytes);
}

static void
test_no_more_than_may_come(void **state)
{
	struct growing growing = {0};

	(void)state;
	assert_ok(growing_add(&growing, 5, "abc", 3));
	assert_err(ERR_INVALID, growing_add(&growing, 5, "def", 3));
	expect(&growing, "abc");
	assert_ok(growing_add(&growing, 5, "de", 2));
	expect(&growing, "abcde");
	assert_int_equal(growing.size, 6);
	assert_err(ERR_INVALID, growing_add(&growing, 5, "f", 1));
	expect(&growing, "abcde");
	free(growing.bytes);
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
	    cmocka_unit_test(test_parts_follow_each_other),
	    cmocka_unit_test(test_nothing),
	    cmocka_unit_test(test_no_more_than_may_come),
	};

	return unit_run(TESTS);
}
