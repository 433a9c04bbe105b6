#include "owners.h"

#include <errno.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto.h"
#include "groups.h"
#include "policy.h"

#define ENTRY_FIRST 2048
#define ENTRY_MAX (1024 * 1024)

/* A policy that owners share. */
struct policy_copy {
	struct policy policy;
	struct policy_copy *next;
};

static int
compare(const void *a, const void *b)
{
	return strcmp(
	    ((const struct owner *)a)->name, ((const struct owner *)b)->name);
}

static struct owner *
find(const struct owners *owners, const char *name)
{
	struct owner key = {.name = name};
	void *found = tfind(&key, &owners->tree, compare);

	return found == NULL ? NULL : *(struct owner **)found;
}

void
owners_start(struct owners *owners)
{
	*owners = (struct owners){0};
	owners->end = &owners->first;
}

struct owner *
owners_get(struct owners *owners, const char *name)
{
	struct owner *owner = find(owners, name);

	if (owner != NULL)
		return owner;
	owner = calloc(1, sizeof(*owner));
	if (owner == NULL)
		return NULL;
	owner->name = pool_intern(&owners->texts, name);
	if (owner->name == NULL ||
	    tsearch(owner, &owners->tree, compare) == NULL) {
		free(owner);
		return NULL;
	}
	*owners->end = owner;
	owners->end = &owner->next;
	return owner;
}

static void
forget_password(struct owner *owner)
{
	if (owner->password != NULL)
		crypto_wipe(owner->password, strlen(owner->password));
	free(owner->password);
	owner->password = NULL;
}

static enum err
cannot_read(const char *path, struct error *why)
{
	return error_set(why, ERR_SYSTEM, "%s: cannot read all of it: %s", path,
	    strerror(errno));
}

/* Keeps what an entry says, of the first one of its name. */
static enum err
keep_passwd(struct owners *owners, const struct passwd *entry)
{
	struct owner *owner = find(owners, entry->pw_name);

	if (owner == NULL || owner->local)
		return ERR_OK;
	owner->local = true;
	owner->uid = entry->pw_uid;
	owner->gid = entry->pw_gid;
	owner->shell = pool_intern(&owners->texts, entry->pw_shell);
	owner->password = strdup(entry->pw_passwd);
	return owner->shell != NULL && owner->password != NULL ? ERR_OK
							       : ERR_NOMEM;
}

static enum err
read_passwd(struct owners *owners, struct error *why)
{
	FILE *file = fopen("/etc/passwd", "re");
	const struct passwd *entry;
	enum err rc = ERR_OK;

	if (file == NULL)
		return cannot_read("/etc/passwd", why);
	while (rc == ERR_OK && (entry = fgetpwent(file)) != NULL)
		rc = keep_passwd(owners, entry);
	if (rc != ERR_OK)
		(void)error_plain(why, rc);
	else if (ferror(file))
		rc = cannot_read("/etc/passwd", why);
	(void)fclose(file);
	return rc;
}

/* Judges an owner by its entries; shadow as in account_judge. */
static void
judge(struct owner *owner, const struct spwd *shadow,
    const struct context *context)
{
	/* account_judge takes an entry as libc fills it, and reads it only. */
	struct passwd entry = {
	    .pw_name = (char *)(uintptr_t)owner->name,
	    .pw_passwd = owner->password,
	    .pw_uid = owner->uid,
	    .pw_gid = owner->gid,
	    .pw_shell = (char *)(uintptr_t)owner->shell,
	};
	struct account account;

	account_judge(
	    &account, &entry, shadow, &context->config.account, context->now);
	forget_password(owner);
	owner->state = account.state;
	if (account.state != ACCOUNT_ENABLED)
		owner->problem = account_reason_name(account.reason);
}

/* Whether the owner was found in /etc/passwd, and is not judged yet. */
static bool
is_pending(const struct owner *owner)
{
	return owner->local && owner->password != NULL;
}

/* Judges those who have a shadow entry. The buffer holds hashes: wiped. */
static enum err
judge_by_shadow(struct owners *owners, FILE *file,
    const struct context *context, char **buf, size_t *size)
{
	struct spwd entry, *found;
	int code;

	for (;;) {
		struct owner *owner;

		code = fgetspent_r(file, &entry, *buf, *size, &found);
		if (code == ERANGE && *size < ENTRY_MAX) {
			crypto_wipe(*buf, *size);
			free(*buf);
			*size *= 2;
			*buf = malloc(*size);
			if (*buf == NULL)
				return ERR_NOMEM;
			continue;
		}
		if (code != 0)
			return code == ENOENT && !ferror(file) ? ERR_OK
							       : ERR_SYSTEM;
		owner = find(owners, found->sp_namp);
		if (owner != NULL && is_pending(owner))
			judge(owner, found, context);
	}
}

static enum err
read_shadow(struct owners *owners, struct context *context)
{
	FILE *file = fopen("/etc/shadow", "re");
	char stream[BUFSIZ];
	size_t size = ENTRY_FIRST;
	char *buf = malloc(size);
	enum err rc = ERR_NOMEM;

	if (file == NULL) {
		free(buf);
		/* A system without it: the name services have the word. */
		return errno == ENOENT
		    ? ERR_OK
		    : cannot_read("/etc/shadow", &context->error);
	}
	(void)setvbuf(file, stream, _IOFBF, sizeof(stream));
	if (buf != NULL)
		rc = judge_by_shadow(owners, file, context, &buf, &size);
	if (rc == ERR_NOMEM)
		(void)error_plain(&context->error, rc);
	else if (rc != ERR_OK)
		(void)cannot_read("/etc/shadow", &context->error);
	(void)fclose(file);
	crypto_wipe(stream, sizeof(stream));
	if (buf != NULL)
		crypto_wipe(buf, size);
	free(buf);
	return rc;
}

/* Asks the name services. */
static void
ask(struct owner *owner, const struct context *context)
{
	struct account account;

	forget_password(owner);
	account_lookup(
	    &account, owner->name, &context->config.account, context->now);
	owner->state = account.state;
	owner->uid = account.uid;
	if (account.state != ACCOUNT_ENABLED)
		owner->problem = account_reason_name(account.reason);
	else if (strcmp(account.name, owner->name) != 0)
		owner->problem = "not the account's name as the system has it";
}

/* Judges whom the files did not say enough of. */
static void
settle(struct owners *owners, const struct context *context, size_t enough)
{
	size_t problems = 0;

	for (struct owner *one = owners->first; one != NULL; one = one->next) {
		if (is_pending(one) && strcmp(one->password, "x") != 0)
			judge(one, NULL, context);
		else if ((is_pending(one) || !one->local) && problems < enough)
			ask(one, context);
		else if (is_pending(one) || !one->local)
			one->problem = "not looked up, after so many others";
		if (one->problem != NULL)
			problems++;
	}
}

struct member_call {
	const struct groups *groups;
	const struct owner *owner;
};

static enum err
is_in_group(const char *user, const char *group, bool *is_member, void *arg)
{
	const struct member_call *call = arg;
	enum err rc = ERR_NOT_FOUND;

	if (call->owner->local)
		rc = groups_has(
		    call->groups, group, user, call->owner->gid, is_member);
	return rc == ERR_NOT_FOUND ? account_in_group(user, group, is_member)
				   : rc;
}

static bool
is_same(const struct policy *a, const struct policy *b)
{
	return a->max_tokens == b->max_tokens && a->keep_dead == b->keep_dead &&
	    a->default_expiry == b->default_expiry &&
	    a->max_expiry == b->max_expiry &&
	    strcmp(a->services, b->services) == 0;
}

/* A copy of the policy that stays; NULL without memory. */
static const struct policy *
keep_policy(struct owners *owners, const struct policy *policy)
{
	struct policy_copy *copy = owners->policies;

	while (copy != NULL && !is_same(&copy->policy, policy))
		copy = copy->next;
	if (copy != NULL)
		return &copy->policy;
	copy = malloc(sizeof(*copy));
	if (copy == NULL)
		return NULL;
	copy->policy = *policy;
	copy->next = owners->policies;
	owners->policies = copy;
	return &copy->policy;
}

static enum err
set_policies(struct owners *owners, struct context *context)
{
	const struct config *config = &context->config;
	struct groups groups;
	enum err rc = groups_read(&groups, config, &context->error);

	for (struct owner *one = owners->first; one != NULL && rc == ERR_OK;
	     one = one->next) {
		struct member_call call = {&groups, one};
		struct policy policy;

		one->policy = &config->policy;
		if (one->problem != NULL || config->exceptions == NULL)
			continue;
		rc = policy_for_member(config, one->name, is_in_group, &call,
		    &policy, &context->error);
		if (rc != ERR_OK)
			break;
		one->policy = keep_policy(owners, &policy);
		if (one->policy == NULL)
			rc = error_plain(&context->error, ERR_NOMEM);
	}
	groups_free(&groups);
	return rc;
}

enum err
owners_look_up(struct owners *owners, struct context *context, size_t enough)
{
	enum err rc = read_passwd(owners, &context->error);

	if (rc == ERR_OK)
		rc = read_shadow(owners, context);
	if (rc != ERR_OK)
		return rc;
	settle(owners, context, enough);
	return set_policies(owners, context);
}

/* An owner is freed by way of the list. */
static void
keep(void *owner)
{
	(void)owner;
}

void
owners_free(struct owners *owners)
{
	tdestroy(owners->tree, keep);
	while (owners->first != NULL) {
		struct owner *next = owners->first->next;

		forget_password(owners->first);
		free(owners->first);
		owners->first = next;
	}
	while (owners->policies != NULL) {
		struct policy_copy *next = owners->policies->next;

		free(owners->policies);
		owners->policies = next;
	}
	pool_free(&owners->texts);
}
