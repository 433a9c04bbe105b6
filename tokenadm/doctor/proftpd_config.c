#include "doctor/proftpd_config.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "doctor/config_walk.h"

#define BLANKS " \t\r\n"

struct search {
	const char *name;
	struct setting *setting;
	bool is_found;
};

static void
visit(char *line, const char *file, size_t number, void *arg)
{
	struct search *search = arg;
	struct setting *setting = search->setting;
	char *rest = NULL;
	const char *word = strtok_r(line, BLANKS, &rest);
	const char *value = strtok_r(NULL, BLANKS "\"", &rest);

	if (word == NULL || value == NULL ||
	    strcasecmp(word, search->name) != 0)
		return;
	search->is_found = true;
	(void)snprintf(setting->file, sizeof(setting->file), "%s", file);
	setting->number = number;
	(void)snprintf(setting->value, sizeof(setting->value), "%s", value);
}

bool
proftpd_config_find(const char *name, struct setting *setting)
{
	struct search search = {.name = name, .setting = setting};

	*setting = (struct setting){0};
	config_walk(PROFTPD_CONFIG, visit, &search);
	return search.is_found;
}
