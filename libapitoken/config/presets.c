#include "config/presets.h"

#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/network.h"
#include "config/config_keys.h"
#include "config/config_values.h"

bool
presets_is_name(const char *name)
{
	return parse_is_service(name);
}

enum err
presets_add(struct ini *ini, struct preset **presets, const char *name,
    struct preset **added)
{
	struct preset *fresh;

	if (!presets_is_name(name))
		return ini_error(ini, "not a name for a preset", name);
	for (; *presets != NULL; presets = &(*presets)->next) {
		if (strcmp((*presets)->name, name) == 0)
			return ini_error(ini, "a second section for", name);
	}
	fresh = calloc(1, sizeof(*fresh));
	if (fresh == NULL)
		return error_plain(ini->why, ERR_NOMEM);
	strcpy(fresh->name, name);
	fresh->line = ini->line;
	*presets = fresh;
	*added = fresh;
	return ERR_OK;
}

static enum err
set_services(const struct ini *ini, char *member, const char *value)
{
	return config_value_services(
	    ini, member, value, parse_is_service_or_group);
}

static enum err
set_from(const struct ini *ini, char *member, const char *value)
{
	char bad[LIST_WORD_MAX + 1], word[LIST_WORD_MAX + 1];
	const char *rest = member;
	size_t count = 0;

	if (!list_parse(value, network_is, member, PRESET_FROM_MAX + 1, bad))
		return ini_error(ini, "not a list of networks", bad);
	while (list_next(&rest, word))
		count++;
	if (count > RECORD_NETWORKS_MAX)
		return ini_error(ini, "too many networks", "");
	return ERR_OK;
}

static enum err
set_expires(const struct ini *ini, char *member, const char *value)
{
	int64_t seconds = TIME_NEVER;

	if (strcmp(value, "never") != 0 &&
	    (!parse_duration(value, &seconds) ||
		strlen(value) > PRESET_EXPIRES_MAX))
		return ini_error(
		    ini, "not a duration, such as 90d, or never", value);
	if (seconds < 1)
		return ini_error(ini, "out of range", value);
	strcpy(member, value);
	return ERR_OK;
}

static enum err
set_max_sessions(const struct ini *ini, char *member, const char *value)
{
	uint64_t number;

	if (!parse_number(value, RECORD_MAX_SESSIONS, &number) || number == 0 ||
	    strlen(value) > PRESET_SESSIONS_MAX)
		return ini_error(ini, "not a number in range", value);
	strcpy(member, value);
	return ERR_OK;
}

/* What a preset can say; apitoken.conf(5) describes each. */
static const struct {
	const char *key;
	size_t offset;
	enum err (*set)(const struct ini *ini, char *member, const char *value);
} PRESET_KEYS[] = {
    {"services", offsetof(struct preset, services), set_services},
    {"scopes", offsetof(struct preset, scopes), config_value_scopes},
    {"expires", offsetof(struct preset, expires), set_expires},
    {"from", offsetof(struct preset, from), set_from},
    {"max_sessions", offsetof(struct preset, max_sessions), set_max_sessions},
};

#define KEY_COUNT (sizeof(PRESET_KEYS) / sizeof(PRESET_KEYS[0]))

enum err
preset_set(
    struct ini *ini, struct preset *preset, const char *key, const char *value)
{
	for (size_t i = 0; i < KEY_COUNT; i++) {
		char *member = (char *)preset + PRESET_KEYS[i].offset;

		if (strcmp(PRESET_KEYS[i].key, key) != 0)
			continue;
		if (member[0] != '\0')
			return ini_error(ini, "set twice", key);
		return PRESET_KEYS[i].set(ini, member, value);
	}
	return ini_error(ini, "unknown key", key);
}

static bool
says_nothing(const struct preset *preset)
{
	for (size_t i = 0; i < KEY_COUNT; i++) {
		if (((const char *)preset)[PRESET_KEYS[i].offset] != '\0')
			return false;
	}
	return true;
}

enum err
presets_check(struct ini *ini, const struct preset *presets,
    const struct service_group *groups)
{
	char bad[LIST_WORD_MAX + 1];

	for (; presets != NULL; presets = presets->next) {
		ini->line = presets->line;
		if (says_nothing(presets))
			return ini_error(
			    ini, "a preset that says nothing", presets->name);
		if (!services_are_known(groups, presets->services, bad))
			return ini_error(
			    ini, "no such group in [services]", bad);
	}
	return ERR_OK;
}

const struct preset *
presets_find(const struct preset *presets, const char *name)
{
	while (presets != NULL && strcmp(presets->name, name) != 0)
		presets = presets->next;
	return presets;
}

void
presets_free(struct preset **presets)
{
	while (*presets != NULL) {
		struct preset *next = (*presets)->next;

		free(*presets);
		*presets = next;
	}
}
