#include "doctor/proftpd_config.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "doctor/config_walk.h"

#define BLANKS " \t\r\n"

struct search {
	const char *name;
	struct setting *setting;
	char *values; /* may be NULL */
	bool is_found;
};

static void
visit(char *line, const char *file, size_t number, void *arg)
{
	struct search *search = arg;
	struct setting *setting = search->setting;
	char *rest = NULL;
	const char *word = strtok_r(line, BLANKS, &rest);
	const char *value;

	if (word == NULL || strcasecmp(word, search->name) != 0)
		return;
	if (search->values != NULL)
		(void)snprintf(search->values, PROFTPD_VALUES_SIZE, "%s", rest);
	value = strtok_r(NULL, BLANKS "\"", &rest);
	if (value == NULL)
		return;
	search->is_found = true;
	(void)snprintf(setting->file, sizeof(setting->file), "%s", file);
	setting->number = number;
	(void)snprintf(setting->value, sizeof(setting->value), "%s", value);
}

bool
proftpd_config_read(
    const char *name, struct setting *setting, char values[PROFTPD_VALUES_SIZE])
{
	struct search search = {
	    .name = name, .setting = setting, .values = values};

	*setting = (struct setting){0};
	config_walk(PROFTPD_CONFIG, visit, &search);
	return search.is_found;
}

bool
proftpd_config_find(const char *name, struct setting *setting)
{
	return proftpd_config_read(name, setting, NULL);
}

bool
proftpd_config_is_off(const char *name, struct setting *setting)
{
	return proftpd_config_find(name, setting) &&
	    (strcasecmp(setting->value, "off") == 0 ||
		strcasecmp(setting->value, "no") == 0 ||
		strcasecmp(setting->value, "false") == 0 ||
		strcmp(setting->value, "0") == 0);
}
