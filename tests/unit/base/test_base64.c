/* Base64: RFC 4648's own examples, and nothing that is not written so. */
#include "base/base64.h"

#include <string.h>

#include "lib/unit.h"

static const struct {
	const char *bytes, *text;
} PAIRS[] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"},
    {"\xfb\xff\xbf", "+/+/"}};

static void
test_pairs(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(PAIRS); i++) {
		size_t len = strlen(PAIRS[i].bytes), got = 99;
		uint8_t bytes[16];
		char text[16];

		base64_put(text, (const uint8_t *)PAIRS[i].bytes, len);
		assert_string_equal(text, PAIRS[i].text);
		assert_int_equal(strlen(text), BASE64_LEN(len));
		assert_true(base64_get(bytes, &got, text, strlen(text)));
		assert_int_equal(got, len);
		assert_memory_equal(bytes, PAIRS[i].bytes, len);
	}
}

static void
test_refused(void **state)
{
	static const char *const TEXTS[] = {"Z", "Zg", "Zg=", "Zm9",
	    "Zm9v=", "Zh==", "Zm9=", "====", "Z===", "Zg==Zg==", "Zm 9",
	    "Zm9\n", "Zm-_", "Zm\xc3\xb6", "=Zg=", "Zg=g"};
	uint8_t bytes[16];
	size_t got;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(TEXTS); i++)
		assert_false(
		    base64_get(bytes, &got, TEXTS[i], strlen(TEXTS[i])));
}

/* Every byte, at each place of a group. */
static void
test_all_bytes(void **state)
{
	uint8_t bytes[258], back[261];
	char text[BASE64_LEN(sizeof(bytes)) + 1];
	size_t got;

	(void)state;
	for (size_t len = 0; len <= sizeof(bytes); len++) {
		for (size_t i = 0; i < len; i++)
			bytes[i] = (uint8_t)(255 - i * 7);
		base64_put(text, bytes, len);
		assert_true(base64_get(back, &got, text, strlen(text)));
		assert_int_equal(got, len);
		assert_memory_equal(back, bytes, len);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_pairs),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_all_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
