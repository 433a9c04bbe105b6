#include "login/module_options.h"

#include <string.h>

#include "base/list.h"
#include "base/parse.h"
#include "login/verdict.h"

/* The value of an argument that begins with name and `=`, or NULL. */
static const char *
value_of(const char *argument, const char *name)
{
	size_t len = strlen(name);

	if (strncmp(argument, name, len) != 0 || argument[len] != '=')
		return NULL;
	return argument + len + 1;
}

static enum err
set_config(struct module_options *options, const char *value, struct error *why)
{
	if (options->config != NULL)
		return error_set(
		    why, ERR_CONFIG, "module option config= given twice");
	if (value[0] != '/')
		return error_set(why, ERR_CONFIG,
		    "module option config=%s: not an absolute path", value);
	options->config = value;
	return ERR_OK;
}

static enum err
set_need(struct module_options *options, const char *value, struct error *why)
{
	char bad[LIST_WORD_MAX + 1];

	if (options->need[0] != '\0')
		return error_set(
		    why, ERR_CONFIG, "module option need= given twice");
	if (!list_parse(value, parse_is_scope, options->need,
		sizeof(options->need), bad))
		return error_set(why, ERR_CONFIG,
		    "module option need=%s: not a list of scopes", value);
	return ERR_OK;
}

static enum err
set_confine(
    struct module_options *options, const char *value, struct error *why)
{
	if (options->confine != CONFINE_NEVER)
		return error_set(
		    why, ERR_CONFIG, "module option confine= given twice");
	if (strcmp(value, "child") == 0)
		options->confine = CONFINE_CHILD;
	else if (strcmp(value, "process") == 0)
		options->confine = CONFINE_PROCESS;
	else
		return error_set(why, ERR_CONFIG,
		    "module option confine=%s: neither child nor process",
		    value);
	return ERR_OK;
}

static enum err
set_option(
    struct module_options *options, const char *argument, struct error *why)
{
	const char *value;

	if (strcmp(argument, "debug") == 0) {
		options->debug = true;
		return ERR_OK;
	}
	value = value_of(argument, "config");
	if (value != NULL)
		return set_config(options, value, why);
	value = value_of(argument, "need");
	if (value != NULL)
		return set_need(options, value, why);
	value = value_of(argument, "confine");
	if (value != NULL)
		return set_confine(options, value, why);
	return error_set(
	    why, ERR_CONFIG, "module option %s: not known", argument);
}

enum err
module_options_parse(struct module_options *options, int argc,
    const char *const *argv, struct error *why)
{
	enum err rc = ERR_OK;

	*options = (struct module_options){0};
	for (int i = 0; i < argc && rc == ERR_OK; i++)
		rc = set_option(options, argv[i], why);
	if (options->need[0] == '\0')
		strcpy(options->need, VERDICT_DEFAULT_NEED);
	return rc;
}
