#include "config/presets.h"

#include <stdio.h>
#include <string.h>

#include "config/config.h"
#include "lib/unit.h"

static struct config config;

static enum err
parse(const char *text)
{
	config_free(&config);
	return config_parse(&config, text, strlen(text), "file", &why);
}

static int
teardown(void **state)
{
	(void)state;
	config_free(&config);
	return 0;
}

static void
test_each_key_is_read(void **state)
{
	const struct preset *preset;

	(void)state;
	assert_ok(parse("[preset backup]\nservices = sshd , @mail,sshd\n"
			"scopes = read, write\nexpires = 90d\n"
			"from = 192.0.2.0/24, 2001:db8::1\nmax_sessions = 3\n"
			"[policy]\nmax_tokens = 2\n"
			"[preset  web-1.x]\nexpires = never\n"
			"[services]\nmail = imap\n"));
	preset = presets_find(config.presets, "backup");
	assert_non_null(preset);
	assert_string_equal(preset->services, "sshd,@mail");
	assert_string_equal(preset->scopes, "read,write");
	assert_string_equal(preset->expires, "90d");
	assert_string_equal(preset->from, "192.0.2.0/24,2001:db8::1");
	assert_string_equal(preset->max_sessions, "3");
	preset = presets_find(config.presets, "web-1.x");
	assert_non_null(preset);
	assert_string_equal(preset->services, "");
	assert_string_equal(preset->expires, "never");
	assert_int_equal(config.policy.max_tokens, 2);
	assert_null(presets_find(config.presets, "web"));
	assert_null(presets_find(config.presets, "Backup"));
	assert_null(presets_find(NULL, "backup"));
}

static const struct {
	const char *text, *error;
} BAD[] = {
    {"[preset]\nscopes = a", "file:1: unknown section: preset"},
    {"[preset ]\nscopes = a", "file:1: not a name for a preset"},
    {"[preset a b]\nscopes = a", "file:1: not a name for a preset: a b"},
    {"[preset -a]\nscopes = a", "file:1: not a name for a preset: -a"},
    {"[preset a]\nscopes = a\n[preset a]\n", "file:3: a second section for: a"},
    {"[preset a]\n[preset b]\nscopes = x",
	"file:1: a preset that says nothing: a"},
    {"[store]\n\n[preset a]\n# scopes = x\n[policy]\nmax_tokens = 1",
	"file:3: a preset that says nothing: a"},
    {"[preset a]\ndescription = x", "file:2: unknown key: description"},
    {"[preset a]\nservice = x", "file:2: unknown key: service"},
    {"[preset a]\nscopes = x\nscopes = x", "file:3: set twice: scopes"},
    {"[preset a]\nservices =", "file:2: not a list of services"},
    {"[preset a]\nservices = a/b", "file:2: not a list of services: a/b"},
    {"[preset a]\n\nservices = @x", "file:1: no such group in [services]: @x"},
    {"[preset a]\nscopes = X", "file:2: not a list of scopes: X"},
    {"[preset a]\nscopes =", "file:2: not a list of scopes"},
    {"[preset a]\nexpires = 90", "file:2: not a duration, such as 90d"},
    {"[preset a]\nexpires = 0s", "file:2: out of range: 0s"},
    {"[preset a]\nexpires = 2027-01-31", "file:2: not a duration"},
    {"[preset a]\nexpires =", "file:2: not a duration"},
    {"[preset a]\nfrom = any", "file:2: not a list of networks: any"},
    {"[preset a]\nfrom = 192.0.2.1/24", "file:2: not a list of networks: 192"},
    {"[preset a]\nfrom =", "file:2: not a list of networks"},
    {"[preset a]\nmax_sessions = 0", "file:2: not a number in range: 0"},
    {"[preset a]\nmax_sessions = -1", "file:2: not a number in range: -1"},
    {"[preset a]\nmax_sessions = 10001", "file:2: not a number in range"},
    {"[preset a]\nmax_sessions = 1000000000", "file:2: not a number in range"},
    {"[preset a]\nmax_sessions = unlimited", "file:2: not a number in range"},
    {"[preset a]\nmax_sessions =", "file:2: not a number in range"},
    {"[preset a]\nmax_sessions = 00000000000000003", "not a number in range"},
};

static void
test_errors_name_file_and_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(BAD); i++) {
		assert_row(BAD[i].text, parse(BAD[i].text) == ERR_CONFIG);
		assert_row(BAD[i].text, strstr(why.text, BAD[i].error) != NULL);
	}
}

static void
test_most_networks(void **state)
{
	char text[1100] = "[preset a]\nfrom = ";

	(void)state;
	for (int i = 0; i < RECORD_NETWORKS_MAX; i++)
		(void)snprintf(text + strlen(text), sizeof(text) - strlen(text),
		    "%s10.0.0.%d", i == 0 ? "" : ",", i);
	assert_ok(parse(text));
	strcat(text, ",10.0.1.1");
	assert_err(ERR_CONFIG, parse(text));
	assert_says("file:2: too many networks");
}

int
main(void)
{
#define PRESET_TEST(test) cmocka_unit_test_teardown(test, teardown)
	const struct CMUnitTest tests[] = {
	    PRESET_TEST(test_each_key_is_read),
	    PRESET_TEST(test_errors_name_file_and_line),
	    PRESET_TEST(test_most_networks),
	};

	return unit_run(tests);
}
