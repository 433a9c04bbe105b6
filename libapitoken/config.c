#include "config.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ini.h"
#include "list.h"
#include "parse.h"
#include "safe.h"

#define FILE_MAX (64 * 1024)
#define SERVICES_SECTION "services"

enum kind {
	KIND_PATH,     /* absolute */
	KIND_NUMBER,   /* from least to most */
	KIND_SECONDS,  /* a duration from least to most */
	KIND_EXPIRY,   /* a duration of at least a second, or never */
	KIND_SERVICES, /* a list of services, or any */
	KIND_CHOICE,   /* one of two words: false or true */
};

struct setting {
	const char *section, *key;
	enum kind kind;
	size_t offset;
	uint64_t least, most;
	const char *words[2]; /* of a choice: for false and for true */
};

#define AT(member) offsetof(struct config, member)

/* Every key there is; apitoken.conf(5) describes each. */
static const struct setting SETTINGS[] = {
    {"store", "directory", KIND_PATH, AT(directory), 0, 0, {0}},
    {"store", "key", KIND_PATH, AT(key), 0, 0, {0}},
    {"store", "lock_timeout", KIND_SECONDS, AT(lock_timeout), 1, 60, {0}},
    {"policy", "max_tokens", KIND_NUMBER, AT(policy.max_tokens), 0, 10000, {0}},
    {"policy", "keep_dead", KIND_NUMBER, AT(policy.keep_dead), 0, 10000, {0}},
    {"policy", "default_expiry", KIND_EXPIRY, AT(policy.default_expiry), 0, 0,
	{0}},
    {"policy", "max_expiry", KIND_EXPIRY, AT(policy.max_expiry), 0, 0, {0}},
    {"policy", "services", KIND_SERVICES, AT(policy.services), 0, 0, {0}},
    {"account", "locked_password", KIND_CHOICE, AT(account.ignore_locked), 0, 0,
	{"disabled", "ignore"}},
    {"account", "no_password", KIND_CHOICE, AT(account.require_password), 0, 0,
	{"enabled", "disabled"}},
    {"account", "root", KIND_CHOICE, AT(account.allow_root), 0, 0,
	{"disabled", "enabled"}},
    {"account", "shell", KIND_CHOICE, AT(account.require_shell), 0, 0,
	{"ignore", "disabled"}},
};

#define SETTING_COUNT (sizeof(SETTINGS) / sizeof(SETTINGS[0]))

/* What the parser fills, and where it stands in it. */
struct filling {
	struct config *config;
	char section[32];
	bool seen[SETTING_COUNT];
	struct policy_exception *exception; /* whose section this is, if any */
};

/* The bytes of the member that a setting sets. */
static size_t
member_size(const struct setting *setting)
{
	switch (setting->kind) {
	case KIND_PATH:
		return CONFIG_PATH_MAX + 1;
	case KIND_SERVICES:
		return RECORD_SERVICES_MAX + 1;
	case KIND_CHOICE:
		return sizeof(bool);
	default:
		return sizeof(uint64_t);
	}
}

static const struct config DEFAULTS = {
    .directory = LOCALSTATEDIR "/lib/apitoken",
    .key = SYSCONFDIR "/apitoken/key",
    .lock_timeout = 5,
    .policy =
	{
	    .max_tokens = 10,
	    .keep_dead = 32,
	    .default_expiry = INT64_C(90) * 24 * 60 * 60,
	    .max_expiry = TIME_NEVER,
	    .services = "any",
	},
};

static enum err
set_path(const struct ini *ini, char *path, const char *value)
{
	if (value[0] != '/')
		return ini_error(ini, "not an absolute path", value);
	if (strlen(value) > CONFIG_PATH_MAX)
		return ini_error(ini, "the path is too long", "");
	strcpy(path, value);
	return ERR_OK;
}

static enum err
set_number(const struct ini *ini, const struct setting *setting, void *member,
    const char *value)
{
	uint64_t number;

	if (!parse_number(value, setting->most, &number) ||
	    number < setting->least)
		return ini_error(ini, "not a number in range", value);
	memcpy(member, &number, sizeof(number));
	return ERR_OK;
}

static enum err
set_seconds(const struct ini *ini, const struct setting *setting, void *member,
    const char *value)
{
	bool is_expiry = setting->kind == KIND_EXPIRY;
	int64_t least = is_expiry ? 1 : (int64_t)setting->least;
	int64_t most = is_expiry ? TIME_NEVER : (int64_t)setting->most;
	int64_t seconds = TIME_NEVER;

	if (!(is_expiry && strcmp(value, "never") == 0) &&
	    !parse_duration(value, &seconds))
		return ini_error(ini, "not a duration, such as 90d", value);
	if (seconds < least || seconds > most)
		return ini_error(ini, "out of range", value);
	memcpy(member, &seconds, sizeof(seconds));
	return ERR_OK;
}

static enum err
set_services(const struct ini *ini, char *list, const char *value,
    bool (*is_valid)(const char *word))
{
	char bad[LIST_WORD_MAX + 1];

	if (!list_parse(value, is_valid, list, RECORD_SERVICES_MAX + 1, bad))
		return ini_error(ini, "not a list of services", bad);
	return ERR_OK;
}

static enum err
set_choice(const struct ini *ini, const struct setting *setting, bool *member,
    const char *value)
{
	char expected[64];

	for (int i = 0; i < 2; i++) {
		if (strcmp(value, setting->words[i]) == 0) {
			*member = i == 1;
			return ERR_OK;
		}
	}
	(void)snprintf(expected, sizeof(expected), "%s is %s or %s",
	    setting->key, setting->words[0], setting->words[1]);
	return ini_error(ini, expected, value);
}

static enum err
set_value(struct ini *ini, const struct setting *setting, void *member,
    const char *value)
{
	switch (setting->kind) {
	case KIND_PATH:
		return set_path(ini, member, value);
	case KIND_NUMBER:
		return set_number(ini, setting, member, value);
	case KIND_SECONDS:
	case KIND_EXPIRY:
		return set_seconds(ini, setting, member, value);
	case KIND_SERVICES:
		return set_services(
		    ini, member, value, parse_is_service_or_group);
	case KIND_CHOICE:
		return set_choice(ini, setting, member, value);
	}
	return ERR_INTERNAL;
}

/* Where a member of the config's policy lies in the policy itself. */
static size_t
policy_offset(const struct setting *setting)
{
	return setting->offset - AT(policy);
}

/* Sets the key with this number, in the config or in an exception. */
static enum err
set_key(struct ini *ini, size_t number, const char *value)
{
	const struct setting *setting = &SETTINGS[number];
	struct filling *filling = ini->arg;
	struct policy_exception *exception = filling->exception;
	uint32_t bit = UINT32_C(1) << number;

	if (exception != NULL ? (exception->given & bit) != 0
			      : filling->seen[number])
		return ini_error(ini, "set twice", setting->key);
	if (exception == NULL) {
		filling->seen[number] = true;
		return set_value(ini, setting,
		    (char *)filling->config + setting->offset, value);
	}
	exception->given |= bit;
	return set_value(ini, setting,
	    (char *)&exception->policy + policy_offset(setting), value);
}

void
config_apply(const struct policy_exception *exception, struct policy *policy)
{
	const char *from = (const char *)&exception->policy;

	for (size_t i = 0; i < SETTING_COUNT; i++) {
		size_t offset = policy_offset(&SETTINGS[i]);

		if ((exception->given & UINT32_C(1) << i) != 0)
			memcpy((char *)policy + offset, from + offset,
			    member_size(&SETTINGS[i]));
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
		return ini_error(ini, "not a user, nor @ and a group", who);
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
	if (strncmp(name, "policy ", 7) == 0) {
		strcpy(filling->section, "policy");
		return add_exception(ini, name + 7 + strspn(name + 7, " "));
	}
	if (strcmp(name, SERVICES_SECTION) == 0) {
		strcpy(filling->section, name);
		return ERR_OK;
	}
	for (size_t i = 0; i < SETTING_COUNT; i++) {
		if (strcmp(SETTINGS[i].section, name) == 0) {
			strcpy(filling->section, name);
			return ERR_OK;
		}
	}
	return ini_error(ini, "unknown section", name);
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
	rc = set_services(ini, list, value, parse_is_service);
	if (rc != ERR_OK)
		return rc;
	if (list_has(list, "any"))
		return ini_error(ini, "a group cannot hold any", "");
	rc = services_add(&filling->config->groups, name, list);
	if (rc == ERR_EXISTS)
		return ini_error(ini, "set twice", name);
	return rc == ERR_OK ? rc : error_plain(ini->why, rc);
}

static enum err
take_setting(struct ini *ini, const char *key, const char *value)
{
	struct filling *filling = ini->arg;

	if (filling->section[0] == '\0')
		return ini_error(ini, "before the first [section]", key);
	if (strcmp(filling->section, SERVICES_SECTION) == 0)
		return add_group(ini, key, value);
	for (size_t i = 0; i < SETTING_COUNT; i++) {
		if (strcmp(SETTINGS[i].section, filling->section) == 0 &&
		    strcmp(SETTINGS[i].key, key) == 0)
			return set_key(ini, i, value);
	}
	return ini_error(ini, "unknown key", key);
}

/* Groups may be defined behind the policies that name them. */
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

enum err
config_parse(struct config *config, const char *text, size_t len,
    const char *name, struct error *why)
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

	*config = DEFAULTS;
	rc = ini_parse(&ini, text, len);
	return rc == ERR_OK ? check_groups(config, &ini) : rc;
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
}

enum err
config_read(struct config *config, const char *path, struct error *why)
{
	const char *name = path != NULL ? path : CONFIG_FILE;
	/* Not on the stack: a host's threads may have little. */
	char *text = NULL;
	size_t len = 0;
	int fd = -1;
	enum err rc;

	*config = DEFAULTS;
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
		rc = config_parse(config, text, len, name, why);
out:
	free(text);
	(void)close(fd);
	return rc;
}
