/* account.h: what is looked up; test_account.c tests how it is judged. */
#include "account/account.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/unit.h"
#include "lib/world.h"

static const struct account_policy DEFAULT;

#define ROOT "root:x:0:0::/root:/bin/sh\n"
#define PASSWD_LINE(password, uid)                                             \
	"alice:" password ":" uid ":1000::/:/bin/sh\n"
#define LINE PASSWD_LINE("x", "1000")
#define SHADOW_LINE(hash, expire)                                              \
	"alice:" hash ":20000:0:99999:7::" expire ":\n"

/* A local account with a shadow entry, in good order. */
static int
setup(void **state)
{
	(void)state;
	world_set(ROOT LINE, SHADOW_LINE("hash", ""));
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	world.is_real = true;
	return 0;
}

static void
write_passwd(const char *text)
{
	world_set_file(&world.passwd, text, strlen(text));
}

static void
write_shadow(const char *text)
{
	world_set_file(&world.shadow, text, strlen(text));
}

static void
expect_account(enum account_state state, enum account_reason reason)
{
	struct account account;

	memset(&account, 0x55, sizeof(account));
	account_lookup(&account, "alice", &DEFAULT, NOW);
	assert_string_equal(
	    account_reason_name(account.reason), account_reason_name(reason));
	assert_int_equal(account.state, state);
	assert_int_equal(account.found,
	    reason != ACCOUNT_NOT_FOUND && reason != ACCOUNT_LOOKUP_FAILED);
	if (!account.found)
		return;
	assert_string_equal(account.name, "alice");
	assert_int_equal(account.uid, reason == ACCOUNT_ROOT ? 0 : 1000);
}

static void
test_local_account(void **state)
{
	(void)state;
	expect_account(ACCOUNT_ENABLED, ACCOUNT_OK);
	write_shadow(SHADOW_LINE("hash", "1"));
	expect_account(ACCOUNT_DISABLED, ACCOUNT_EXPIRED);
}

static void
test_absence_and_failure_are_unknown(void **state)
{
	static const int ERRORS[] = {EMFILE, EIO, EAGAIN, ENOENT, ENOMEM};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(ERRORS); i++) {
		world.passwd_error = ERRORS[i];
		expect_account(ACCOUNT_UNKNOWN, ACCOUNT_LOOKUP_FAILED);
	}
	world.passwd_error = 0;
	write_passwd(ROOT);
	expect_account(ACCOUNT_UNKNOWN, ACCOUNT_NOT_FOUND);
}

/* The shadow entry is looked up by the canonical name, not the typed one. */
static void
test_another_case(void **state)
{
	struct account account;

	(void)state;
	write_passwd(ROOT);
	world.directory = LINE;
	account_lookup(&account, "ALICE", &DEFAULT, NOW);
	assert_int_equal(account.state, ACCOUNT_ENABLED);
	assert_string_equal(account.name, "alice");
	write_shadow(SHADOW_LINE("hash", "1"));
	account_lookup(&account, "ALICE", &DEFAULT, NOW);
	assert_int_equal(account.reason, ACCOUNT_EXPIRED);
}

static void
test_large_entries_are_read(void **state)
{
	(void)state;
	world.needed = 500000;
	expect_account(ACCOUNT_ENABLED, ACCOUNT_OK);
	write_shadow(SHADOW_LINE("hash", "0"));
	expect_account(ACCOUNT_DISABLED, ACCOUNT_EXPIRED);
	world.needed = 1 << 30; /* absurd, but no reason to continue */
	expect_account(ACCOUNT_UNKNOWN, ACCOUNT_LOOKUP_FAILED);
}

static void
test_local_without_shadow_is_unknown(void **state)
{
	(void)state;
	write_shadow("");
	expect_account(ACCOUNT_UNKNOWN, ACCOUNT_NO_SHADOW);
	world.shadow_error = EACCES;
	expect_account(ACCOUNT_UNKNOWN, ACCOUNT_NO_SHADOW);
}

static void
test_disabled_needs_no_shadow(void **state)
{
	(void)state;
	write_passwd(ROOT PASSWD_LINE("x", "0"));
	write_shadow("");
	expect_account(ACCOUNT_DISABLED, ACCOUNT_ROOT);
}

static void
test_a_system_without_shadow(void **state)
{
	(void)state;
	write_shadow("");
	write_passwd(ROOT PASSWD_LINE("hash", "1000"));
	expect_account(ACCOUNT_ENABLED, ACCOUNT_OK);
	write_passwd(ROOT PASSWD_LINE("!hash", "1000"));
	expect_account(ACCOUNT_DISABLED, ACCOUNT_LOCKED);
}

static void
test_kept_elsewhere_needs_no_shadow(void **state)
{
	(void)state;
	world.directory = LINE;
	write_shadow("");
	write_passwd(ROOT);
	expect_account(ACCOUNT_ENABLED, ACCOUNT_OK);
	/* without a local line for root, nothing is certain */
	write_passwd("");
	expect_account(ACCOUNT_UNKNOWN, ACCOUNT_NO_SHADOW);
	world.passwd.open_error = ENOENT;
	expect_account(ACCOUNT_UNKNOWN, ACCOUNT_NO_SHADOW);
}

/* A failed shadow look-up does not prove that there is no entry. */
static void
test_kept_elsewhere_with_failing_shadow_is_unknown(void **state)
{
	(void)state;
	world.directory = LINE;
	write_passwd(ROOT);
	world.shadow_error = EIO;
	expect_account(ACCOUNT_UNKNOWN, ACCOUNT_NO_SHADOW);
	world.shadow_error = ENOMEM;
	expect_account(ACCOUNT_UNKNOWN, ACCOUNT_NO_SHADOW);
}

/* What each file says of alice, and whether both can be taken at their word. */
static const struct {
	const char *passwd, *shadow;
	bool is_from_files;
} LINES[] = {
    {ROOT LINE, SHADOW_LINE("hash", ""), true},
    {ROOT LINE, SHADOW_LINE("!hash", ""), true},
    {ROOT LINE, SHADOW_LINE("hash", "1"), true},
    {ROOT PASSWD_LINE("x", "0"), SHADOW_LINE("hash", ""), true},
    {"#x\n+\n-bob\n\n" LINE, "\n#x\n" SHADOW_LINE("*", ""), true},
    /* the first line counts */
    {ROOT LINE PASSWD_LINE("x", "2"), SHADOW_LINE("hash", ""), true},
    {ROOT LINE, SHADOW_LINE("!hash", "") SHADOW_LINE("hash", ""), true},
    {ROOT "alicex:x:1:1:::\nalic:x:2:2:::\n" LINE, SHADOW_LINE("hash", ""),
	true},
    /* nobody, or not in both */
    {ROOT, SHADOW_LINE("hash", ""), false},
    {ROOT LINE, "", false},
    {ROOT "#" LINE, SHADOW_LINE("hash", ""), false},
    /* what libc passes over, or puts up with */
    {ROOT "alice\n" LINE, SHADOW_LINE("hash", ""), false},
    {ROOT "alice:x:x:1:::\n" LINE, SHADOW_LINE("hash", ""), false},
    {ROOT " " LINE, SHADOW_LINE("hash", ""), false},
    {ROOT "alice:x:1000:1000::/:/bin/sh", SHADOW_LINE("hash", ""), false},
    {ROOT "alice:x:4294967295:1::/:\n", SHADOW_LINE("hash", ""), false},
    {ROOT LINE, "alice:hash:1\n" SHADOW_LINE("!hash", ""), false},
    {ROOT LINE, "\t" SHADOW_LINE("!hash", ""), false},
    {ROOT LINE, "alice:hash:20000:0:99999:7:::", false},
};

/* Where files come first, reading them gives what the services would. */
static void
test_files_first(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(LINES); i++) {
		struct account by_files, by_services;

		write_passwd(LINES[i].passwd);
		write_shadow(LINES[i].shadow);
		world.are_files_first = false;
		account_lookup(&by_services, "alice", &DEFAULT, NOW);
		world.are_files_first = true;
		world.asked = 0;
		account_lookup(&by_files, "alice", &DEFAULT, NOW);
		assert_row(LINES[i].passwd,
		    by_files.is_from_files == LINES[i].is_from_files);
		assert_row(LINES[i].passwd,
		    (world.asked == 0) == LINES[i].is_from_files);
		assert_row(LINES[i].passwd, !by_services.is_from_files);
		assert_row(LINES[i].passwd,
		    by_files.state == by_services.state &&
			by_files.reason == by_services.reason &&
			by_files.found == by_services.found &&
			by_files.uid == by_services.uid &&
			strcmp(by_files.name, by_services.name) == 0);
	}
}

/* A name that is the beginning of a line is no user's. */
static void
test_files_first_and_odd_names(void **state)
{
	static const char *const NAMES[] = {
	    "", "alice:x", "#", "+", "+::0:0:::", "alic", "alicex"};
	struct account account;

	(void)state;
	write_passwd(ROOT "+::0:0:::\n" LINE);
	write_shadow(SHADOW_LINE("x", ""));
	world.are_files_first = true;
	for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
		account_lookup(&account, NAMES[i], &DEFAULT, NOW);
		assert_row(NAMES[i], !account.is_from_files);
	}
}

/* Files that cannot be read are left to the services. */
static void
test_files_first_in_trouble(void **state)
{
	struct account account;

	(void)state;
	world.are_files_first = true;
	world.shadow.open_error = EACCES;
	account_lookup(&account, "alice", &DEFAULT, NOW);
	assert_false(account.is_from_files);
	assert_int_equal(world.asked, 1);
	world.shadow.open_error = 0;
	world.passwd.read_error = EIO;
	account_lookup(&account, "bob", &DEFAULT, NOW);
	assert_false(account.is_from_files || account.found);
	assert_int_equal(world.asked, 2);
}

static const struct {
	const char *file;
	enum err local;
} FILES[] = {
    {"root:x:0:0:::\nalice:x:1:1:::\n", ERR_OK},
    {"alice:x:1:1:::\n", ERR_OK},
    {"alice:x:1:1:::", ERR_OK}, /* no newline */
    {"root:x:0:0:::\n", ERR_NOT_FOUND},
    {"root:x:0:0:::\nalice2:x:1:1:::\nalic:x:2:2:::\n", ERR_NOT_FOUND},
    {"root:x:0:0:::\n#alice:x:1:1:::\n", ERR_NOT_FOUND},
    {"", ERR_SYSTEM}, /* half a file, or an empty one, proves nothing */
    {"bob:x:1:1:::\n", ERR_SYSTEM},
    {"rootx:x:0:0:::\n", ERR_SYSTEM},
};

static void
test_is_local(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(FILES); i++) {
		write_passwd(FILES[i].file);
		assert_row(
		    FILES[i].file, account_is_local("alice") == FILES[i].local);
	}
	world.passwd.open_error = ENOENT;
	assert_err(ERR_SYSTEM, account_is_local("alice"));
}

static void
test_is_local_reads_long_lines(void **state)
{
	static const char ALICE[] = "\nalice:x:1000:1000:::\n";
	static char text[200000] = "root:x:0:0:::\n";

	(void)state;
	memset(text + 14, 'x', sizeof(text) - 15);
	write_passwd(text);
	assert_err(ERR_NOT_FOUND, account_is_local("alice"));
	memcpy(text + 100000, ALICE, sizeof(ALICE));
	write_passwd(text);
	assert_err(ERR_OK, account_is_local("alice"));
}

/* From here on, the real machine. */

static void
test_this_user_is_found(void **state)
{
	static const struct account_policy ALLOW = {.allow_root = true};
	const struct passwd *self = getpwuid(getuid());
	char name[RECORD_USER_MAX + 1];
	struct account account;

	(void)state;
	if (self == NULL) {
		unit_skip("the user of this test has no passwd entry");
		return;
	}
	(void)snprintf(name, sizeof(name), "%s", self->pw_name);
	account_lookup(&account, name, &ALLOW, NOW);
	assert_true(account.found);
	assert_string_equal(account.name, name);
	assert_int_equal(account.uid, getuid());
	/* Only root may read shadow: without it nobody is enabled. */
	if (geteuid() != 0 && account_is_local(name) == ERR_OK)
		assert_int_not_equal(account.state, ACCOUNT_ENABLED);
	else
		assert_int_not_equal(account.state, ACCOUNT_UNKNOWN);
}

static void
test_root_is_local_and_disabled_by_default(void **state)
{
	struct account account;

	(void)state;
	assert_ok(account_is_local("root"));
	account_lookup(&account, "root", &DEFAULT, NOW);
	assert_int_equal(account.state, ACCOUNT_DISABLED);
	assert_int_equal(account.reason, ACCOUNT_ROOT);
}

static void
test_nobody_of_that_name_is_unknown(void **state)
{
	static const char *const NAMES[] = {
	    "no such user, surely", "", "a:b", "root\n"};
	struct account account;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
		account_lookup(&account, NAMES[i], &DEFAULT, NOW);
		assert_int_equal(account.state, ACCOUNT_UNKNOWN);
		assert_false(account.found);
		assert_err(ERR_NOT_FOUND, account_is_local(NAMES[i]));
	}
}

#define WORLD_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(test_local_account),
	    WORLD_TEST(test_absence_and_failure_are_unknown),
	    WORLD_TEST(test_another_case),
	    WORLD_TEST(test_large_entries_are_read),
	    WORLD_TEST(test_local_without_shadow_is_unknown),
	    WORLD_TEST(test_disabled_needs_no_shadow),
	    WORLD_TEST(test_a_system_without_shadow),
	    WORLD_TEST(test_kept_elsewhere_needs_no_shadow),
	    WORLD_TEST(test_kept_elsewhere_with_failing_shadow_is_unknown),
	    WORLD_TEST(test_files_first),
	    WORLD_TEST(test_files_first_and_odd_names),
	    WORLD_TEST(test_files_first_in_trouble),
	    WORLD_TEST(test_is_local),
	    WORLD_TEST(test_is_local_reads_long_lines),
	    cmocka_unit_test(test_this_user_is_found),
	    cmocka_unit_test(test_root_is_local_and_disabled_by_default),
	    cmocka_unit_test(test_nobody_of_that_name_is_unknown),
	};

	return unit_run(tests);
}
