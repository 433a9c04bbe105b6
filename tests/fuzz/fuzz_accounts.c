/*
 * /etc/passwd and /etc/shadow: a byte of settings, one file, a line `%%`, and
 * the other. libc must read every line that we accept; a user is disabled only
 * if one line of each file says so; no user is absent whom libc finds.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "account/account_set.h"
#include "account/passwd_files.h"
#include "userdb.h"

#define NOW INT64_C(1800000000)
#define NAMES_MAX 4
#define NAME_LEN 64

static char buf[USERDB_ENTRY_MAX];

/* Follows libc through a file as long as it agrees with us. */
struct comparison {
	FILE *file;
	unsigned good, bad;
};

static bool
same_text(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

/* libc reads every good line, with the same content. */
static enum err
compare_passwd(const char *name, const struct passwd *entry, void *arg)
{
	struct comparison *comparison = arg;
	struct passwd libc;

	FUZZ_REQUIRE(strpbrk(name, ":\n") == NULL);
	comparison->good += entry != NULL;
	comparison->bad += entry == NULL;
	if (entry == NULL)
		return ERR_OK;
	FUZZ_REQUIRE(same_text(name, entry->pw_name));
	do
		FUZZ_REQUIRE(
		    userdb_next_passwd(comparison->file, NULL, &libc, buf));
	while (!same_text(libc.pw_name, name) || libc.pw_uid != entry->pw_uid ||
	    libc.pw_gid != entry->pw_gid ||
	    !same_text(libc.pw_passwd, entry->pw_passwd) ||
	    !same_text(libc.pw_gecos, entry->pw_gecos) ||
	    !same_text(libc.pw_dir, entry->pw_dir) ||
	    !same_text(libc.pw_shell, entry->pw_shell));
	return ERR_OK;
}

static enum err
compare_shadow(const char *name, const struct spwd *entry, void *arg)
{
	struct comparison *comparison = arg;
	struct spwd libc;

	if (entry == NULL)
		return ERR_OK;
	comparison->good++;
	FUZZ_REQUIRE(same_text(name, entry->sp_namp));
	do
		FUZZ_REQUIRE(
		    userdb_next_shadow(comparison->file, NULL, &libc, buf));
	while (!same_text(libc.sp_namp, name) ||
	    !same_text(libc.sp_pwdp, entry->sp_pwdp) ||
	    libc.sp_lstchg != entry->sp_lstchg ||
	    libc.sp_max != entry->sp_max || libc.sp_inact != entry->sp_inact ||
	    libc.sp_expire != entry->sp_expire);
	return ERR_OK;
}

/* How many users libc reads from the file. */
static unsigned
count_users(void)
{
	FILE *file = userdb_open(&userdb_passwd);
	struct passwd entry;
	unsigned count = 0;

	while (userdb_next_passwd(file, NULL, &entry, buf))
		count += strchr("+-", entry.pw_name[0]) == NULL;
	(void)fclose(file);
	return count;
}

/* How many lines are complete. */
static unsigned
count_lines(const struct userdb_text *text)
{
	unsigned count = 0;

	for (size_t i = 0; i < text->len; i++)
		count += text->bytes[i] == '\n';
	return count;
}

static enum err
pass_over(const char *name, const struct passwd *entry, void *arg)
{
	(void)name;
	(void)entry;
	(void)arg;
	return ERR_OK;
}

/* The line that is reported is the first bad one: those before it are good. */
static void
check_bad_line(const struct passwd_files_passwd *file)
{
	size_t line = 1, at = 0, len = userdb_passwd.len;
	struct passwd_files_passwd before;
	struct error why = {""};

	FUZZ_REQUIRE((file->bad_line == 0) == (file->bad_how == NULL));
	FUZZ_REQUIRE(file->is_whole == (file->has_root && file->bad_line == 0));
	if (file->bad_line == 0)
		return;
	while (at < len && line < file->bad_line)
		line += userdb_passwd.bytes[at++] == '\n';
	FUZZ_REQUIRE(at < len && line == file->bad_line);
	userdb_passwd.len = at;
	FUZZ_REQUIRE(
	    passwd_files_passwd(pass_over, NULL, &before, &why) == ERR_OK);
	FUZZ_REQUIRE(before.bad_line == 0);
	userdb_passwd.len = len;
}

static void
check_passwd(void)
{
	struct comparison comparison = {.file = userdb_open(&userdb_passwd)};
	struct passwd_files_passwd file;
	struct error why = {""};

	FUZZ_REQUIRE(passwd_files_passwd(
			 compare_passwd, &comparison, &file, &why) == ERR_OK);
	(void)fclose(comparison.file);
	FUZZ_REQUIRE(comparison.good <= count_lines(&userdb_passwd));
	check_bad_line(&file);
	FUZZ_REQUIRE(comparison.bad == 0 || file.bad_line != 0);
	FUZZ_REQUIRE(!file.is_whole ||
	    (comparison.bad == 0 && comparison.good == count_users()));
}

static void
check_shadow(void)
{
	struct comparison comparison = {.file = userdb_open(&userdb_shadow)};
	struct error why = {""};
	enum err rc = passwd_files_shadow(compare_shadow, &comparison, &why);

	FUZZ_REQUIRE(rc == (comparison.file ? ERR_OK : ERR_MISSING));
	FUZZ_REQUIRE(comparison.good <= count_lines(&userdb_shadow));
	if (comparison.file != NULL)
		(void)fclose(comparison.file);
}

/* The only lines of a user; false if there are more, or none. */
static bool
find_passwd(
    const char *name, struct passwd *entry, char room[], unsigned *count)
{
	FILE *file = userdb_open(&userdb_passwd);
	struct passwd more;

	*count = userdb_next_passwd(file, name, entry, room);
	while (*count > 0 && userdb_next_passwd(file, name, &more, buf))
		++*count;
	(void)fclose(file);
	return *count == 1;
}

static unsigned
find_shadow(const char *name, struct spwd *entry, char room[])
{
	FILE *file = userdb_open(&userdb_shadow);
	struct spwd more;
	unsigned count;

	if (file == NULL)
		return 0;
	count = userdb_next_shadow(file, name, entry, room);
	while (count > 0 && userdb_next_shadow(file, name, &more, buf))
		count++;
	(void)fclose(file);
	return count;
}

/*
 * What the files settle must equal the result from libc's entries, if there is
 * one of each.
 */
static void
check_settled(
    const struct account_set_entry *entry, const struct account_policy *policy)
{
	static char passwd_room[USERDB_ENTRY_MAX];
	static char shadow_room[USERDB_ENTRY_MAX];
	struct passwd passwd;
	struct spwd shadow;
	struct account account;
	unsigned passwds, shadows;

	FUZZ_REQUIRE(find_passwd(entry->name, &passwd, passwd_room, &passwds));
	shadows = find_shadow(entry->name, &shadow, shadow_room);
	FUZZ_REQUIRE(entry->local && entry->found);
	FUZZ_REQUIRE(shadows == 1 ||
	    (shadows == 0 && !same_text(passwd.pw_passwd, "x")));
	account_judge(
	    &account, &passwd, shadows > 0 ? &shadow : NULL, policy, NOW);
	FUZZ_REQUIRE(entry->uid == passwd.pw_uid);
	FUZZ_REQUIRE(entry->gid == passwd.pw_gid);
	FUZZ_REQUIRE(entry->state == account.state);
	FUZZ_REQUIRE(entry->reason == account.reason);
}

/*
 * An account that had to be looked up can be good or absent, but not disabled.
 */
static void
check_asked(
    const struct account_set *accounts, const struct account_set_entry *entry)
{
	static char room[USERDB_ENTRY_MAX];
	struct passwd passwd;
	unsigned count;

	(void)find_passwd(entry->name, &passwd, room, &count);
	FUZZ_REQUIRE(entry->state != ACCOUNT_DISABLED);
	FUZZ_REQUIRE(!entry->found || count > 0);
	FUZZ_REQUIRE(entry->reason != ACCOUNT_ABSENT ||
	    (count == 0 && accounts->passwd.is_whole));
}

static void
check_accounts(
    char names[NAMES_MAX][NAME_LEN + 1], const struct account_policy *policy)
{
	struct account_set accounts;
	struct account_set_entry *one;
	struct error why = {""};

	account_set_start(&accounts);
	for (unsigned i = 0; i < NAMES_MAX; i++)
		FUZZ_REQUIRE(account_set_get(&accounts, names[i]) != NULL);
	FUZZ_REQUIRE(
	    account_set_read_files(&accounts, policy, NOW, &why) == ERR_OK);
	for (one = accounts.first; one != NULL; one = one->next) {
		FUZZ_REQUIRE(one->password == NULL);
		if (one->is_settled) {
			check_settled(one, policy);
			continue;
		}
		account_set_ask(&accounts, one, policy, NOW);
		check_asked(&accounts, one);
	}
	account_set_free(&accounts);
}

/* The name that a line begins with, or "". */
static void
take_name(char name[NAME_LEN + 1], const struct userdb_text *text)
{
	size_t len = 0;

	while (text->bytes != NULL && len < text->len && len < NAME_LEN &&
	    strchr(":\n", text->bytes[len]) == NULL)
		len++;
	if (len > 0)
		memcpy(name, text->bytes, len);
	name[len] = '\0';
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char names[NAMES_MAX][NAME_LEN + 1] = {"root", "alice"};
	struct account_policy policy;
	const char *between;
	char *text;

	if (size == 0 || size > USERDB_ENTRY_MAX / 2)
		return 0;
	policy = (struct account_policy){
	    .ignore_locked = data[0] & 1,
	    .require_password = data[0] & 2,
	    .allow_root = data[0] & 4,
	    .require_shell = data[0] & 8,
	};
	text = fuzz_string(data + 1, size - 1);
	userdb_passwd = (struct userdb_text){text, size - 1};
	userdb_shadow = (struct userdb_text){NULL, 0};
	between = memmem(text, size - 1, "%%\n", 3);
	if (between != NULL) {
		userdb_passwd.len = (size_t)(between - text);
		userdb_shadow.bytes = between + 3;
		userdb_shadow.len = size - 1 - userdb_passwd.len - 3;
	}
	take_name(names[2], &userdb_passwd);
	take_name(names[3], &userdb_shadow);
	check_passwd();
	check_shadow();
	check_accounts(names, &policy);
	free(text);
	return 0;
}
