/* [etcd]: what is no endpoint, prefix or path is refused. */
#include "config/config.h"

#include <stdio.h>
#include <string.h>

#include "lib/unit.h"

static enum err
parse(struct config *config, const char *line)
{
	char text[4096];

	(void)snprintf(text, sizeof(text), "[etcd]\n%s\n", line);
	return config_parse(config, text, strlen(text), "file", &why);
}

static void
test_taken(void **state)
{
	static const char *const LINES[] = {"endpoints = ",
	    "endpoints = https://a", "endpoints = https://[2001:db8::1]:2379",
	    "certificate = ", "key = /a", "prefix = /a/b.c-d_E"};
	struct config config;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(LINES); i++)
		assert_ok(parse(&config, LINES[i]));
	assert_ok(
	    parse(&config, "endpoints = https://10.0.0.1:2379, https://b:1"));
	assert_string_equal(
	    config.etcd.endpoints, "https://10.0.0.1:2379,https://b:1");
	assert_string_equal(config.etcd.prefix, "/apitoken");
}

static void
test_refused(void **state)
{
	static const char *const LINES[] = {"endpoints = http://10.0.0.1:2379",
	    "endpoints = https://", "endpoints = a:2379",
	    "endpoints = https://a/path", "endpoints = https://user@a",
	    "endpoints = https://a?b", "endpoints = https://a b",
	    "endpoints = https://a,,https://b", "endpoints = HTTPS://a",
	    "prefix = /", "prefix = a", "prefix = ", "prefix = /a/",
	    "prefix = /a b", "ca = relative", "ca = ", "certificate = a",
	    "password = a", "user = A B"};
	struct config config;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(LINES); i++)
		assert_err(ERR_CONFIG, parse(&config, LINES[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_taken),
	    cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
