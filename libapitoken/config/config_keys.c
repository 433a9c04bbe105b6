#include "config/config_keys.h"

#include <stdio.h>
#include <string.h>

#include "base/parse.h"
#include "config/config_values.h"

enum kind {
	KIND_PATH,     /* absolute */
	KIND_PATHS,    /* a list of paths, may be empty, see path_list.h */
	KIND_PROGRAMS, /* likewise, and none is below a home directory */
	KIND_NUMBER,   /* from least to most */
	KIND_SECONDS,  /* a duration from least to most */
	KIND_EXPIRY,   /* a duration of least or more, or never */
	KIND_SERVICES, /* a list of services, or any */
	KIND_GROUP,    /* a group of users, or none */
	KIND_BEFORE,   /* a list of durations, see notify_policy */
	KIND_COMMAND,  /* an absolute path, and arguments; may be empty */
	KIND_CHOICE,   /* one of two words: false or true */
	KIND_SOCKET,   /* the path of a socket, below /run */
	KIND_CALLERS,  /* users and their services, see door_callers.h */
	KIND_ALLOW,    /* no, yes, or a list of users and @groups */
	KIND_SCOPES,   /* a list of scopes, or any */
	KIND_FLEET,    /* 32 hexadecimal digits, or none */
	KIND_HOST,     /* the name of a host, or none */
	KIND_HOSTS,    /* a list of names like it; may be empty */
	KIND_FILE,     /* an absolute path, or none */
	KIND_URLS,     /* a list of https://HOST:PORT; may be empty */
	KIND_PREFIX,   /* / and names, such as /apitoken */
	KIND_ENGINE,   /* a word, such as file */
	KIND_SOURCE,   /* an absolute path, or https://HOST/PATH */
};

struct setting {
	const char *section, *key;
	enum kind kind;
	size_t offset;
	uint64_t least, most;
	const char *words[2]; /* of a choice: for false and for true */
};

#define AT(member) offsetof(struct config, member)
#define DAY 86400 /* seconds */

/* Every key there is; apitoken.conf(5) describes each. */
static const struct setting SETTINGS[] = {
    {"store", "directory", KIND_PATH, AT(directory), 0, 0, {0}},
    {"store", "key", KIND_PATH, AT(key), 0, 0, {0}},
    {"store", "lock_timeout", KIND_SECONDS, AT(lock_timeout), 1, 60, {0}},
    {"policy", "max_tokens", KIND_NUMBER, AT(policy.max_tokens), 0, 10000, {0}},
    {"policy", "keep_dead", KIND_NUMBER, AT(policy.keep_dead), 0, 10000, {0}},
    {"policy", "default_expiry", KIND_EXPIRY, AT(policy.default_expiry), 1, 0,
	{0}},
    {"policy", "max_expiry", KIND_EXPIRY, AT(policy.max_expiry), 1, 0, {0}},
    {"policy", "max_unused", KIND_EXPIRY, AT(policy.max_unused), 86400, 0, {0}},
    {"policy", "services", KIND_SERVICES, AT(policy.services), 0, 0, {0}},
    {"policy", "require_group", KIND_GROUP, AT(policy.require_group), 0, 0,
	{0}},
    {"policy", "short_tokens", KIND_CHOICE, AT(policy.refuse_short), 0, 0,
	{"allowed", "refused"}},
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
    {"notify", "before", KIND_BEFORE, AT(notify.before), 0, 0, {0}},
    {"notify", "command", KIND_COMMAND, AT(notify.command), 0, 0, {0}},
    {"notify", "mail", KIND_CHOICE, AT(notify.mails), 0, 0, {"no", "yes"}},
    {"door", "socket", KIND_SOCKET, AT(door.socket), 0, 0, {0}},
    {"door", "callers", KIND_CALLERS, AT(door.callers), 0, 0, {0}},
    {"self_service", "allow", KIND_ALLOW, AT(self.allow), 0, 0, {0}},
    {"self_service", "confirm", KIND_CHOICE, AT(self.without_password), 0, 0,
	{"password", "none"}},
    {"self_service", "max_expiry", KIND_EXPIRY, AT(self.max_expiry), 1, 0, {0}},
    {"self_service", "services", KIND_SERVICES, AT(self.services), 0, 0, {0}},
    {"self_service", "scopes", KIND_SCOPES, AT(self.scopes), 0, 0, {0}},
    {"fleet", "id", KIND_FLEET, AT(fleet.id), 0, 0, {0}},
    {"fleet", "host", KIND_HOST, AT(fleet.host), 0, 0, {0}},
    {"fleet", "groups", KIND_HOSTS, AT(fleet.groups), 0, 0, {0}},
    {"fleet", "issuers", KIND_PATH, AT(fleet.issuers), 0, 0, {0}},
    {"fleet", "stale_after", KIND_SECONDS, AT(fleet.stale_after), 5,
	CONFIG_STALE_AFTER_MAX, {0}},
    {"fleet", "when_stale", KIND_CHOICE, AT(fleet.goes_on_stale), 0, 0,
	{"strict", "best_effort"}},
    {"fleet", "engine", KIND_ENGINE, AT(fleet.engine), 0, 0, {0}},
    {"fleet", "source", KIND_SOURCE, AT(fleet.source), 0, 0, {0}},
    {"fleet", "key", KIND_PATH, AT(fleet.key), 0, 0, {0}},
    {"fleet", "valid_for", KIND_EXPIRY, AT(fleet.valid_for), 60, 0, {0}},
    {"etcd", "endpoints", KIND_URLS, AT(etcd.endpoints), 0, 0, {0}},
    {"etcd", "ca", KIND_PATH, AT(etcd.ca), 0, 0, {0}},
    {"etcd", "certificate", KIND_FILE, AT(etcd.certificate), 0, 0, {0}},
    {"etcd", "key", KIND_FILE, AT(etcd.key), 0, 0, {0}},
    {"etcd", "user", KIND_HOST, AT(etcd.user), 0, 0, {0}},
    {"etcd", "password", KIND_PATH, AT(etcd.password), 0, 0, {0}},
    {"etcd", "prefix", KIND_PREFIX, AT(etcd.prefix), 0, 0, {0}},
    {"https", "ca", KIND_FILE, AT(https.ca), 0, 0, {0}},
    {"https", "certificate", KIND_FILE, AT(https.certificate), 0, 0, {0}},
    {"https", "key", KIND_FILE, AT(https.key), 0, 0, {0}},
    {"https", "user", KIND_HOST, AT(https.user), 0, 0, {0}},
    {"https", "password", KIND_PATH, AT(https.password), 0, 0, {0}},
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
	    .max_unused = TIME_NEVER,
	    .services = "any",
	},
    .confine =
	{
	    .services = "sshd,vsftpd,proftpd",
	},
    .notify =
	{
	    .before = "14d,3d",
	},
    .door =
	{
	    .socket = "/run/apitoken-door/socket",
	},
    .self =
	{
	    .allow = "no",
	    .max_expiry = TIME_NEVER,
	    .services = "any",
	    .scopes = "any",
	},
    .fleet =
	{
	    .issuers = SYSCONFDIR "/apitoken/issuers",
	    .stale_after = 30,
	    .engine = "file",
	    .source = LOCALSTATEDIR "/lib/apitoken-fleet",
	    .key = SYSCONFDIR "/apitoken/fleet.key",
	    .valid_for = 1 * 60 * 60,
	},
    .etcd =
	{
	    .ca = SYSCONFDIR "/apitoken/etcd/ca.pem",
	    .password = SYSCONFDIR "/apitoken/etcd/password",
	    .prefix = "/apitoken",
	},
    .https =
	{
	    .password = SYSCONFDIR "/apitoken/https/password",
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
	int64_t least = (int64_t)setting->least;
	int64_t most = is_expiry ? TIME_NEVER : (int64_t)setting->most;
	int64_t seconds = TIME_NEVER;

	if (!(is_expiry && strcmp(value, "never") == 0) &&
	    !parse_duration(value, &seconds))
		return ini_error(ini, "not a duration, such as 90d", value);
	if (seconds < least && least == DAY)
		return ini_error(ini, "shorter than a day", value);
	if (seconds < least || seconds > most)
		return ini_error(ini, "out of range", value);
	memcpy(member, &seconds, sizeof(seconds));
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
		return config_value_path(ini, member, value);
	case KIND_PATHS:
		return config_value_paths(ini, member, value);
	case KIND_PROGRAMS:
		return config_value_programs(ini, member, value);
	case KIND_NUMBER:
		return set_number(ini, setting, member, value);
	case KIND_SECONDS:
	case KIND_EXPIRY:
		return set_seconds(ini, setting, member, value);
	case KIND_SERVICES:
		return config_value_services(
		    ini, member, value, parse_is_service_or_group);
	case KIND_GROUP:
		return config_value_group(ini, member, value);
	case KIND_BEFORE:
		return config_value_before(ini, member, value);
	case KIND_COMMAND:
	case KIND_FILE:
		return value[0] == '\0' ? ERR_OK
					: config_value_path(ini, member, value);
	case KIND_CHOICE:
		return set_choice(ini, setting, member, value);
	case KIND_SOCKET:
		return config_value_socket(ini, member, value);
	case KIND_CALLERS:
		return door_callers_read(ini, member, value);
	case KIND_ALLOW:
		return config_value_allow(ini, member, value);
	case KIND_SCOPES:
		return config_value_scopes(ini, member, value);
	case KIND_FLEET:
		return config_value_fleet(ini, member, value);
	case KIND_HOST:
		return config_value_host(ini, member, value);
	case KIND_HOSTS:
		return config_value_hosts(ini, member, value);
	case KIND_URLS:
		return config_value_endpoints(ini, member, value);
	case KIND_PREFIX:
		return config_value_prefix(ini, member, value);
	case KIND_SOURCE:
		return config_value_source(ini, member, value);
	case KIND_ENGINE:
		return config_value_engine(ini, member, value);
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

/* Bytes of a value of [policy] in memory. */
static size_t
value_size(enum kind kind)
{
	switch (kind) {
	case KIND_NUMBER:
	case KIND_EXPIRY:
		return sizeof(uint64_t);
	case KIND_SERVICES:
		return RECORD_SERVICES_MAX + 1;
	case KIND_GROUP:
		return CONFIG_GROUP_MAX + 1;
	case KIND_CHOICE:
		return sizeof(bool);
	default:
		return 0; /* of another section */
	}
}

void
config_keys_copy_policy(
    size_t number, const struct policy *from, struct policy *to)
{
	const struct setting *setting = &SETTINGS[number];
	size_t offset = policy_offset(setting);

	memcpy((char *)to + offset, (const char *)from + offset,
	    value_size(setting->kind));
}
