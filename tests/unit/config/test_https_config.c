/* [fleet] source and [https]: what is no directory or URL of ours is refused.
 */
#include "config/config.h"

#include <stdio.h>
#include <string.h>

#include "lib/unit.h"

static enum err
parse(struct config *config, const char *section, const char *line)
{
	char text[8192];

	(void)snprintf(text, sizeof(text), "[%s]\n%s\n", section, line);
	return config_parse(config, text, strlen(text), "file", &why);
}

static void
test_sources(void **state)
{
	static const char *const SOURCES[] = {"/", "/srv/fleet",
	    "/srv/hub.fleet", "https://a/", "https://a/hub.fleet",
	    "https://a.example:8443/b/c-d_e~f%20g/", "https://[2001:db8::1]/",
	    "https://10.0.0.1:1/a"};
	char line[256];
	struct config config;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(SOURCES); i++) {
		(void)snprintf(line, sizeof(line), "source = %s", SOURCES[i]);
		assert_ok(parse(&config, "fleet", line));
		assert_string_equal(config.fleet.source, SOURCES[i]);
	}
}

static void
test_no_sources(void **state)
{
	static const char *const SOURCES[] = {"", "relative",
	    "http://10.77.0.1/a/", "ftp://a/", "HTTPS://a/", "https://",
	    "https:///", "https://a", "https://a?b", "https://a/?b",
	    "https://a/#b", "https://a/ b", "https://a/\\b", "https:/a/",
	    "file:///a"};
	char line[256];
	struct config config;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(SOURCES); i++) {
		(void)snprintf(line, sizeof(line), "source = %s", SOURCES[i]);
		assert_err(ERR_CONFIG, parse(&config, "fleet", line));
	}
}

/* Neither in this file, nor in the error. */
static void
test_no_password_in_it(void **state)
{
	static const char *const SOURCES[] = {"https://web1:secret@a/",
	    "https://secret@a/b", "https://web%31:secret@a/",
	    "http://web1:secret@a/", "https://web1:secret@a"};
	char line[256];
	struct config config;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(SOURCES); i++) {
		(void)snprintf(line, sizeof(line), "source = %s", SOURCES[i]);
		assert_err(ERR_CONFIG, parse(&config, "fleet", line));
		assert_non_null(strstr(why.text, "without user"));
		assert_null(strstr(why.text, "secret"));
	}
}

static void
test_too_long(void **state)
{
	char line[CONFIG_PATH_MAX + 64];
	size_t len = strlen("source = ");
	struct config config;

	(void)state;
	memset(line, 'a', sizeof(line));
	memcpy(line, "source = https://a/", strlen("source = https://a/"));
	line[len + CONFIG_PATH_MAX] = '\0';
	assert_ok(parse(&config, "fleet", line));
	line[len + CONFIG_PATH_MAX] = 'a';
	line[len + CONFIG_PATH_MAX + 1] = '\0';
	assert_err(ERR_CONFIG, parse(&config, "fleet", line));
}

static void
test_who_we_are(void **state)
{
	static const char *const GOOD[] = {"ca = ", "ca = /a",
	    "certificate = ", "key = /a", "user = web1",
	    "user = ", "password = /a"};
	static const char *const BAD[] = {"ca = a", "certificate = a",
	    "password = ", "password = a", "user = A B", "user = a:b",
	    "endpoints = https://a"};
	struct config config;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(GOOD); i++)
		assert_ok(parse(&config, "https", GOOD[i]));
	for (size_t i = 0; i < COUNT_OF(BAD); i++)
		assert_err(ERR_CONFIG, parse(&config, "https", BAD[i]));
	assert_ok(parse(&config, "https", ""));
	assert_string_equal(config.https.ca, "");
	assert_string_equal(
	    config.https.password, SYSCONFDIR "/apitoken/https/password");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sources),
	    cmocka_unit_test(test_no_sources),
	    cmocka_unit_test(test_no_password_in_it),
	    cmocka_unit_test(test_too_long),
	    cmocka_unit_test(test_who_we_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
