/* account_set.h: the combined verdict of files and services on an account. */
#include "account/account_set.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "config/config.h"
#include "lib/unit.h"
#include "lib/world.h"

#define ROOT "root:x:0:0:root:/root:/bin/bash\n"
#define ROOT_SHADOW "root:*:20000::::::\n"
#define ALICE "alice:x:1001:1001::/home/alice:/bin/bash\n"
#define HASH "$y$j9T$salt$hash"
#define ENABLED "alice:" HASH ":20000:0:99999:7:::\n"
#define EXPIRED "alice:" HASH ":20000:0:99999:7::1:\n"

static struct account_policy policy;

static int
setup(void **state)
{
	(void)state;
	world_set(ROOT ALICE, ROOT_SHADOW ENABLED);
	policy = (struct account_policy){0};
	return 0;
}

static void
write_files(const char *passwd, const char *shadow)
{
	world_set_file(&world.passwd, passwd, strlen(passwd));
	world_set_file(&world.shadow, shadow, strlen(shadow));
}

/* Looks at one account, as for all. The caller must have read the files. */
static struct account_set_entry
look(const char *name)
{
	struct account_set accounts;
	struct account_set_entry *entry, found;

	account_set_start(&accounts);
	entry = account_set_get(&accounts, name);
	assert_non_null(entry);
	assert_ptr_equal(entry, account_set_get(&accounts, name));
	assert_ok(account_set_read_files(&accounts, &policy, NOW, &why));
	if (!entry->is_settled)
		account_set_ask(&accounts, entry, &policy, NOW);
	assert_true(entry->is_settled);
	assert_null(entry->password);
	found = *entry;
	account_set_free(&accounts);
	return found;
}

static enum account_state
state_of(enum account_reason reason)
{
	if (reason == ACCOUNT_OK)
		return ACCOUNT_ENABLED;
	return reason >= ACCOUNT_EXPIRED ? ACCOUNT_DISABLED : ACCOUNT_UNKNOWN;
}

static void
expect(const char *row, const char *name, enum account_reason reason)
{
	struct account_set_entry found = look(name);

	if (found.reason != reason)
		print_error("%s\n", account_reason_name(found.reason));
	assert_row(row, found.reason == reason);
	assert_row(row, found.state == state_of(reason));
}

/* [account], one key at a time. */
static const char *const SETTINGS[] = {
    "",
    "locked_password = ignore",
    "no_password = disabled",
    "shell = disabled",
    "root = enabled",
};

static void
set_policy(const char *setting)
{
	struct config config;
	char text[128];

	(void)snprintf(text, sizeof(text), "[account]\n%s\n", setting);
	assert_ok(config_parse(&config, text, strlen(text), "", &why));
	policy = config.account;
	config_free(&config);
}

#define OK ACCOUNT_OK
#define LOCKED ACCOUNT_LOCKED
#define NONE ACCOUNT_NO_PASSWORD
#define GONE ACCOUNT_EXPIRED
#define AGED ACCOUNT_AGED
#define SHELL ACCOUNT_NO_SHELL
#define IS_ROOT ACCOUNT_ROOT

/* All combinations of name, uid and shell; shadow; each setting. */
static const struct {
	const char *what, *shell, *shadow;
	unsigned uid;
	enum account_reason reasons[COUNT_OF(SETTINGS)];
} STATES[] = {
    {"useradd -p", "sh", HASH ":20000:0:99999:7:::", 1, {OK, OK, OK, OK, OK}},
    {"useradd", "sh", "!:20000:0:99999:7:::", 1, {OK, OK, NONE, OK, OK}},
    {"two of them", "sh", "!!:20000:0:99999:7:::", 1, {OK, OK, NONE, OK, OK}},
    {"password *", "sh", "*:20000:0:99999:7:::", 1, {OK, OK, NONE, OK, OK}},
    {"no password", "sh", ":20000:0:99999:7:::", 1, {OK, OK, OK, OK, OK}},
    {"usermod -L", "sh", "!" HASH ":20000:0:99999:7:::", 1,
	{LOCKED, OK, LOCKED, LOCKED, LOCKED}},
    {"passwd -l", "sh", "!!" HASH ":20000:0:99999:7:::", 1,
	{LOCKED, OK, LOCKED, LOCKED, LOCKED}},
    {"usermod -L on *", "sh", "!*:20000:0:99999:7:::", 1,
	{LOCKED, OK, LOCKED, LOCKED, LOCKED}},
    {"usermod -e 1", "sh", HASH ":20000:0:99999:7::1:", 1,
	{GONE, GONE, GONE, GONE, GONE}},
    {"chage -E 0", "sh", "!:20000:0:99999:7::0:", 1,
	{GONE, GONE, GONE, GONE, GONE}},
    {"expires today", "sh", HASH ":20000:0:99999:7::20833:", 1,
	{GONE, GONE, GONE, GONE, GONE}},
    {"tomorrow", "sh", HASH ":20000:0:99999:7::20834:", 1,
	{OK, OK, OK, OK, OK}},
    {"passwd -e", "sh", HASH ":0:0:99999:7:::", 1, {OK, OK, OK, OK, OK}},
    {"aged, no inactive", "sh", HASH ":20000:0:10:7:::", 1,
	{OK, OK, OK, OK, OK}},
    {"aged out", "sh", HASH ":20000:0:10:7:5::", 1,
	{AGED, AGED, AGED, AGED, AGED}},
    {"aged out without", "sh", "!:20000:0:10:7:5::", 1, {OK, OK, NONE, OK, OK}},
    {"nologin", "nologin", HASH ":20000::::::", 1, {OK, OK, OK, SHELL, OK}},
    {"false", "false", HASH ":20000::::::", 1, {OK, OK, OK, SHELL, OK}},
    {"uid 0", "sh", HASH ":20000::::::", 0,
	{IS_ROOT, IS_ROOT, IS_ROOT, IS_ROOT, OK}},
};

/* The files settle it, and account_lookup agrees. */
static void
test_every_state(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(STATES); i++) {
		char passwd[256], shadow[256];

		(void)snprintf(passwd, sizeof(passwd),
		    ROOT "alice:x:%u:1::/:/bin/%s\n", STATES[i].uid,
		    STATES[i].shell);
		(void)snprintf(shadow, sizeof(shadow), ROOT_SHADOW "alice:%s\n",
		    STATES[i].shadow);
		write_files(passwd, shadow);
		for (size_t at = 0; at < COUNT_OF(SETTINGS); at++) {
			struct account_set_entry found;
			struct account account;

			set_policy(SETTINGS[at]);
			world.asked = 0;
			expect(STATES[i].what, "alice", STATES[i].reasons[at]);
			found = look("alice");
			assert_row(STATES[i].what, world.asked == 0);
			assert_row(STATES[i].what, found.found && found.local);
			assert_row(STATES[i].what, found.uid == STATES[i].uid);
			account_lookup(&account, "alice", &policy, NOW);
			assert_row(STATES[i].what,
			    account.reason == STATES[i].reasons[at]);
		}
	}
}

/* Files in which alice is disabled, if at all, by libc's reading. */
static const struct {
	const char *what, *passwd, *shadow;
	enum account_reason reason;
} DAMAGES[] = {
    {"shadow line missing", ROOT ALICE, ROOT_SHADOW, ACCOUNT_NO_SHADOW},
    {"shadow line doubled", ROOT ALICE, EXPIRED ENABLED, ACCOUNT_DAMAGED},
    {"in the other order", ROOT ALICE, ENABLED EXPIRED, ACCOUNT_OK},
    {"three of them", ROOT ALICE, EXPIRED EXPIRED EXPIRED, ACCOUNT_DAMAGED},
    {"one of them cut", ROOT ALICE, EXPIRED "alice:!\n", ACCOUNT_DAMAGED},
    {"shadow line cut", ROOT ALICE,
	"alice:!" HASH ":20000::::", ACCOUNT_NO_SHADOW},
    {"an old one", ROOT ALICE, "alice:!" HASH ":20000:0:99999\n",
	ACCOUNT_DAMAGED},
    {"no final newline", ROOT ALICE,
	"alice:h:20000:0:99999:7::1:", ACCOUNT_DAMAGED},
    {"cut in a number", ROOT ALICE, "alice:h:20000:0:99999:7::2",
	ACCOUNT_DAMAGED},
    {"a number overflows", ROOT ALICE, "alice:h:20000:0:99999:7::4294967297:\n",
	ACCOUNT_NO_SHADOW},
    {"passwd line doubled", ROOT ALICE ALICE, EXPIRED, ACCOUNT_DAMAGED},
    {"with another uid", ROOT "alice:x:7:7:::\n" ALICE, EXPIRED,
	ACCOUNT_DAMAGED},
    {"three of them", ROOT ALICE ALICE ALICE, EXPIRED, ACCOUNT_DAMAGED},
    {"no fields", ROOT "alice\n", EXPIRED, ACCOUNT_NOT_FOUND},
    {"passwd not ended", ROOT "alice:x:1001:1001:::", EXPIRED, ACCOUNT_DAMAGED},
    {"uid overflows", ROOT "alice:x:4294967296:1:::\n", EXPIRED,
	ACCOUNT_NOT_FOUND},
    {"uid -1", ROOT "alice:x:4294967295:1:::\n", EXPIRED,
	ACCOUNT_LOOKUP_FAILED},
    {"behind a blank", ROOT " " ALICE, EXPIRED, ACCOUNT_DAMAGED},
    {"passwd line lost", ROOT, EXPIRED, ACCOUNT_ABSENT},
    {"and not provably", ROOT "x\n", EXPIRED, ACCOUNT_NOT_FOUND},
    {"no root", "bin:x:1:1:::\n", EXPIRED, ACCOUNT_NOT_FOUND},
    {"nothing at all", "", "", ACCOUNT_NOT_FOUND},
};

static void
test_damage_disables_nobody(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(DAMAGES); i++) {
		write_files(DAMAGES[i].passwd, DAMAGES[i].shadow);
		expect(DAMAGES[i].what, "alice", DAMAGES[i].reason);
	}
}

/* Damage to others' lines is no reason to spare alice. */
static void
test_damage_of_others(void **state)
{
	(void)state;
	write_files(ROOT "bob:x\n" ALICE "bob:x:7:7:::\n",
	    "bob:!\n\n" EXPIRED "carol:x:::::::");
	expect("theirs", "alice", ACCOUNT_EXPIRED);
	expect("no such user", "carol", ACCOUNT_NOT_FOUND);
}

/* A system that keeps passwords in passwd. */
static void
test_without_shadow(void **state)
{
	(void)state;
	world_set_file(&world.shadow, "", 0);
	world.shadow.open_error = ENOENT;
	expect("x", "alice", ACCOUNT_NO_SHADOW);
	world_set_file(&world.passwd, ROOT "alice:!h:7:7:::\n",
	    strlen(ROOT "alice:!h:7:7:::\n"));
	expect("locked", "alice", ACCOUNT_LOCKED);
}

static void
test_files_that_cannot_be_read(void **state)
{
	struct account_set accounts;
	struct account_set_entry *entry;

	(void)state;
	account_set_start(&accounts);
	entry = account_set_get(&accounts, "alice");
	world.passwd.read_error = EIO;
	assert_err(
	    ERR_SYSTEM, account_set_read_files(&accounts, &policy, NOW, &why));
	assert_false(entry->is_settled || accounts.passwd.is_whole);
	world.passwd.read_error = 0;
	world.shadow.open_error = EACCES;
	assert_err(
	    ERR_SYSTEM, account_set_read_files(&accounts, &policy, NOW, &why));
	assert_false(entry->is_settled);
	account_set_free(&accounts);
}

#define TRYAGAIN EAGAIN /* what libc makes of NSS_STATUS_TRYAGAIN */

/*
 * For a user who is not in passwd; and for one who is, without a shadow line.
 */
static void
test_services_that_fail(void **state)
{
	static const int ERRORS[] = {
	    TRYAGAIN, ENOENT, EIO, EMFILE, ENFILE, ENOMEM, EINTR, ESRCH};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(ERRORS); i++) {
		setup(NULL);
		world.passwd_error = ERRORS[i];
		expect("nobody", "bob", ACCOUNT_LOOKUP_FAILED);
		write_files(ROOT ALICE, "");
		expect("alice", "alice", ACCOUNT_LOOKUP_FAILED);
		world.passwd_error = 0;
		world.shadow_error = ERRORS[i];
		expect("shadow", "alice", ACCOUNT_NO_SHADOW);
	}
}

#define BOB "bob:x:2002:2002::/:/bin/sh\n"
#define BOB_EXPIRED "bob:*:20000:::::1:\n"

/* The directory's answer about users whom the files do not have. */
static void
test_a_directory(void **state)
{
	struct account_set_entry found;

	(void)state;
	world.directory = BOB;
	expect("enabled", "bob", ACCOUNT_OK);
	found = look("bob");
	assert_true(found.found && !found.local);
	assert_int_equal(found.uid, 2002);
	world.directory_shadow = BOB_EXPIRED;
	expect("disabled", "bob", ACCOUNT_EXPIRED);
	expect("typed otherwise", "Bob", ACCOUNT_OTHER_NAME);
	expect("nobody", "carol", ACCOUNT_ABSENT);
	world.directory = "bob:x:4294967295:1:::\n";
	expect("uid -1", "bob", ACCOUNT_LOOKUP_FAILED);
	world.directory = "";
	expect("down, or gone", "bob", ACCOUNT_ABSENT);
}

/*
 * Users hidden by a damaged file: the directory's answer is about a namesake.
 */
static void
test_a_directory_behind_damaged_files(void **state)
{
	static const char *const FILES[] = {
	    ROOT "\n" ALICE, ROOT "bob\n", ROOT BOB "x", ROOT " bob:x:::::\n"};

	(void)state;
	world.directory = BOB;
	world.directory_shadow = BOB_EXPIRED;
	for (size_t i = 0; i < COUNT_OF(FILES); i++) {
		write_files(FILES[i], "");
		expect(FILES[i], "bob", ACCOUNT_DAMAGED);
	}
	/* half an account in the files does not count as local */
	write_files(ROOT ALICE, "bob:!h:20000::::::\n");
	expect("shadow alone", "bob", ACCOUNT_DAMAGED);
	/* whose shadow line is lost: the entry found is the namesake's */
	write_files(ROOT BOB, ROOT_SHADOW);
	expect("passwd alone", "bob", ACCOUNT_DAMAGED);
	write_files(ROOT ALICE, "bob:h\n");
	expect("and that cut", "bob", ACCOUNT_DAMAGED);
}

/* Many at once, in the order in which they were added. */
static void
test_many(void **state)
{
	static char passwd[200000], shadow[200000];
	struct account_set accounts;
	struct account_set_entry *one;
	size_t count = 0, len = 0, end = 0;
	char name[16];

	(void)state;
	account_set_start(&accounts);
	len += (size_t)sprintf(passwd, ROOT);
	for (unsigned i = 0; i < 3000; i++) {
		(void)snprintf(name, sizeof(name), "u%u", i);
		assert_non_null(account_set_get(&accounts, name));
		len += (size_t)sprintf(
		    passwd + len, "%s:x:%u:1:::\n", name, i + 1);
		end += (size_t)sprintf(shadow + end, "%s:%s:20000::::::\n",
		    name, i % 3 == 0 ? "!h" : "!");
	}
	write_files(passwd, shadow);
	assert_ok(account_set_read_files(&accounts, &policy, NOW, &why));
	for (one = accounts.first; one != NULL; one = one->next, count++) {
		assert_true(one->is_settled);
		assert_int_equal(one->uid, count + 1);
		assert_int_equal(one->state,
		    count % 3 == 0 ? ACCOUNT_DISABLED : ACCOUNT_ENABLED);
	}
	assert_int_equal(count, 3000);
	assert_int_equal(world.asked, 0);
	account_set_free(&accounts);
	assert_null(accounts.first);
}

#define ACCOUNTS_TEST(test) cmocka_unit_test_setup(test, setup)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    ACCOUNTS_TEST(test_every_state),
	    ACCOUNTS_TEST(test_damage_disables_nobody),
	    ACCOUNTS_TEST(test_damage_of_others),
	    ACCOUNTS_TEST(test_without_shadow),
	    ACCOUNTS_TEST(test_files_that_cannot_be_read),
	    ACCOUNTS_TEST(test_services_that_fail),
	    ACCOUNTS_TEST(test_a_directory),
	    ACCOUNTS_TEST(test_a_directory_behind_damaged_files),
	    ACCOUNTS_TEST(test_many),
	};

	return unit_run(tests);
}
