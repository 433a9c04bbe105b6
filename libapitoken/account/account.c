#include "account/account.h"

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "account/name_services.h"
#include "account/passwd_files.h"
#include "base/crypto.h"

#define DAY (24 * 60 * 60)
#define ENTRY_FIRST 2048
#define ENTRY_MAX (1024 * 1024) /* as long as an entry may get */
#define GROUPS_MAX 65536        /* NGROUPS_MAX of Linux */

const char *
account_reason_name(enum account_reason reason)
{
	switch (reason) {
	case ACCOUNT_OK:
		return "account-enabled";
	case ACCOUNT_NOT_FOUND:
		return "account-not-found";
	case ACCOUNT_LOOKUP_FAILED:
		return "account-lookup-failed";
	case ACCOUNT_NO_SHADOW:
		return "account-shadow-unreadable";
	case ACCOUNT_DAMAGED:
		return "account-entry-damaged";
	case ACCOUNT_OTHER_NAME:
		return "account-under-another-name";
	case ACCOUNT_ABSENT:
		return "account-absent";
	case ACCOUNT_EXPIRED:
		return "account-expired";
	case ACCOUNT_LOCKED:
		return "account-locked";
	case ACCOUNT_AGED:
		return "account-password-aged-out";
	case ACCOUNT_NO_PASSWORD:
		return "account-without-password";
	case ACCOUNT_NO_SHELL:
		return "account-without-shell";
	case ACCOUNT_ROOT:
		return "account-is-root";
	}
	return "account-unknown";
}

int64_t
account_day_end(int64_t now)
{
	return (now / DAY + 1) * DAY;
}

/* No password was ever set: nothing but `!`, or `*` and whatever follows. */
static bool
has_no_password(const char *hash)
{
	if (hash[0] == '*')
		return true;
	return hash[0] != '\0' && hash[strspn(hash, "!")] == '\0';
}

/* usermod -L and passwd -l put a `!` before what was there. */
static bool
is_locked(const char *hash)
{
	return hash[0] == '!' && hash[strspn(hash, "!")] != '\0';
}

/* As pam_unix has it: 0 is a date too, and negative means none. */
static bool
is_expired(const struct spwd *shadow, int64_t today)
{
	return shadow->sp_expire >= 0 && today >= shadow->sp_expire;
}

/*
 * From the day that chage(1) calls "Password inactive". So does pam_unix since
 * Linux-PAM 1.6 (passverify.c, check_shadow_expiry); before, a day later.
 */
static bool
is_aged_out(const struct spwd *shadow, int64_t today)
{
	int64_t age, limit;

	if (shadow->sp_lstchg <= 0 || shadow->sp_max < 0 ||
	    shadow->sp_inact < 0 || today < shadow->sp_lstchg)
		return false;
	age = today - shadow->sp_lstchg;
	return !__builtin_add_overflow(
		   shadow->sp_max, shadow->sp_inact, &limit) &&
	    age >= limit;
}

static bool
is_no_shell(const char *shell)
{
	const char *name = strrchr(shell, '/');

	name = name == NULL ? shell : name + 1;
	return strcmp(name, "nologin") == 0 || strcmp(name, "false") == 0;
}

static enum account_reason
find_reason(const struct passwd *passwd, const struct spwd *shadow,
    const struct account_policy *policy, int64_t now)
{
	const char *hash = shadow != NULL ? shadow->sp_pwdp : passwd->pw_passwd;
	bool no_password = hash == NULL || has_no_password(hash);
	int64_t today = now / DAY;

	if (passwd->pw_uid == 0 && !policy->allow_root)
		return ACCOUNT_ROOT;
	if (shadow != NULL && is_expired(shadow, today))
		return ACCOUNT_EXPIRED;
	if (!no_password && is_locked(hash) && !policy->ignore_locked)
		return ACCOUNT_LOCKED;
	if (shadow != NULL && !no_password && is_aged_out(shadow, today))
		return ACCOUNT_AGED;
	/* Without shadow nobody here knows whether there is a password. */
	if (shadow != NULL && no_password && policy->require_password)
		return ACCOUNT_NO_PASSWORD;
	if (policy->require_shell && is_no_shell(passwd->pw_shell))
		return ACCOUNT_NO_SHELL;
	return ACCOUNT_OK;
}

void
account_judge(struct account *account, const struct passwd *passwd,
    const struct spwd *shadow, const struct account_policy *policy, int64_t now)
{
	*account = (struct account){
	    .state = ACCOUNT_UNKNOWN,
	    .reason = ACCOUNT_LOOKUP_FAILED,
	};
	/* libc turns a number that it cannot hold into uid -1. */
	if (strlen(passwd->pw_name) >= sizeof(account->name) ||
	    passwd->pw_uid == (uid_t)-1)
		return;
	strcpy(account->name, passwd->pw_name);
	account->uid = passwd->pw_uid;
	account->found = true;
	account->reason = find_reason(passwd, shadow, policy, now);
	account->state = account->reason == ACCOUNT_OK ? ACCOUNT_ENABLED
						       : ACCOUNT_DISABLED;
}

static enum err
stop_at_user(const char *name, const struct passwd *entry, void *arg)
{
	const char *user = arg;

	(void)entry;
	return strcmp(name, user) == 0 ? ERR_EXISTS : ERR_OK;
}

enum err
account_is_local(const char *user)
{
	struct passwd_files_passwd file;
	/* The visitor only reads it. */
	enum err rc = passwd_files_passwd(
	    stop_at_user, (void *)(uintptr_t)user, &file, NULL);

	if (rc == ERR_EXISTS)
		return ERR_OK;
	/* An empty file proves nothing. */
	return rc == ERR_OK && file.has_root ? ERR_NOT_FOUND : ERR_SYSTEM;
}

/* Room for one entry; wiped, since it may hold a password hash. */
struct entry_buf {
	char *data;
	size_t size;
};

static void
entry_buf_free(struct entry_buf *buf)
{
	if (buf->data != NULL)
		crypto_wipe(buf->data, buf->size);
	free(buf->data);
	*buf = (struct entry_buf){0};
}

/* Doubles it; false at the limit or if out of memory. */
static bool
entry_buf_grow(struct entry_buf *buf)
{
	size_t size = buf->size == 0 ? ENTRY_FIRST : buf->size * 2;

	entry_buf_free(buf);
	if (size > ENTRY_MAX)
		return false;
	buf->data = malloc(size);
	if (buf->data == NULL)
		return false;
	buf->size = size;
	return true;
}

/* The passwd entry, in buf; or NULL, with *failed set unless it is absent. */
static const struct passwd *
look_up_passwd(
    const char *user, struct passwd *entry, struct entry_buf *buf, bool *failed)
{
	struct passwd *found = NULL;
	int code = ERANGE;

	while (code == ERANGE && entry_buf_grow(buf))
		code = getpwnam_r(user, entry, buf->data, buf->size, &found);
	*failed = code != 0;
	return code == 0 ? found : NULL;
}

/* The shadow entry, in buf; NULL if there is none or it may not be read. */
static const struct spwd *
look_up_shadow(
    const char *user, struct spwd *entry, struct entry_buf *buf, bool *failed)
{
	struct spwd *found = NULL;
	int code = ERANGE;

	while (code == ERANGE && entry_buf_grow(buf))
		code = getspnam_r(user, entry, buf->data, buf->size, &found);
	*failed = code != 0;
	return code == 0 ? found : NULL;
}

/* Whether an account that has no shadow entry may be judged without one. */
static bool
needs_no_shadow(const struct passwd *passwd)
{
	enum err local = account_is_local(passwd->pw_name);

	/* Kept elsewhere: the rest of the account stack judges its expiry. */
	if (local == ERR_NOT_FOUND)
		return true;
	/* A system without shadow: the password is in passwd itself. */
	return local == ERR_OK && strcmp(passwd->pw_passwd, "x") != 0;
}

/* By the services that nsswitch.conf lists. */
static void
look_up_by_services(struct account *account, const char *user,
    const struct account_policy *policy, int64_t now)
{
	struct entry_buf passwd_buf = {0}, shadow_buf = {0};
	struct passwd passwd_entry;
	struct spwd shadow_entry;
	const struct passwd *passwd;
	const struct spwd *shadow;
	bool failed;

	*account = (struct account){.state = ACCOUNT_UNKNOWN};
	passwd = look_up_passwd(user, &passwd_entry, &passwd_buf, &failed);
	account->reason = failed ? ACCOUNT_LOOKUP_FAILED : ACCOUNT_NOT_FOUND;
	if (passwd == NULL)
		goto out;
	shadow = look_up_shadow(
	    passwd->pw_name, &shadow_entry, &shadow_buf, &failed);
	account_judge(account, passwd, shadow, policy, now);
	if (shadow == NULL && account->state == ACCOUNT_ENABLED &&
	    (failed || !needs_no_shadow(passwd))) {
		account->state = ACCOUNT_UNKNOWN;
		account->reason = ACCOUNT_NO_SHADOW;
	}
out:
	entry_buf_free(&shadow_buf);
	entry_buf_free(&passwd_buf);
}

/* An account to be judged by its two lines. */
struct judging {
	struct account *account;
	const struct account_policy *policy;
	int64_t now;
	const struct passwd *passwd;
};

static enum err
judge_with_shadow(const char *name, const struct spwd *entry, void *arg)
{
	const struct judging *judging = arg;

	(void)name;
	account_judge(judging->account, judging->passwd, entry, judging->policy,
	    judging->now);
	return ERR_OK;
}

static enum err
find_shadow(const char *name, const struct passwd *entry, void *arg)
{
	struct judging *judging = arg;

	judging->passwd = entry;
	return passwd_files_find_shadow(name, judge_with_shadow, judging, NULL);
}

/* False unless both files have a line of it that makes sense. */
static bool
look_up_in_files(struct account *account, const char *user,
    const struct account_policy *policy, int64_t now)
{
	struct judging judging = {account, policy, now, NULL};

	if (!name_services_begin_with_files() ||
	    passwd_files_find_passwd(user, find_shadow, &judging, NULL) !=
		ERR_OK)
		return false;
	account->is_from_files = account->found;
	return account->found;
}

void
account_lookup(struct account *account, const char *user,
    const struct account_policy *policy, int64_t now)
{
	if (!look_up_in_files(account, user, policy, now))
		look_up_by_services(account, user, policy, now);
}

/* The group's number. ERR_NOT_FOUND, ERR_SYSTEM. */
static enum err
find_group(const char *name, gid_t *gid)
{
	struct entry_buf buf = {0};
	struct group entry, *found = NULL;
	int code = ERANGE;

	while (code == ERANGE && entry_buf_grow(&buf))
		code = getgrnam_r(name, &entry, buf.data, buf.size, &found);
	if (code == 0 && found != NULL)
		*gid = found->gr_gid;
	entry_buf_free(&buf);
	if (code != 0)
		return ERR_SYSTEM;
	return found != NULL ? ERR_OK : ERR_NOT_FOUND;
}

/* Whether gid is one of the user's groups; own is the primary one. */
static enum err
has_group(const char *user, gid_t own, gid_t gid, bool *is_member)
{
	int room = GROUPS_MAX + 1, count = room;
	gid_t *gids = calloc((size_t)room, sizeof(*gids));
	int got;

	if (gids == NULL)
		return ERR_NOMEM;
	got = getgrouplist(user, own, gids, &count);
	for (int i = 0; i < got; i++)
		*is_member = *is_member || gids[i] == gid;
	free(gids);
	return got < 0 ? ERR_SYSTEM : ERR_OK;
}

enum err
account_in_group(const char *user, const char *group, bool *is_member)
{
	struct entry_buf buf = {0};
	struct passwd entry;
	const struct passwd *passwd;
	bool failed;
	gid_t gid = 0;
	enum err rc;

	*is_member = false;
	rc = find_group(group, &gid);
	if (rc != ERR_OK)
		return rc;
	passwd = look_up_passwd(user, &entry, &buf, &failed);
	if (passwd != NULL)
		rc = has_group(user, passwd->pw_gid, gid, is_member);
	else
		rc = failed ? ERR_SYSTEM : ERR_OK;
	entry_buf_free(&buf);
	return rc;
}
