#include "pamconf.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "parse.h"

#define MODULE "pam_apitoken.so"
#define DEPTH_MAX 8 /* of files that include each other */
#define BLANKS " \t\r\n"

/* Where libpam looks for a service, the first that has it. */
static const char *const PLACES[] = {"/etc/pam.d", "/usr/lib/pam.d"};

static bool
find_stack(const char *service, char *path, size_t size)
{
	for (size_t i = 0; i < sizeof(PLACES) / sizeof(PLACES[0]); i++) {
		(void)snprintf(path, size, "%s/%s", PLACES[i], service);
		if (access(path, F_OK) == 0)
			return true;
	}
	return false;
}

bool
pamconf_has_stack(const char *service)
{
	char path[PARSE_SERVICE_MAX + 64];

	return find_stack(service, path, sizeof(path));
}

static bool takes_tokens(const char *service, unsigned depth);

/* The file that a line includes: `@include F`, or `TYPE include F`. */
static bool
includes_module(char *line, unsigned depth)
{
	char *rest = NULL, *word = strtok_r(line, BLANKS, &rest);
	bool names_file = false;

	for (; word != NULL; word = strtok_r(NULL, BLANKS, &rest)) {
		const char *slash = strrchr(word, '/');

		if (names_file)
			return takes_tokens(word, depth + 1);
		if (strcmp(slash == NULL ? word : slash + 1, MODULE) == 0)
			return true;
		names_file = strcmp(word, "@include") == 0 ||
		    strcmp(word, "include") == 0 ||
		    strcmp(word, "substack") == 0;
	}
	return false;
}

static bool
takes_tokens(const char *service, unsigned depth)
{
	char path[512], *line = NULL;
	size_t size = 0;
	bool found = false;
	FILE *file;

	if (depth > DEPTH_MAX || !find_stack(service, path, sizeof(path)))
		return false;
	file = fopen(path, "re");
	if (file == NULL)
		return false;
	while (!found && getline(&line, &size, file) >= 0) {
		line[strcspn(line, "#")] = '\0';
		found = includes_module(line, depth);
	}
	free(line);
	(void)fclose(file);
	return found;
}

/* Files that others include are no services, whatever stands in them. */
static int
is_service(const struct dirent *entry)
{
	return parse_is_service(entry->d_name) &&
	    strncmp(entry->d_name, "common-", 7) != 0 &&
	    takes_tokens(entry->d_name, 0);
}

void
pamconf_services(char list[RECORD_SERVICES_MAX + 1])
{
	struct dirent **entries = NULL;
	int count = scandir(PLACES[0], &entries, is_service, alphasort);
	size_t len = 0;

	list[0] = '\0';
	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;

		if (len + strlen(name) + 2 <= RECORD_SERVICES_MAX + 1) {
			if (len > 0)
				list[len++] = ',';
			strcpy(list + len, name);
			len += strlen(name);
		}
		free(entries[i]);
	}
	free(entries);
}
