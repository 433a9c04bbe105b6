#include "account/account.h"

#include <limits.h>
#include <string.h>

#include "lib/unit.h"

#define TODAY (NOW / DAY)
#define HASH "$y$j9T$salt$hash"
#define NONE (-1) /* an empty field of shadow */

static const struct account_policy DEFAULT;

/* Entries have `char *` for what nobody writes to. */
static char *
text(const char *constant)
{
	return (char *)(uintptr_t)constant;
}

static struct passwd
make_passwd(void)
{
	return (struct passwd){
	    .pw_name = text("alice"),
	    .pw_passwd = text("x"),
	    .pw_uid = 1000,
	    .pw_gid = 1000,
	    .pw_shell = text("/bin/bash"),
	};
}

static struct spwd
make_shadow(const char *hash)
{
	return (struct spwd){
	    .sp_namp = text("alice"),
	    .sp_pwdp = text(hash),
	    .sp_lstchg = TODAY - 100,
	    .sp_min = 0,
	    .sp_max = 99999,
	    .sp_warn = 7,
	    .sp_inact = NONE,
	    .sp_expire = NONE,
	};
}

/* Judges the two entries; the state follows from the reason. */
static void
expect_entry(const char *row, const struct passwd *passwd,
    const struct spwd *shadow, const struct account_policy *policy,
    enum account_reason reason)
{
	struct account account;

	memset(&account, 0x55, sizeof(account));
	account_judge(&account, passwd, shadow, policy, NOW);
	assert_row(row, account.reason == reason);
	assert_row(row,
	    account.state ==
		(reason == ACCOUNT_OK ? ACCOUNT_ENABLED : ACCOUNT_DISABLED));
	assert_row(row, account.found);
	assert_row(row, strcmp(account.name, passwd->pw_name) == 0);
	assert_row(row, account.uid == passwd->pw_uid);
}

static void
expect_shadow(const char *row, const struct spwd *shadow,
    const struct account_policy *policy, enum account_reason reason)
{
	const struct passwd passwd = make_passwd();

	expect_entry(row, &passwd, shadow, policy, reason);
}

/* Passwords alone, under each setting that concerns them. */
static const struct {
	const char *hash;
	enum account_reason by_default, ignoring_locked, requiring_password;
} HASHES[] = {
    {HASH, ACCOUNT_OK, ACCOUNT_OK, ACCOUNT_OK},
    {"!", ACCOUNT_OK, ACCOUNT_OK, ACCOUNT_NO_PASSWORD},
    {"!!", ACCOUNT_OK, ACCOUNT_OK, ACCOUNT_NO_PASSWORD},
    {"*", ACCOUNT_OK, ACCOUNT_OK, ACCOUNT_NO_PASSWORD},
    {"*NP*", ACCOUNT_OK, ACCOUNT_OK, ACCOUNT_NO_PASSWORD},
    {"!" HASH, ACCOUNT_LOCKED, ACCOUNT_OK, ACCOUNT_LOCKED},
    {"!!" HASH, ACCOUNT_LOCKED, ACCOUNT_OK, ACCOUNT_LOCKED},
    {"!*", ACCOUNT_LOCKED, ACCOUNT_OK, ACCOUNT_LOCKED},
    {"!x", ACCOUNT_LOCKED, ACCOUNT_OK, ACCOUNT_LOCKED},
    {"", ACCOUNT_OK, ACCOUNT_OK, ACCOUNT_OK},
};

static void
test_passwords(void **state)
{
	static const struct account_policy IGNORE = {.ignore_locked = true};
	static const struct account_policy REQUIRE = {.require_password = true};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(HASHES); i++) {
		const struct spwd shadow = make_shadow(HASHES[i].hash);

		expect_shadow(
		    HASHES[i].hash, &shadow, &DEFAULT, HASHES[i].by_default);
		expect_shadow(HASHES[i].hash, &shadow, &IGNORE,
		    HASHES[i].ignoring_locked);
		expect_shadow(HASHES[i].hash, &shadow, &REQUIRE,
		    HASHES[i].requiring_password);
	}
}

static const struct {
	const char *what;
	long expire;
	enum account_reason reason;
} EXPIRIES[] = {
    {"none", NONE, ACCOUNT_OK},
    {"chage -E 0", 0, ACCOUNT_EXPIRED},
    {"usermod -e 1", 1, ACCOUNT_EXPIRED},
    {"yesterday", TODAY - 1, ACCOUNT_EXPIRED},
    {"today", TODAY, ACCOUNT_EXPIRED},
    {"tomorrow", TODAY + 1, ACCOUNT_OK},
    {"far", LONG_MAX, ACCOUNT_OK},
    {"negative", LONG_MIN, ACCOUNT_OK},
};

static void
test_expiry(void **state)
{
	static const char *const ALL[] = {HASH, "!", "*", ("!" HASH), ""};
	static const struct account_policy IGNORE = {.ignore_locked = true};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(EXPIRIES); i++) {
		/* It counts whatever the password is. */
		for (size_t at = 0; at < COUNT_OF(ALL); at++) {
			struct spwd shadow = make_shadow(ALL[at]);

			shadow.sp_expire = EXPIRIES[i].expire;
			expect_shadow(EXPIRIES[i].what, &shadow, &IGNORE,
			    EXPIRIES[i].reason);
		}
	}
}

static const struct {
	const char *what;
	long changed, max, inactive;
	enum account_reason reason;
} AGES[] = {
    {"useradd's", TODAY - 100, 99999, NONE, ACCOUNT_OK},
    {"aged, no inactive period", TODAY - 100, 10, NONE, ACCOUNT_OK},
    {"aged, within its inactive period", TODAY - 100, 90, 20, ACCOUNT_OK},
    {"the last day of it", TODAY - 100, 90, 11, ACCOUNT_OK},
    {"the first day beyond", TODAY - 100, 90, 10, ACCOUNT_AGED},
    {"inactive 0, last day", TODAY - 100, 101, 0, ACCOUNT_OK},
    {"inactive 0, beyond", TODAY - 100, 100, 0, ACCOUNT_AGED},
    {"maximum 0", TODAY - 1, 0, 0, ACCOUNT_AGED},
    {"no maximum", TODAY - 100, NONE, 0, ACCOUNT_OK},
    {"passwd -e: to be changed", 0, 10, 5, ACCOUNT_OK},
    {"never changed", NONE, 10, 5, ACCOUNT_OK},
    {"changed in the future", TODAY + 1, 0, 0, ACCOUNT_OK},
    {"sum overflows", 1, LONG_MAX, LONG_MAX, ACCOUNT_OK},
    {"sum overflows by one", 1, LONG_MAX, 1, ACCOUNT_OK},
    {"far future", LONG_MAX, 0, 0, ACCOUNT_OK},
    {"far past", LONG_MIN, 1, 1, ACCOUNT_OK},
    {"negative period", TODAY - 100, LONG_MIN, LONG_MIN, ACCOUNT_OK},
};

static void
test_ageing(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(AGES); i++) {
		struct spwd shadow = make_shadow(HASH);

		shadow.sp_lstchg = AGES[i].changed;
		shadow.sp_max = AGES[i].max;
		shadow.sp_inact = AGES[i].inactive;
		expect_shadow(AGES[i].what, &shadow, &DEFAULT, AGES[i].reason);
		/* It does not matter without a password. */
		shadow.sp_pwdp = text("!");
		expect_shadow(AGES[i].what, &shadow, &DEFAULT, ACCOUNT_OK);
		shadow.sp_pwdp = text("*");
		expect_shadow(AGES[i].what, &shadow, &DEFAULT, ACCOUNT_OK);
	}
}

static void
test_locked_and_aged_is_disabled_either_way(void **state)
{
	static const struct account_policy IGNORE = {.ignore_locked = true};
	struct spwd shadow = make_shadow("!" HASH);

	(void)state;
	shadow.sp_max = 10;
	shadow.sp_inact = 5;
	expect_shadow("locked", &shadow, &DEFAULT, ACCOUNT_LOCKED);
	expect_shadow("aged", &shadow, &IGNORE, ACCOUNT_AGED);
}

static void
test_root(void **state)
{
	static const struct account_policy ALLOW = {.allow_root = true};
	struct passwd passwd = make_passwd();
	struct spwd shadow = make_shadow(HASH);

	(void)state;
	passwd.pw_uid = 0; /* whatever its name */
	expect_entry("root", &passwd, &shadow, &DEFAULT, ACCOUNT_ROOT);
	expect_entry("allowed", &passwd, &shadow, &ALLOW, ACCOUNT_OK);
	shadow.sp_expire = 0;
	expect_entry("expired", &passwd, &shadow, &ALLOW, ACCOUNT_EXPIRED);
}

static const struct {
	const char *shell;
	bool none;
} SHELLS[] = {
    {"/usr/sbin/nologin", true},
    {"/sbin/nologin", true},
    {"/bin/false", true},
    {"/usr/bin/false", true},
    {"nologin", true},
    {"/bin/bash", false},
    {"/bin/true", false},
    {"/opt/false/sh", false},
    {"/bin/falsetto", false},
    {"/bin/nologin2", false},
    {"", false},
};

static void
test_shells(void **state)
{
	static const struct account_policy REQUIRE = {.require_shell = true};
	const struct spwd shadow = make_shadow(HASH);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(SHELLS); i++) {
		struct passwd passwd = make_passwd();

		passwd.pw_shell = text(SHELLS[i].shell);
		expect_entry(
		    SHELLS[i].shell, &passwd, &shadow, &DEFAULT, ACCOUNT_OK);
		expect_entry(SHELLS[i].shell, &passwd, &shadow, &REQUIRE,
		    SHELLS[i].none ? ACCOUNT_NO_SHELL : ACCOUNT_OK);
	}
}

/* Without shadow: a password in passwd itself, or none that is known here. */
static void
test_without_shadow(void **state)
{
	static const struct account_policy REQUIRE = {.require_password = true};
	struct passwd passwd = make_passwd();

	(void)state;
	expect_entry("x", &passwd, NULL, &DEFAULT, ACCOUNT_OK);
	expect_entry("x", &passwd, NULL, &REQUIRE, ACCOUNT_OK);
	passwd.pw_passwd = text("!" HASH);
	expect_entry("!hash", &passwd, NULL, &DEFAULT, ACCOUNT_LOCKED);
	passwd.pw_passwd = text("*");
	expect_entry("*", &passwd, NULL, &REQUIRE, ACCOUNT_OK);
	passwd.pw_passwd = NULL;
	expect_entry("NULL", &passwd, NULL, &DEFAULT, ACCOUNT_OK);
}

static void
test_a_name_too_long_is_unknown(void **state)
{
	char name[RECORD_USER_MAX + 2];
	struct passwd passwd = make_passwd();
	const struct spwd shadow = make_shadow(HASH);
	struct account account;

	(void)state;
	memset(name, 'a', sizeof(name));
	passwd.pw_name = name;
	name[RECORD_USER_MAX] = '\0';
	expect_entry("longest", &passwd, &shadow, &DEFAULT, ACCOUNT_OK);
	name[RECORD_USER_MAX] = 'a';
	name[RECORD_USER_MAX + 1] = '\0';
	account_judge(&account, &passwd, &shadow, &DEFAULT, NOW);
	assert_int_equal(account.state, ACCOUNT_UNKNOWN);
	assert_int_equal(account.reason, ACCOUNT_LOOKUP_FAILED);
	assert_false(account.found);
}

static void
test_each_reason_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (int a = ACCOUNT_OK; a <= ACCOUNT_ROOT; a++) {
		const char *name = account_reason_name((enum account_reason)a);

		assert_string_not_equal(name, "account-unknown");
		assert_null(strpbrk(name, " =\n"));
		for (int b = ACCOUNT_OK; b < a; b++)
			assert_string_not_equal(
			    name, account_reason_name((enum account_reason)b));
	}
	assert_string_equal(
	    account_reason_name((enum account_reason)(ACCOUNT_ROOT + 1)),
	    "account-unknown");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_passwords),
	    cmocka_unit_test(test_expiry),
	    cmocka_unit_test(test_ageing),
	    cmocka_unit_test(test_locked_and_aged_is_disabled_either_way),
	    cmocka_unit_test(test_root),
	    cmocka_unit_test(test_shells),
	    cmocka_unit_test(test_without_shadow),
	    cmocka_unit_test(test_a_name_too_long_is_unknown),
	    cmocka_unit_test(test_each_reason_has_a_name_of_its_own),
	};

	return unit_run(tests);
}
