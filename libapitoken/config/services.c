#include "config/services.h"

#include <stdlib.h>
#include <string.h>

struct service_group {
	struct service_group *next;
	char *name;
	char *list;
};

static void
free_group(struct service_group *group)
{
	free(group->name);
	free(group->list);
	free(group);
}

enum err
services_add(struct service_group **groups, const char *name, const char *list)
{
	struct service_group *fresh;

	for (; *groups != NULL; groups = &(*groups)->next) {
		if (strcmp((*groups)->name, name) == 0)
			return ERR_EXISTS;
	}
	fresh = calloc(1, sizeof(*fresh));
	if (fresh == NULL)
		return ERR_NOMEM;
	fresh->name = strdup(name);
	fresh->list = strdup(list);
	if (fresh->name == NULL || fresh->list == NULL) {
		free_group(fresh);
		return ERR_NOMEM;
	}
	*groups = fresh;
	return ERR_OK;
}

void
services_free(struct service_group **groups)
{
	while (*groups != NULL) {
		struct service_group *next = (*groups)->next;

		free_group(*groups);
		*groups = next;
	}
}

const char *
services_of_group(const struct service_group *groups, const char *group)
{
	for (; groups != NULL; groups = groups->next) {
		if (strcmp(groups->name, group + 1) == 0)
			return groups->list;
	}
	return NULL;
}

bool
services_include(
    const struct service_group *groups, const char *list, const char *service)
{
	char word[LIST_WORD_MAX + 1];

	if (list_has(list, "any") || list_has(list, service))
		return true;
	while (list_next(&list, word)) {
		const char *members = word[0] == '@'
		    ? services_of_group(groups, word)
		    : NULL;

		if (members != NULL && list_has(members, service))
			return true;
	}
	return false;
}

bool
services_allowed(const struct service_group *groups, const char *allowed,
    const char *list, char bad[LIST_WORD_MAX + 1])
{
	if (list_has(allowed, "any"))
		return true;
	while (list_next(&list, bad)) {
		const char *members = bad[0] == '@'
		    ? services_of_group(groups, bad)
		    : NULL;
		char inner[LIST_WORD_MAX + 1];

		/* A group may be allowed by name, or member by member. */
		if (list_has(allowed, bad) ||
		    (bad[0] != '@' && services_include(groups, allowed, bad)))
			continue;
		if (members == NULL ||
		    !services_allowed(groups, allowed, members, inner))
			return false;
	}
	return true;
}

void
services_each(
    const struct service_group *groups, services_visitor *visit, void *arg)
{
	for (; groups != NULL; groups = groups->next)
		visit(groups->name, arg);
}

bool
services_are_known(const struct service_group *groups, const char *list,
    char bad[LIST_WORD_MAX + 1])
{
	while (list_next(&list, bad)) {
		if (bad[0] == '@' && services_of_group(groups, bad) == NULL)
			return false;
	}
	return true;
}
