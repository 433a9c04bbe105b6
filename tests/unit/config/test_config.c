#include "config/config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/unit.h"

static enum err
parse(struct config *config, const char *text)
{
	memset(config, 0x55, sizeof(*config));
	return config_parse(config, text, strlen(text), "file", &why);
}

static void
expect_defaults(const struct config *config)
{
	assert_string_equal(config->directory, LOCALSTATEDIR "/lib/apitoken");
	assert_string_equal(config->key, SYSCONFDIR "/apitoken/key");
	assert_int_equal(config->lock_timeout, 5);
	assert_int_equal(config->policy.max_tokens, 10);
	assert_int_equal(config->policy.keep_dead, 32);
	assert_int_equal(config->policy.default_expiry, 90 * DAY);
	assert_true(config->policy.max_expiry == TIME_NEVER);
	assert_string_equal(config->policy.services, "any");
	assert_string_equal(config->policy.require_group, "");
	assert_false(config->account.ignore_locked);
	assert_false(config->account.require_password);
	assert_false(config->account.allow_root);
	assert_false(config->account.require_shell);
	assert_string_equal(config->confine.services, "sshd,vsftpd,proftpd");
	assert_string_equal(config->confine.writable, "");
	assert_string_equal(config->confine.visible, "");
	assert_string_equal(config->confine.hidden, "");
}

static void
test_nothing_said_is_as_by_default(void **state)
{
	static const char *const TEXTS[] = {
	    "", "\n", "# a comment\n\n", "[store]\n[policy]\n", " \t \n"};
	struct config config;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(TEXTS); i++) {
		assert_ok(parse(&config, TEXTS[i]));
		expect_defaults(&config);
	}
}

static void
test_each_key_is_read(void **state)
{
	struct config config;

	(void)state;
	assert_ok(parse(&config,
	    "# all of it\n[store]\ndirectory = /srv/a b\nkey=/srv/key\n"
	    "lock_timeout\t=\t1m  \n"
	    "[policy]\nmax_tokens = 0\nkeep_dead = 10000\n"
	    "default_expiry = never\nmax_expiry = 1y\nmax_unused = 90d\n"
	    "services = sshd , vsftpd,sshd\nrequire_group = domain users\n"
	    "[account]\nlocked_password = ignore\nno_password = disabled\n"
	    "root = enabled\nshell = disabled\n"
	    "[confine]\nservices = sftp, @x\nwritable = /srv/a b , ~/up\n"
	    "visible=/run/mysqld\nhidden = ~/.ssh,~/.gnupg,/etc/x\n"
	    "[notify]\nbefore = 30d, 1h\ncommand = /opt/a b\nmail = yes\n"
	    "[services]\nx = y\n"));
	assert_string_equal(config.notify.before, "30d,1h");
	assert_string_equal(config.notify.command, "/opt/a b");
	assert_true(config.notify.mails);
	assert_string_equal(config.directory, "/srv/a b");
	assert_string_equal(config.key, "/srv/key");
	assert_int_equal(config.lock_timeout, 60);
	assert_int_equal(config.policy.max_tokens, 0);
	assert_int_equal(config.policy.keep_dead, 10000);
	assert_true(config.policy.default_expiry == TIME_NEVER);
	assert_int_equal(config.policy.max_expiry, 365 * DAY);
	assert_int_equal(config.policy.max_unused, 90 * DAY);
	assert_string_equal(config.policy.services, "sshd,vsftpd");
	assert_string_equal(config.policy.require_group, "domain users");
	assert_true(config.account.ignore_locked);
	assert_true(config.account.require_password);
	assert_true(config.account.allow_root);
	assert_true(config.account.require_shell);
	assert_string_equal(config.confine.services, "sftp,@x");
	assert_string_equal(config.confine.writable, "/srv/a b,~/up");
	assert_string_equal(config.confine.visible, "/run/mysqld");
	assert_string_equal(config.confine.hidden, "~/.ssh,~/.gnupg,/etc/x");
	config_free(&config);
}

static void
test_defaults_may_be_written_out(void **state)
{
	struct config config;

	(void)state;
	assert_ok(parse(&config,
	    "[account]\nlocked_password = disabled\nno_password = enabled\n"
	    "root = disabled\nshell = ignore\n"
	    "[policy]\ndefault_expiry = 90d\nmax_expiry = never\n"
	    "short_tokens = allowed\n"
	    "[store]\nlock_timeout = 5s\n[policy]\nservices = any\n"
	    "require_group =\n[confine]\nservices = sshd, vsftpd, "
	    "proftpd\nwritable =\n"
	    "visible =\nhidden ="));
	expect_defaults(&config);
}

/* What is refused, with the line and the message. */
static const struct {
	const char *text, *says;
} BAD[] = {
    {"[nothing]", "file:1: unknown section: nothing"},
    {"[Confine]", "file:1: unknown section: Confine"},
    {"[]", "file:1: unknown section"},
    {"[ store ]", "file:1: unknown section"},
    {"[Store]", "file:1: unknown section"},
    {"[store", "file:1: a section is written [name]"},
    {"[", "file:1: a section is written [name]"},
    {"[store] # why", "file:1: a section is written [name]"},
    {"\n\n[store]x\n", "file:3: a section is written [name]"},
    {"key = /k", "file:1: before the first [section]"},
    {"# c\n= /k", "file:2: before the first [section]"},
    {"[store]\nkeys = /k", "file:2: unknown key: keys"},
    {"[store]\nKey = /k", "file:2: unknown key: Key"},
    {"[store]\n= /k", "file:2: unknown key"},
    {"[policy]\nkey = /k", "file:2: unknown key: key"},
    {"[store]\nkey /k", "file:2: no `=` in this line: key /k"},
    {"[store]\n; comment", "file:2: no `=` in this line"},
    {"[store]\n key = /k", "file:2: an indented line"},
    {"[store]\n\tkey = /k", "file:2: an indented line"},
    {"[store]\n # comment", "file:2: an indented line"},
    {"[store]\nkey = /k\nkey = /k", "file:3: set twice: key"},
    {"[store]\nkey = /k\n[policy]\n[store]\nkey = /l", "file:5: set twice"},
    {"[store]\r\nkey = /k\r\n", "file:1: control character"},
    {"[store]\nkey = /k\x1b[31m", "file:2: control character"},
    {"# \x07", "file:1: control character"},
    {"# \x7f", "file:1: control character"},
    {"\xef\xbb\xbf[store]\n", "file:1: no `=`"},
    {"[store]\nkey =", "file:2: not an absolute path"},
    {"[store]\nkey = k", "file:2: not an absolute path: k"},
    {"[store]\ndirectory = ~/k", "file:2: not an absolute path: ~/k"},
    {"[store]\nlock_timeout = 5", "file:2: not a duration"},
    {"[store]\nlock_timeout = never", "file:2: not a duration"},
    {"[store]\nlock_timeout = 0s", "file:2: out of range: 0s"},
    {"[store]\nlock_timeout = 61s", "file:2: out of range: 61s"},
    {"[policy]\nshort_tokens =", "file:2: short_tokens is allowed or refused"},
    {"[policy]\nshort_tokens = no",
	"file:2: short_tokens is allowed or refused: no"},
    {"[policy]\nmax_tokens =", "file:2: not a number in range"},
    {"[policy]\nmax_tokens = ten", "file:2: not a number in range: ten"},
    {"[policy]\nmax_tokens = -1", "file:2: not a number in range: -1"},
    {"[policy]\nmax_tokens = 10001", "file:2: not a number in range"},
    {"[policy]\nkeep_dead = 10001", "file:2: not a number in range"},
    {"[policy]\nkeep_dead = 1 # few", "file:2: not a number in range"},
    {"[policy]\nkeep_dead == 1", "file:2: not a number in range: = 1"},
    {"[policy]\nmax_expiry = 0d", "file:2: out of range: 0d"},
    {"[policy]\nmax_expiry = 90", "file:2: not a duration"},
    {"[policy]\nmax_expiry = 2027-01-31", "file:2: not a duration"},
    {"[policy]\ndefault_expiry = 101y", "file:2: not a duration"},
    {"[policy]\nmax_unused = 23h", "file:2: shorter than a day: 23h"},
    {"[policy]\nmax_unused = 86399s", "file:2: shorter than a day: 86399s"},
    {"[policy]\n[policy x]\nmax_unused = 0d", "file:3: shorter than a day"},
    {"[policy]\nmax_unused = 90", "file:2: not a duration, such as 90d: 90"},
    {"[notify]\nbefore =", "file:2: not durations of at least 1h"},
    {"[notify]\nbefore = 3d,59m", "of at least 1h, as 14d, 3d: 59m"},
    {"[notify]\nbefore = 1d,2d,3d,4d,5d,6d", "file:2: more than five times"},
    {"[notify]\ncommand = notify", "file:2: not an absolute path: notify"},
    {"[notify]\nmail = maybe", "file:2: mail is no or yes: maybe"},
    {"[policy]\nservices =", "file:2: not a list of services"},
    {"[policy]\nservices = a,,b", "file:2: not a list of services"},
    {"[policy]\nservices = a,@", "file:2: not a list of services: @"},
    {"[policy]\nservices = a,@b", "no such group in [services]: @b"},
    {"[policy]\nrequire_group = @staff",
	"file:2: a group is written without the @: @staff"},
    {"[policy]\nrequire_group = a, b", "not the name of one group: a, b"},
    {"[policy]\nrequire_group = a:b", "not the name of one group: a:b"},
    {"[policy]\nrequire_group = \xff", "not the name of one group"},
    {"[policy x]\nservices = @c\n[services]\nb = y", "[services]: @c"},
    {"[confine]\nservices =", "file:2: not a list of services"},
    {"[confine]\nservices = any", "not a service for [confine]: any"},
    {"[confine]\nservices = a, any", "not a service for [confine]: any"},
    {"[confine]\nservices = @b", "no such group in [services]: @b"},
    {"[confine]\nwritable = srv", "file:2: not a plain path from / or ~/: srv"},
    {"[confine]\nvisible = run", "file:2: not a plain path"},
    {"[confine]\n\nhidden = ~ssh", "file:3: not a plain path"},
    {"[confine]\nhidden = /a\nhidden = /b", "file:3: set twice: hidden"},
    {"[confine]\nhide = /a", "file:2: unknown key: hide"},
    {"[account]\nroot = yes", "file:2: root is disabled or enabled: yes"},
    {"[account]\nroot =", "file:2: root is disabled or enabled"},
    {"[account]\nshell = enabled", "file:2: shell is ignore or disabled"},
    {"[account]\nno_password = ignore",
	"file:2: no_password is enabled or disabled"},
    {"[account]\nlocked_password = Ignore",
	"file:2: locked_password is disabled or ignore"},
};

/* The config's policy under the exception with this name. */
static struct policy
policy_under(const struct config *config, const char *who)
{
	struct policy policy = config->policy;
	const struct policy_exception *one = config->exceptions;

	while (one != NULL && strcmp(one->who, who) != 0)
		one = one->next;
	assert_non_null(one);
	config_apply(one, &policy);
	return policy;
}

static void
test_exceptions(void **state)
{
	struct config config;
	struct policy policy;

	(void)state;
	assert_ok(parse(&config,
	    "[policy @staff]\nmax_tokens = 20\nservices = sshd, @mail\n"
	    "[policy]\nmax_tokens = 5\nkeep_dead = 7\nrequire_group = ops\n"
	    "[policy  alice]\ndefault_expiry = 1d\nmax_expiry = 2d\n"
	    "max_unused = 1d\n"
	    "max_tokens = 0\nkeep_dead = 0\nservices = any\n"
	    "require_group =\nshort_tokens = refused\n"
	    "[policy bob]\n[policy b\xc3\xb6rg]\nkeep_dead = 1\n"
	    "[services]\nmail = imap\n"));
	assert_int_equal(config.policy.max_tokens, 5);
	assert_string_equal(config.exceptions->who, "@staff");
	assert_string_equal(config.exceptions->next->who, "alice");
	policy = policy_under(&config, "@staff");
	assert_int_equal(policy.max_tokens, 20);
	assert_int_equal(policy.keep_dead, 7); /* as for everybody */
	assert_int_equal(policy.default_expiry, 90 * DAY);
	assert_true(policy.max_expiry == TIME_NEVER);
	assert_true(policy.max_unused == TIME_NEVER);
	assert_string_equal(policy.services, "sshd,@mail");
	assert_string_equal(policy.require_group, "ops");
	policy = policy_under(&config, "alice");
	assert_string_equal(policy.require_group, "");
	assert_int_equal(policy.max_tokens, 0);
	assert_int_equal(policy.keep_dead, 0);
	assert_int_equal(policy.default_expiry, DAY);
	assert_int_equal(policy.max_expiry, 2 * DAY);
	assert_int_equal(policy.max_unused, DAY);
	assert_string_equal(policy.services, "any");
	assert_true(policy.refuse_short);
	policy = policy_under(&config, "bob");
	assert_memory_equal(&policy, &config.policy, sizeof(policy));
	assert_int_equal(policy_under(&config, "b\xc3\xb6rg").keep_dead, 1);
	config_free(&config);
	assert_null(config.exceptions);
}

static void
test_service_groups(void **state)
{
	struct config config;

	(void)state;
	assert_ok(parse(&config,
	    "[services]\nmail = imap, pop3,imap\n\n[store]\n[services]\n"
	    "services=x\n_a.b-1 = y\n[policy]\nservices = @mail,@services\n"));
	assert_string_equal(
	    services_of_group(config.groups, "@mail"), "imap,pop3");
	assert_string_equal(services_of_group(config.groups, "@services"), "x");
	assert_string_equal(services_of_group(config.groups, "@_a.b-1"), "y");
	assert_null(services_of_group(config.groups, "@gone"));
	assert_string_equal(config.policy.services, "@mail,@services");
	config_free(&config);
	assert_null(config.groups);
}

static void
test_errors_name_file_and_line(void **state)
{
	struct config config;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(BAD); i++) {
		assert_row(
		    BAD[i].text, parse(&config, BAD[i].text) == ERR_CONFIG);
		assert_says(BAD[i].says);
		/* whatever good lines follow */
		assert_null(strchr(why.text, '\n'));
		config_free(&config);
	}
}

static void
test_an_error_is_not_undone_by_what_follows(void **state)
{
	struct config config;

	(void)state;
	assert_err(ERR_CONFIG, parse(&config, "[store]\nkye = /k\nkey = /k\n"));
	assert_says("file:2:");
}

static void
test_nul_is_refused(void **state)
{
	static const char TEXT[] = "[store]\nkey = /k\0y\n";
	static const char FIRST[] = "\0[store]\n";
	struct config config;

	(void)state;
	assert_err(ERR_CONFIG,
	    config_parse(&config, TEXT, sizeof(TEXT) - 1, "file", &why));
	assert_says("file:2: control character");
	assert_err(ERR_CONFIG,
	    config_parse(&config, FIRST, sizeof(FIRST) - 1, "file", &why));
	assert_says("file:1: control character");
}

static void
test_last_line_needs_no_newline(void **state)
{
	struct config config;
	/* on the heap, where reads beyond the end are noticed */
	size_t len = strlen("[store]\nkey = /k");
	char *text = malloc(len);

	(void)state;
	assert_non_null(text);
	memcpy(text, "[store]\nkey = /k", len);
	assert_ok(config_parse(&config, text, len, "file", &why));
	assert_string_equal(config.key, "/k");
	free(text);
}

static void
test_longest_line_and_path(void **state)
{
	char text[2048] = "[store]\n#";
	struct config config;

	(void)state;
	memset(text + 9, 'x', 1024);
	text[8 + 1024] = '\0';
	assert_ok(parse(&config, text));
	text[8 + 1024] = 'x';
	assert_err(ERR_CONFIG, parse(&config, text));
	assert_says("file:2: the line is too long");
	strcpy(text, "[store]\nkey = /");
	memset(text + 15, 'k', CONFIG_PATH_MAX);
	text[14 + CONFIG_PATH_MAX] = '\0';
	assert_ok(parse(&config, text));
	assert_int_equal(strlen(config.key), CONFIG_PATH_MAX);
	strcpy(text + 14 + CONFIG_PATH_MAX, "k");
	assert_err(ERR_CONFIG, parse(&config, text));
	assert_says("file:2: the path is too long");
}

static void
test_longest_listed_path(void **state)
{
	char text[512] = "[confine]\nhidden = ";
	size_t before = strlen(text);
	struct config config;

	(void)state;
	memset(text + before, 'k', PATH_LEN);
	text[before] = '/';
	assert_ok(parse(&config, text));
	assert_int_equal(strlen(config.confine.hidden), PATH_LEN);
	text[before + PATH_LEN] = 'k';
	assert_err(ERR_CONFIG, parse(&config, text));
	assert_says("file:2: the path is too long: /kkk");
}

/* Any bytes are accepted or refused, without a crash: for the sanitizers. */
static void
test_random_edits_are_survived(void **state)
{
	static const char GOOD[] =
	    "[store]\nkey = /k\n[policy]\nservices = a,b"
	    "\nmax_expiry = 1y\n[account]\nroot = enabled\n"
	    "[policy @g]\nmax_tokens = 1\n[services]\nm = a\n"
	    "[confine]\nhidden = ~/.a, /b\nservices = @m\n";
	struct unit_random random;
	struct config config;

	(void)state;
	unit_random_start(&random);
	for (int i = 0; i < 20000; i++) {
		char text[sizeof(GOOD)];
		size_t len = unit_random_below(&random, sizeof(GOOD));
		enum err rc;

		memcpy(text, GOOD, sizeof(GOOD));
		for (int edits = 0; edits < 3; edits++)
			text[unit_random_below(&random, sizeof(GOOD))] =
			    (char)unit_random_below(&random, 256);
		rc = config_parse(&config, text, len, "file", &why);
		assert_true(rc == ERR_OK || rc == ERR_CONFIG);
		assert_true(rc == ERR_OK || strncmp(why.text, "file:", 5) == 0);
		config_free(&config);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_nothing_said_is_as_by_default),
	    cmocka_unit_test(test_each_key_is_read),
	    cmocka_unit_test(test_defaults_may_be_written_out),
	    cmocka_unit_test(test_exceptions),
	    cmocka_unit_test(test_service_groups),
	    cmocka_unit_test(test_errors_name_file_and_line),
	    cmocka_unit_test(test_an_error_is_not_undone_by_what_follows),
	    cmocka_unit_test(test_nul_is_refused),
	    cmocka_unit_test(test_last_line_needs_no_newline),
	    cmocka_unit_test(test_longest_line_and_path),
	    cmocka_unit_test(test_longest_listed_path),
	    cmocka_unit_test(test_random_edits_are_survived),
	};

	return unit_run(tests);
}
