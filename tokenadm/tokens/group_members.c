#include "tokens/group_members.h"

#include <errno.h>
#include <grp.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct group_members {
	struct group_members *next;
	const char *name; /* the config's */
	bool is_local;    /* in /etc/group */
	gid_t gid;
	void *members; /* tree of names */
};

static int
compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

static struct group_members *
find(const struct groups *groups, const char *name)
{
	struct group_members *one = groups->list;

	while (one != NULL && strcmp(one->name, name) != 0)
		one = one->next;
	return one;
}

/* Lists a group, unless it is or there is none. */
static enum err
list_group(struct groups *groups, const char *name)
{
	struct group_members *fresh;

	if (name[0] == '\0' || find(groups, name) != NULL)
		return ERR_OK;
	fresh = calloc(1, sizeof(*fresh));
	if (fresh == NULL)
		return ERR_NOMEM;
	fresh->name = name;
	fresh->next = groups->list;
	groups->list = fresh;
	return ERR_OK;
}

/* Lists the groups that have policies, and those that policies require. */
static enum err
list_groups(struct groups *groups, const struct config *config)
{
	const struct policy_exception *one = config->exceptions;
	enum err rc = list_group(groups, config->policy.require_group);

	for (; rc == ERR_OK && one != NULL; one = one->next) {
		if (one->who[0] == '@')
			rc = list_group(groups, one->who + 1);
		if (rc == ERR_OK)
			rc = list_group(groups, one->policy.require_group);
	}
	return rc;
}

static enum err
add_members(struct groups *groups, const struct group *entry)
{
	struct group_members *one = find(groups, entry->gr_name);

	/* The first line with the name wins. */
	if (one == NULL || one->is_local)
		return ERR_OK;
	one->is_local = true;
	one->gid = entry->gr_gid;
	for (char **member = entry->gr_mem; *member != NULL; member++) {
		const char *name = pool_intern(&groups->names, *member);

		if (name == NULL ||
		    tsearch(name, &one->members, compare) == NULL)
			return ERR_NOMEM;
	}
	return ERR_OK;
}

enum err
group_members_read(
    struct groups *groups, const struct config *config, struct error *why)
{
	const struct group *entry;
	enum err rc;
	FILE *file;

	*groups = (struct groups){0};
	rc = list_groups(groups, config);
	if (rc != ERR_OK)
		return error_plain(why, rc);
	if (groups->list == NULL)
		return ERR_OK;
	file = fopen("/etc/group", "re");
	if (file == NULL)
		return error_set(why, ERR_SYSTEM, "/etc/group: cannot open: %s",
		    strerror(errno));
	while (rc == ERR_OK && (entry = fgetgrent(file)) != NULL)
		rc = add_members(groups, entry);
	if (rc != ERR_OK)
		(void)error_plain(why, rc);
	else if (ferror(file))
		rc = error_set(
		    why, ERR_SYSTEM, "/etc/group: cannot read all of it");
	(void)fclose(file);
	return rc;
}

enum err
group_members_has(const struct groups *groups, const char *group,
    const struct account_set_entry *user, bool *is_member)
{
	const struct group_members *one = find(groups, group);

	if (one == NULL || !one->is_local || !user->local || user->damaged)
		return ERR_NOT_FOUND;
	*is_member = user->gid == one->gid ||
	    tfind(user->name, &one->members, compare) != NULL;
	return ERR_OK;
}

/* The pool owns the names. */
static void
keep(void *name)
{
	(void)name;
}

void
group_members_free(struct groups *groups)
{
	while (groups->list != NULL) {
		struct group_members *next = groups->list->next;

		tdestroy(groups->list->members, keep);
		free(groups->list);
		groups->list = next;
	}
	pool_free(&groups->names);
}
