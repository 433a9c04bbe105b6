#include "issue/preset_options.h"

#include <string.h>

#include "lib/scratch.h"
#include "lib/unit.h"

static const char CONFIG[] = "[services]\nmail = imap, pop3\n"
			     "[preset all]\nservices = sshd, @mail\n"
			     "scopes = read, write\nexpires = 90d\n"
			     "from = 192.0.2.0/24, 2001:db8::/32\n"
			     "max_sessions = 3\n"
			     "[preset any]\nservices = any\nexpires = never\n"
			     "[preset scopes]\nscopes = read\n";

static struct config config;
static struct record record;

/* A token that is all that the preset `all` gives. */
static int
setup(void **state)
{
	(void)state;
	sample_record(&record, "alice", "laptop");
	strcpy(record.services, "sshd,@mail");
	strcpy(record.scopes, "read,write");
	record.from_count = 2;
	record.max_sessions = 3;
	return network_parse("192.0.2.0/24", &record.from[0]) &&
		network_parse("2001:db8::/32", &record.from[1]) &&
		config_parse(&config, CONFIG, strlen(CONFIG), "file", &why) ==
		    ERR_OK
	    ? 0
	    : -1;
}

static int
teardown(void **state)
{
	(void)state;
	config_free(&config);
	return 0;
}

static enum err
check(const char *name)
{
	return preset_options_check(
	    presets_find(config.presets, name), config.groups, &record, &why);
}

static void
expect_beyond(const char *option_and_value)
{
	assert_err(ERR_POLICY, check("all"));
	assert_says(option_and_value);
	assert_says("is more than preset `all` gives: ");
}

static void
test_services(void **state)
{
	static const char *const WITHIN[] = {
	    "sshd", "@mail", "imap", "pop3,imap,sshd"};

	(void)state;
	assert_ok(check("all"));
	for (size_t i = 0; i < COUNT_OF(WITHIN); i++) {
		strcpy(record.services, WITHIN[i]);
		assert_row(WITHIN[i], check("all") == ERR_OK);
	}
	strcpy(record.services, "sshd,vsftpd");
	expect_beyond("--service: `vsftpd` ");
	strcpy(record.services, "any");
	expect_beyond("--service: `any` ");
	assert_ok(check("any"));
}

static void
test_scopes(void **state)
{
	(void)state;
	strcpy(record.scopes, "write");
	assert_ok(check("all"));
	strcpy(record.scopes, "read,admin,write");
	expect_beyond("--scope: `admin` ");
	assert_ok(check("any")); /* it says nothing of scopes */
	assert_err(ERR_POLICY, check("scopes"));
	strcpy(record.scopes, "read");
	assert_ok(check("scopes"));
}

static void
expect_from(const char *network, bool is_within)
{
	record.from_count = 1;
	assert_true(network_parse(network, &record.from[0]));
	assert_row(network, (check("all") == ERR_OK) == is_within);
}

static void
test_networks(void **state)
{
	(void)state;
	expect_from("192.0.2.0/24", true);
	expect_from("192.0.2.128/25", true);
	expect_from("192.0.2.7", true);
	expect_from("2001:db8:1::/48", true);
	expect_from("192.0.2.0/23", false);
	expect_from("192.0.3.7", false);
	expect_from("2001:db8::/31", false);
	expect_from("0.0.0.0/0", false);
	expect_beyond("--from: `0.0.0.0/0` ");
	assert_true(network_parse("192.0.2.7", &record.from[1]));
	record.from_count = 2;
	expect_beyond("--from: `0.0.0.0/0` ");
	record.from_count = 0;
	expect_beyond("--from: `any` ");
	assert_ok(check("any"));
}

static void
test_sessions(void **state)
{
	(void)state;
	record.max_sessions = 1;
	assert_ok(check("all"));
	record.max_sessions = 4;
	expect_beyond("--max-sessions: `4` ");
	record.max_sessions = 0;
	expect_beyond("--max-sessions: `unlimited` ");
	assert_ok(check("any"));
}

static void
test_expiry(void **state)
{
	const struct preset *all = presets_find(config.presets, "all");
	const struct preset *any = presets_find(config.presets, "any");
	const struct preset *scopes = presets_find(config.presets, "scopes");

	(void)state;
	assert_ok(preset_options_check_expiry(all, NOW + 90 * DAY, NOW, &why));
	assert_ok(preset_options_check_expiry(all, NOW + 1, NOW, &why));
	assert_err(ERR_POLICY,
	    preset_options_check_expiry(all, NOW + 90 * DAY + 1, NOW, &why));
	assert_says("--expires: `2027-04-15T08:00:01Z` is more than preset");
	assert_err(ERR_POLICY,
	    preset_options_check_expiry(all, TIME_NEVER, NOW, &why));
	assert_says("--expires: `never` is more than preset `all` gives: 90d");
	assert_ok(preset_options_check_expiry(any, TIME_NEVER, NOW, &why));
	assert_ok(preset_options_check_expiry(scopes, TIME_NEVER, NOW, &why));
}

static void
test_find(void **state)
{
	const struct preset *preset;

	(void)state;
	assert_ok(preset_options_find(&config, "any", &preset, &why));
	assert_string_equal(preset->name, "any");
	assert_err(
	    ERR_INVALID, preset_options_find(&config, "scope", &preset, &why));
	assert_says("preset `scope`: there is no [preset scope] in the config");
	assert_says("scopes");
	assert_null(preset);
}

static void
test_fill(void **state)
{
	static const struct option_spec SPECS[] = {{"name", "N", ""},
	    {"service", "N", ""}, {"scope", "N", ""}, {"expires", "N", ""},
	    {"from", "N", ""}, {"max-sessions", "N", ""}, {0}};
	struct args args = {.specs = SPECS};

	(void)state;
	args_set(&args, "scope", "write");
	preset_options_fill(presets_find(config.presets, "all"), &args);
	assert_string_equal(args_get(&args, "service"), "sshd,@mail");
	assert_string_equal(args_get(&args, "scope"), "write");
	assert_string_equal(args_get(&args, "expires"), "90d");
	assert_string_equal(
	    args_get(&args, "from"), "192.0.2.0/24,2001:db8::/32");
	assert_string_equal(args_get(&args, "max-sessions"), "3");
	assert_false(args_has(&args, "name"));
	args = (struct args){.specs = SPECS};
	preset_options_fill(presets_find(config.presets, "scopes"), &args);
	assert_string_equal(args_get(&args, "scope"), "read");
	assert_false(args_has(&args, "service"));
	assert_false(args_has(&args, "max-sessions"));
}

int
main(void)
{
#define PRESET_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
	    PRESET_TEST(test_services),
	    PRESET_TEST(test_scopes),
	    PRESET_TEST(test_networks),
	    PRESET_TEST(test_sessions),
	    PRESET_TEST(test_expiry),
	    PRESET_TEST(test_find),
	    PRESET_TEST(test_fill),
	};

	return unit_run(tests);
}
