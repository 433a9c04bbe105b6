#include "account/account_set.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"

static int
compare(const void *a, const void *b)
{
	return strcmp(((const struct account_set_entry *)a)->name,
	    ((const struct account_set_entry *)b)->name);
}

static struct account_set_entry *
find(const struct account_set *accounts, const char *name)
{
	struct account_set_entry key = {.name = name};
	void *found = tfind(&key, &accounts->tree, compare);

	return found == NULL ? NULL : *(struct account_set_entry **)found;
}

void
account_set_start(struct account_set *accounts)
{
	*accounts = (struct account_set){0};
	accounts->end = &accounts->first;
}

struct account_set_entry *
account_set_get(struct account_set *accounts, const char *name)
{
	struct account_set_entry *entry = find(accounts, name);

	if (entry != NULL)
		return entry;
	entry = calloc(1, sizeof(*entry));
	if (entry == NULL)
		return NULL;
	entry->name = pool_intern(&accounts->texts, name);
	if (entry->name == NULL ||
	    tsearch(entry, &accounts->tree, compare) == NULL) {
		free(entry);
		return NULL;
	}
	*accounts->end = entry;
	accounts->end = &entry->next;
	return entry;
}

static void
forget_password(struct account_set_entry *entry)
{
	if (entry->password != NULL)
		crypto_wipe(entry->password, strlen(entry->password));
	free(entry->password);
	entry->password = NULL;
}

/* Keeps a line of passwd; two of one name are damage. */
static enum err
keep_passwd(const char *name, const struct passwd *line, void *arg)
{
	struct account_set *accounts = arg;
	struct account_set_entry *entry = find(accounts, name);

	if (entry == NULL)
		return ERR_OK;
	entry->damaged = entry->local || line == NULL;
	entry->local = true;
	if (entry->damaged)
		return ERR_OK;
	entry->uid = line->pw_uid;
	entry->gid = line->pw_gid;
	entry->shell = pool_intern(&accounts->texts, line->pw_shell);
	entry->password = strdup(line->pw_passwd);
	return entry->shell != NULL && entry->password != NULL ? ERR_OK
							       : ERR_NOMEM;
}

/* What the readings of both files need. */
struct judgement {
	const struct account_set *accounts;
	const struct account_policy *policy;
	int64_t now;
};

/* Judges an entry by its lines; shadow as in account_judge. */
static void
judge(struct account_set_entry *entry, const struct spwd *shadow,
    const struct judgement *how)
{
	/* account_judge takes an entry as libc fills it, but only reads it. */
	struct passwd passwd = {
	    .pw_name = (char *)(uintptr_t)entry->name,
	    .pw_passwd = entry->password,
	    .pw_uid = entry->uid,
	    .pw_gid = entry->gid,
	    .pw_shell = (char *)(uintptr_t)entry->shell,
	};
	struct account account;

	account_judge(&account, &passwd, shadow, how->policy, how->now);
	entry->state = account.state;
	entry->reason = account.reason;
	entry->found = account.found;
	entry->is_settled = true;
}

/*
 * Judges by a line of shadow; two of one name are damage, or one without a line
 * of passwd.
 */
static enum err
judge_by_shadow(const char *name, const struct spwd *line, void *arg)
{
	const struct judgement *how = arg;
	struct account_set_entry *entry = find(how->accounts, name);

	if (entry == NULL || entry->damaged)
		return ERR_OK;
	entry->damaged = !entry->local || entry->is_settled || line == NULL;
	if (entry->damaged)
		entry->is_settled = false;
	else
		judge(entry, line, how);
	return ERR_OK;
}

/* A system without shadow has its passwords in passwd itself. */
static void
judge_by_passwd(const struct judgement *how)
{
	struct account_set_entry *one = how->accounts->first;

	for (; one != NULL; one = one->next) {
		if (one->local && !one->damaged && !one->is_settled &&
		    strcmp(one->password, "x") != 0)
			judge(one, NULL, how);
		forget_password(one);
	}
}

enum err
account_set_read_files(struct account_set *accounts,
    const struct account_policy *policy, int64_t now, struct error *why)
{
	struct judgement how = {accounts, policy, now};
	enum err rc = passwd_files_passwd(
	    keep_passwd, accounts, &accounts->passwd, why);

	if (rc != ERR_OK)
		accounts->passwd = (struct passwd_files_passwd){0};
	if (rc == ERR_OK)
		rc = passwd_files_shadow(judge_by_shadow, &how, why);
	if (rc == ERR_NOMEM)
		return error_plain(why, rc);
	if (rc != ERR_OK && rc != ERR_MISSING)
		return rc;
	judge_by_passwd(&how);
	return ERR_OK;
}

void
account_set_ask(const struct account_set *accounts,
    struct account_set_entry *entry, const struct account_policy *policy,
    int64_t now)
{
	struct account account;

	account_lookup(&account, entry->name, policy, now);
	entry->is_settled = true;
	entry->state = account.state;
	entry->reason = account.reason;
	entry->found = account.found;
	if (account.found)
		entry->uid = account.uid;
	if (!account.found && account.reason == ACCOUNT_NOT_FOUND &&
	    !entry->local && accounts->passwd.is_whole)
		entry->reason = ACCOUNT_ABSENT;
	if (account.found && strcmp(account.name, entry->name) != 0) {
		entry->state = ACCOUNT_UNKNOWN;
		entry->reason = ACCOUNT_OTHER_NAME;
	}
	/*
	 * libc may have misread a damaged line, or found in a directory the
	 * namesake of an account whose line was lost.
	 */
	if (entry->state == ACCOUNT_DISABLED &&
	    (entry->local || entry->damaged || !accounts->passwd.is_whole)) {
		entry->state = ACCOUNT_UNKNOWN;
		entry->reason = ACCOUNT_DAMAGED;
	}
}

/* The list frees the entries. */
static void
keep(void *entry)
{
	(void)entry;
}

void
account_set_free(struct account_set *accounts)
{
	tdestroy(accounts->tree, keep);
	while (accounts->first != NULL) {
		struct account_set_entry *next = accounts->first->next;

		forget_password(accounts->first);
		free(accounts->first);
		accounts->first = next;
	}
	pool_free(&accounts->texts);
	account_set_start(accounts);
}
