/* account.h: what is looked up; test_account.c has how it is judged. */
#include "account.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "scratch.h"
#include "unit.h"

/* What the fakes below answer, put in the place of libc by --wrap. */
static struct {
	bool fake;
	bool has_passwd, has_shadow;
	int passwd_error, shadow_error;
	size_t needed; /* bytes; with less the answer is ERANGE */
	const char *passwd_file;
	struct passwd passwd;
	struct spwd shadow;
} world;

int __real_getpwnam_r(
    const char *, struct passwd *, char *, size_t, struct passwd **);
int __wrap_getpwnam_r(
    const char *, struct passwd *, char *, size_t, struct passwd **);
int __real_getspnam_r(
    const char *, struct spwd *, char *, size_t, struct spwd **);
int __wrap_getspnam_r(
    const char *, struct spwd *, char *, size_t, struct spwd **);
FILE *__real_fopen(const char *, const char *);
FILE *__wrap_fopen(const char *, const char *);

int
__wrap_getpwnam_r(const char *name, struct passwd *entry, char *buf,
    size_t size, struct passwd **found)
{
	if (!world.fake)
		return __real_getpwnam_r(name, entry, buf, size, found);
	*found = NULL;
	if (world.passwd_error != 0)
		return world.passwd_error;
	if (!world.has_passwd)
		return 0;
	if (size < world.needed)
		return ERANGE;
	*entry = world.passwd;
	*found = entry;
	return 0;
}

int
__wrap_getspnam_r(const char *name, struct spwd *entry, char *buf, size_t size,
    struct spwd **found)
{
	if (!world.fake)
		return __real_getspnam_r(name, entry, buf, size, found);
	*found = NULL;
	/* The canonical name is asked for, not the one that was typed. */
	if (world.shadow_error != 0 || strcmp(name, "alice") != 0)
		return world.shadow_error;
	if (!world.has_shadow)
		return 0;
	if (size < world.needed)
		return ERANGE;
	*entry = world.shadow;
	*found = entry;
	return 0;
}

FILE *
__wrap_fopen(const char *path, const char *mode)
{
	if (world.passwd_file != NULL && strcmp(path, "/etc/passwd") == 0)
		path = world.passwd_file;
	return __real_fopen(path, mode);
}

static const struct account_policy DEFAULT;

/* A local account with a shadow entry, all well. */
static int
setup(void **state)
{
	static const char PASSWD[] = "root:x:0:0::/root:/bin/sh\n"
				     "alice:x:1000:1000::/:/bin/sh\n";

	if (scratch_setup(state) != 0)
		return -1;
	memset(&world, 0, sizeof(world));
	world.fake = world.has_passwd = world.has_shadow = true;
	world.passwd_file = scratch_path(*state, "passwd");
	scratch_write(world.passwd_file, PASSWD, strlen(PASSWD), 0644);
	world.passwd = (struct passwd){
	    .pw_name = (char *)(uintptr_t) "alice",
	    .pw_passwd = (char *)(uintptr_t) "x",
	    .pw_uid = 1000,
	    .pw_shell = (char *)(uintptr_t) "/bin/sh",
	};
	world.shadow = (struct spwd){
	    .sp_namp = (char *)(uintptr_t) "alice",
	    .sp_pwdp = (char *)(uintptr_t) "hash",
	    .sp_lstchg = NOW / DAY,
	    .sp_max = 99999,
	    .sp_inact = -1,
	    .sp_expire = -1,
	};
	return 0;
}

static int
teardown(void **state)
{
	memset(&world, 0, sizeof(world));
	return scratch_teardown(state);
}

static void
write_passwd(const char *text)
{
	scratch_write(world.passwd_file, text, strlen(text), 0644);
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
	    world.has_passwd && world.passwd_error == 0 &&
		world.needed < 1 << 20);
	if (!account.found)
		return;
	assert_string_equal(account.name, "alice");
	assert_int_equal(account.uid, 1000);
}

static void
test_local_account(void **state)
{
	(void)state;
	expect_account(ACCOUNT_ENABLED, ACCOUNT_OK);
	world.shadow.sp_expire = 1;
	expect_account(ACCOUNT_DISABLED, ACCOUNT_EXPIRED);
}

static void
test_absence_and_failure_are_unknown(void **state)
{
	(void)state;
	world.has_passwd = false;
	expect_account(ACCOUNT_UNKNOWN, ACCOUNT_NOT_FOUND);
	world.has_passwd = true;
	world.passwd_error = EMFILE;
	expect_account(ACCOUNT_UNKNOWN, ACCOUNT_LOOKUP_FAILED);
	world.passwd_error = EIO;
	expect_account(ACCOUNT_UNKNOWN, ACCOUNT_LOOKUP_FAILED);
}

static void
test_large_entries_are_read(void **state)
{
	(void)state;
	world.needed = 500000;
	expect_account(ACCOUNT_ENABLED, ACCOUNT_OK);
	world.shadow.sp_expire = 0;
	expect_account(ACCOUNT_DISABLED, ACCOUNT_EXPIRED);
	world.needed = 1 << 30; /* absurd, and no reason to go on */
	expect_account(ACCOUNT_UNKNOWN, ACCOUNT_LOOKUP_FAILED);
}

static void
test_local_without_shadow_is_unknown(void **state)
{
	(void)state;
	world.has_shadow = false;
	expect_account(ACCOUNT_UNKNOWN, ACCOUNT_NO_SHADOW);
	world.shadow_error = EACCES;
	expect_account(ACCOUNT_UNKNOWN, ACCOUNT_NO_SHADOW);
}

static void
test_disabled_needs_no_shadow(void **state)
{
	struct account account;

	(void)state;
	world.has_shadow = false;
	world.passwd.pw_uid = 0;
	account_lookup(&account, "alice", &DEFAULT, NOW);
	assert_int_equal(account.state, ACCOUNT_DISABLED);
	assert_int_equal(account.reason, ACCOUNT_ROOT);
}

static void
test_a_system_without_shadow(void **state)
{
	(void)state;
	world.has_shadow = false;
	world.passwd.pw_passwd = (char *)(uintptr_t) "hash";
	expect_account(ACCOUNT_ENABLED, ACCOUNT_OK);
	world.passwd.pw_passwd = (char *)(uintptr_t) "!hash";
	expect_account(ACCOUNT_DISABLED, ACCOUNT_LOCKED);
}

static void
test_kept_elsewhere_needs_no_shadow(void **state)
{
	(void)state;
	world.has_shadow = false;
	write_passwd("root:x:0:0::/root:/bin/sh\n");
	expect_account(ACCOUNT_ENABLED, ACCOUNT_OK);
	/* but where that cannot be told, nothing is */
	write_passwd("");
	expect_account(ACCOUNT_UNKNOWN, ACCOUNT_NO_SHADOW);
	assert_int_equal(unlink(world.passwd_file), 0);
	expect_account(ACCOUNT_UNKNOWN, ACCOUNT_NO_SHADOW);
}

/* A shadow look-up that failed is no proof that there is no entry. */
static void
test_kept_elsewhere_with_failing_shadow_is_unknown(void **state)
{
	struct account account;

	(void)state;
	write_passwd("root:x:0:0::/root:/bin/sh\n");
	world.shadow_error = EIO;
	account_lookup(&account, "alice", &DEFAULT, NOW);
	assert_int_equal(account.state, ACCOUNT_UNKNOWN);
	world.shadow_error = ENOMEM;
	account_lookup(&account, "alice", &DEFAULT, NOW);
	assert_int_equal(account.state, ACCOUNT_UNKNOWN);
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
    {"", ERR_SYSTEM}, /* half a file, or none, proves nothing */
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
	assert_int_equal(unlink(world.passwd_file), 0);
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

/* The real machine, from here on. */

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
	    WORLD_TEST(test_large_entries_are_read),
	    WORLD_TEST(test_local_without_shadow_is_unknown),
	    WORLD_TEST(test_disabled_needs_no_shadow),
	    WORLD_TEST(test_a_system_without_shadow),
	    WORLD_TEST(test_kept_elsewhere_needs_no_shadow),
	    WORLD_TEST(test_kept_elsewhere_with_failing_shadow_is_unknown),
	    WORLD_TEST(test_is_local),
	    WORLD_TEST(test_is_local_reads_long_lines),
	    cmocka_unit_test(test_this_user_is_found),
	    cmocka_unit_test(test_root_is_local_and_disabled_by_default),
	    cmocka_unit_test(test_nobody_of_that_name_is_unknown),
	};

	return unit_run(tests);
}
