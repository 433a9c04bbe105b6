#include "pam/pamconf.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/parse.h"
#include "config/config.h"
#include "pam/own_lines.h"
#include "pam/pamstack.h"

#define PATH_SIZE (PARSE_SERVICE_MAX + 64)

bool
pamconf_has_stack(const char *service)
{
	char path[PATH_SIZE];

	return pamstack_find(&pamstack_system, service, path, sizeof(path));
}

bool
pamconf_takes_tokens(const char *service)
{
	struct pamstack stack;
	bool takes = pamstack_read(&stack, service, NULL, NULL) == ERR_OK &&
	    stack.has_file && own_lines_are_there(&stack) &&
	    strcmp(service, CONFIG_OWN_SERVICE) != 0;

	pamstack_free(&stack);
	return takes;
}

bool
pamconf_find_program(const char *service, char path[PATH_MAX])
{
	char name[PATH_SIZE];

	(void)snprintf(name, sizeof(name), "/usr/sbin/%s", service);
	return realpath(name, path) != NULL;
}

/* Skips files that others include, and leftovers of packages and editors. */
static int
is_service(const struct dirent *entry)
{
	const char *name = entry->d_name;

	return parse_is_service(name) && strncmp(name, "common-", 7) != 0 &&
	    strcmp(name, PAMSTACK_DEFAULT) != 0 &&
	    strstr(name, ".dpkg-") == NULL && strstr(name, ".rpm") == NULL &&
	    strstr(name, ".pam-") == NULL;
}

/* Whether libpam takes the file from this directory. */
static bool
is_taken_from(const char *directory, const char *service)
{
	size_t len = strlen(directory);
	char path[PATH_SIZE];

	return pamstack_find(&pamstack_system, service, path, sizeof(path)) &&
	    strncmp(path, directory, len) == 0 && path[len] == '/';
}

void
pamconf_each(pamconf_visitor *visit, void *arg)
{
	const char *const *directories = pamstack_system.directories;

	for (size_t i = 0; i < PAMSTACK_PLACES; i++) {
		struct dirent **entries = NULL;
		int count = scandir(
		    directories[i], &entries, is_service, alphasort);

		for (int j = 0; j < count; j++) {
			if (is_taken_from(directories[i], entries[j]->d_name))
				visit(entries[j]->d_name, arg);
			free(entries[j]);
		}
		free(entries);
	}
}

static void
add_service(const char *name, void *arg)
{
	char *list = arg;
	size_t len = strlen(list);

	if (!pamconf_takes_tokens(name) ||
	    len + strlen(name) + 2 > RECORD_SERVICES_MAX + 1)
		return;
	if (len > 0)
		list[len++] = ',';
	strcpy(list + len, name);
}

void
pamconf_services(char list[RECORD_SERVICES_MAX + 1])
{
	list[0] = '\0';
	pamconf_each(add_service, list);
}
