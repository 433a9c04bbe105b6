#include "config/config_keys.h"

#include <stdio.h>
#include <string.h>

#include "base/parse.h"

enum kind {
	KIND_PATH,     /* absolute */
	KIND_PATHS,    /* a list of paths, may be empty, see path_list.h */
	KIND_PROGRAMS, /* likewise, and none is below a home directory */
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
    {"confine", "services", KIND_SERVICES, AT(confine.services), 0, 0, {0}},
    {"confine", "writable", KIND_PATHS, AT(confine.writable), 0, 0, {0}},
    {"confine", "visible", KIND_PATHS, AT(confine.visible), 0, 0, {0}},
    {"confine", "hidden", KIND_PATHS, AT(confine.hidden), 0, 0, {0}},
    {"confine", "programs", KIND_PROGRAMS, AT(confine.programs), 0, 0, {0}},
    {"sessions", "terminate_on_deactivate", KIND_CHOICE, AT(ends_sessions), 0,
	0, {"no", "yes"}},
};

#define SETTING_COUNT (sizeof(SETTINGS) / sizeof(SETTINGS[0]))
_Static_assert(SETTING_COUNT <= CONFIG_KEYS_MAX, "a bit for each key");

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
    .confine =
	{
	    .services = "sshd,vsftpd,proftpd",
	},
};

void
config_keys_default(struct config *config)
{
	*config = DEFAULTS;
}

bool
config_keys_has_section(const char *section)
{
	for (size_t i = 0; i < SETTING_COUNT; i++) {
		if (strcmp(SETTINGS[i].section, section) == 0)
			return true;
	}
	return false;
}

size_t
config_keys_find(const char *section, const char *key)
{
	for (size_t i = 0; i < SETTING_COUNT; i++) {
		if (strcmp(SETTINGS[i].section, section) == 0 &&
		    strcmp(SETTINGS[i].key, key) == 0)
			return i;
	}
	return CONFIG_KEYS_MAX;
}

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
set_paths(const struct ini *ini, char *list, const char *value)
{
	char bad[PATH_LEN + 1];

	if (path_list_parse(value, list, bad))
		return ERR_OK;
	if (strlen(bad) == PATH_LEN)
		return ini_error(ini, "the path is too long", bad);
	return ini_error(ini, "not a plain path from / or ~/", bad);
}

static enum err
set_programs(const struct ini *ini, char *list, const char *value)
{
	enum err rc = set_paths(ini, list, value);

	if (rc == ERR_OK && strchr(list, '~') != NULL)
		return ini_error(ini, "not the paths of programs", value);
	return rc;
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

enum err
config_keys_read_services(const struct ini *ini, char *list, const char *value,
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
set_value(const struct ini *ini, const struct setting *setting, void *member,
    const char *value)
{
	switch (setting->kind) {
	case KIND_PATH:
		return set_path(ini, member, value);
	case KIND_PATHS:
		return set_paths(ini, member, value);
	case KIND_PROGRAMS:
		return set_programs(ini, member, value);
	case KIND_NUMBER:
		return set_number(ini, setting, member, value);
	case KIND_SECONDS:
	case KIND_EXPIRY:
		return set_seconds(ini, setting, member, value);
	case KIND_SERVICES:
		return config_keys_read_services(
		    ini, member, value, parse_is_service_or_group);
	case KIND_CHOICE:
		return set_choice(ini, setting, member, value);
	}
	return ERR_INTERNAL;
}

enum err
config_keys_set(const struct ini *ini, size_t number, struct config *config,
    const char *value)
{
	const struct setting *setting = &SETTINGS[number];

	return set_value(ini, setting, (char *)config + setting->offset, value);
}

/* The offset of a member of the config's policy in the policy itself. */
static size_t
policy_offset(const struct setting *setting)
{
	return setting->offset - AT(policy);
}

enum err
config_keys_set_policy(const struct ini *ini, size_t number,
    struct policy *policy, const char *value)
{
	const struct setting *setting = &SETTINGS[number];

	return set_value(
	    ini, setting, (char *)policy + policy_offset(setting), value);
}

void
config_keys_copy_policy(
    size_t number, const struct policy *from, struct policy *to)
{
	const struct setting *setting = &SETTINGS[number];
	size_t offset = policy_offset(setting);
	size_t size = setting->kind == KIND_SERVICES ? sizeof(from->services)
						     : sizeof(uint64_t);

	memcpy((char *)to + offset, (const char *)from + offset, size);
}
