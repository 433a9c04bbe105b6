#include "config/config.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/list.h"
#include "base/parse.h"
#include "base/safe_file.h"
#include "config/config_keys.h"
#include "config/config_values.h"
#include "config/ini.h"

#define FILE_MAX (64 * 1024)
#define SERVICES_SECTION "services"

/* What the parser fills, and its position. */
struct filling {
	struct config *config;
	char section[32];
	uint64_t seen;                      /* a bit for each key */
	struct policy_exception *exception; /* whose section this is, if any */
	struct preset *preset;              /* likewise */
};

/* Sets the key with this number, in the config or in an exception. */
static enum err
set_key(struct ini *ini, size_t number, const char *key, const char *value)
{
	struct filling *filling = ini->arg;
	struct policy_exception *exception = filling->exception;
	uint64_t *seen = exception != NULL ? &exception->given : &filling->seen;
	uint64_t bit = UINT64_C(1) << number;

	if ((*seen & bit) != 0)
		return ini_error(ini, "set twice", key);
	*seen |= bit;
	if (exception != NULL)
		return config_keys_set_policy(
		    ini, number, &exception->policy, value);
	return config_keys_set(ini, number, filling->config, value);
}

void
config_apply(const struct policy_exception *exception, struct policy *policy)
{
	for (size_t i = 0; i < CONFIG_KEYS_MAX; i++) {
		if ((exception->given & UINT64_C(1) << i) != 0)
			config_keys_copy_policy(i, &exception->policy, policy);
	}
}

/* [policy WHO] */
static enum err
add_exception(struct ini *ini, const char *who)
{
	struct filling *filling = ini->arg;
	struct policy_exception **end = &filling->config->exceptions;
	struct policy_exception *fresh;

	if (!parse_is_printable(who, RECORD_USER_MAX) ||
	    strcmp(who, "@") == 0 || strpbrk(who, " /") != NULL)
		return ini_error(ini, "neither a user nor @ and a group", who);
	for (; *end != NULL; end = &(*end)->next) {
		if (strcmp((*end)->who, who) == 0)
			return ini_error(ini, "a second section for", who);
	}
	fresh = calloc(1, sizeof(*fresh));
	if (fresh == NULL)
		return error_plain(ini->why, ERR_NOMEM);
	strcpy(fresh->who, who);
	*end = fresh;
	filling->exception = fresh;
	return ERR_OK;
}

static enum err
take_section(struct ini *ini, const char *name)
{
	struct filling *filling = ini->arg;

	filling->exception = NULL;
	filling->preset = NULL;
	if (strncmp(name, "policy ", 7) == 0) {
		strcpy(filling->section, "policy");
		return add_exception(ini, name + 7 + strspn(name + 7, " "));
	}
	if (strncmp(name, "preset ", 7) == 0) {
		strcpy(filling->section, "preset");
		return presets_add(ini, &filling->config->presets,
		    name + 7 + strspn(name + 7, " "), &filling->preset);
	}
	if (strcmp(name, SERVICES_SECTION) == 0) {
		strcpy(filling->section, name);
		return ERR_OK;
	}
	if (!config_keys_has_section(name))
		return ini_error(ini, "unknown section", name);
	strcpy(filling->section, name);
	return ERR_OK;
}

/* A line of [services]: `mail = imap, pop3`. */
static enum err
add_group(struct ini *ini, const char *name, const char *value)
{
	struct filling *filling = ini->arg;
	char list[RECORD_SERVICES_MAX + 1];
	enum err rc;

	if (!parse_is_service(name) || strcmp(name, "any") == 0)
		return ini_error(ini, "not a name for a group", name);
	rc = config_value_services(ini, list, value, parse_is_service);
	if (rc != ERR_OK)
		return rc;
	if (list_has(list, "any"))
		return ini_error(ini, "a group cannot contain any", "");
	rc = services_add(&filling->config->groups, name, list);
	if (rc == ERR_EXISTS)
		return ini_error(ini, "set twice", name);
	return rc == ERR_OK ? rc : error_plain(ini->why, rc);
}

static enum err
take_key(struct ini *ini, const char *key, const char *value)
{
	const struct filling *filling = ini->arg;
	size_t number = config_keys_find(filling->section, key);

	if (number == CONFIG_KEYS_MAX)
		return ini_error(ini, "unknown key", key);
	return set_key(ini, number, key, value);
}

/* Keeps the first error for who asks for a fleet. */
static enum err
take_fleet_key(struct ini *ini, const char *key, const char *value)
{
	struct filling *filling = ini->arg;
	struct error *kept = &filling->config->fleet_error, *why = ini->why;
	struct error cause = {""};
	enum err rc;

	ini->why = &cause;
	rc = take_key(ini, key, value);
	ini->why = why;
	if (rc != ERR_OK && kept->text[0] == '\0')
		*kept = cause;
	return ERR_OK;
}

static enum err
take_setting(struct ini *ini, const char *key, const char *value)
{
	const struct filling *filling = ini->arg;

	if (filling->section[0] == '\0')
		return ini_error(ini, "before the first [section]", key);
	if (strcmp(filling->section, SERVICES_SECTION) == 0)
		return add_group(ini, key, value);
	if (filling->preset != NULL)
		return preset_set(ini, filling->preset, key, value);
	if (strcmp(filling->section, "fleet") == 0 ||
	    strcmp(filling->section, "etcd") == 0)
		return take_fleet_key(ini, key, value);
	return take_key(ini, key, value);
}

/* Groups may be defined after the policies that name them. */
static enum err
check_groups(const struct config *config, const struct ini *ini)
{
	const struct policy_exception *one = config->exceptions;
	const char *list = config->policy.services;
	char bad[LIST_WORD_MAX + 1];

	while (services_are_known(config->groups, list, bad)) {
		if (one == NULL)
			return ERR_OK;
		list = one->policy.services;
		one = one->next;
	}
	return ini_error(ini, "no such group in [services]", bad);
}

/*
 * `any` would include services that never call the hooks that confine a
 * session.
 */
static enum err
check_confine(const struct config *config, const struct ini *ini)
{
	char bad[LIST_WORD_MAX + 1];

	if (list_has(config->confine.services, "any"))
		return ini_error(ini, "not a service for [confine]", "any");
	if (!services_are_known(config->groups, config->confine.services, bad))
		return ini_error(ini, "no such group in [services]", bad);
	return ERR_OK;
}

static enum err
parse(struct config *config, const char *text, size_t len, const char *name,
    struct error *why)
{
	struct filling filling = {.config = config};
	struct ini ini = {
	    .name = name,
	    .why = why,
	    .section = take_section,
	    .setting = take_setting,
	    .arg = &filling,
	};
	enum err rc;

	config_keys_default(config);
	rc = ini_parse(&ini, text, len);
	if (rc == ERR_OK)
		rc = check_groups(config, &ini);
	if (rc == ERR_OK)
		rc = check_confine(config, &ini);
	/* Last, since it names their lines. */
	return rc == ERR_OK
	    ? presets_check(&ini, config->presets, config->groups)
	    : rc;
}

/* What is wrong with a fleet is everybody's matter. */
static enum err
check_fleet(const struct config *config, struct error *why)
{
	return config->fleet_error.text[0] == '\0'
	    ? ERR_OK
	    : error_set(why, ERR_CONFIG, "%s", config->fleet_error.text);
}

enum err
config_parse(struct config *config, const char *text, size_t len,
    const char *name, struct error *why)
{
	enum err rc = parse(config, text, len, name, why);

	return rc == ERR_OK ? check_fleet(config, why) : rc;
}

void
config_free(struct config *config)
{
	while (config->exceptions != NULL) {
		struct policy_exception *next = config->exceptions->next;

		free(config->exceptions);
		config->exceptions = next;
	}
	services_free(&config->groups);
	presets_free(&config->presets);
	door_callers_free(&config->door.callers);
}

const char *
config_file_name(const char *path)
{
	return path != NULL ? path : CONFIG_FILE;
}

enum err
config_read_for_login(
    struct config *config, const char *path, struct error *why)
{
	const char *name = config_file_name(path);
	/* Not on the stack, since a host's threads may have little. */
	char *text = NULL;
	size_t len = 0;
	int fd = -1;
	enum err rc;

	config_keys_default(config);
	rc = safe_open(name, O_RDONLY, SAFE_READABLE, &fd, why);
	if (rc == ERR_MISSING && path == NULL)
		return ERR_OK;
	if (rc != ERR_OK)
		return rc;
	text = malloc(FILE_MAX);
	if (text == NULL) {
		rc = error_plain(why, ERR_NOMEM);
		goto out;
	}
	rc = safe_read(fd, name, text, FILE_MAX, &len, why);
	if (rc != ERR_OK)
		goto out;
	if (len > FILE_MAX)
		rc = error_set(why, ERR_CONFIG, "%s: larger than %d bytes",
		    name, FILE_MAX);
	else
		rc = parse(config, text, len, name, why);
out:
	free(text);
	(void)close(fd);
	return rc;
}

enum err
config_read(struct config *config, const char *path, struct error *why)
{
	enum err rc = config_read_for_login(config, path, why);

	return rc == ERR_OK ? check_fleet(config, why) : rc;
}
