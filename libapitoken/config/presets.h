/*
 * [preset NAME]: limits under one name, which `issue --preset NAME` gives to a
 * token. They are kept as their options take them; "" is not said.
 */
#ifndef APITOKEN_PRESETS_H
#define APITOKEN_PRESETS_H

#include <stddef.h>

#include "base/error.h"
#include "base/parse.h"
#include "config/ini.h"
#include "config/services.h"
#include "token/record.h"

#define PRESET_NAME_MAX PARSE_SERVICE_MAX /* it is like a service's */
#define PRESET_FROM_MAX 1024
#define PRESET_EXPIRES_MAX 32
#define PRESET_SESSIONS_MAX 16

struct preset {
	char name[PRESET_NAME_MAX + 1];
	char services[RECORD_SERVICES_MAX + 1]; /* a list */
	char scopes[RECORD_SCOPES_MAX + 1];     /* likewise */
	char from[PRESET_FROM_MAX + 1];         /* likewise */
	char expires[PRESET_EXPIRES_MAX + 1];   /* a duration, or never */
	char max_sessions[PRESET_SESSIONS_MAX + 1];
	unsigned line; /* where its section begins */
	struct preset *next;
};

/* Begins a section: adds an empty preset to the chain. ERR_CONFIG, ERR_NOMEM */
enum err presets_add(struct ini *ini, struct preset **presets, const char *name,
    struct preset **added);

/* Sets a key of a preset. ERR_CONFIG. */
enum err preset_set(
    struct ini *ini, struct preset *preset, const char *key, const char *value);

/*
 * Once the file is read: every preset says something, and names only groups of
 * services that there are. ERR_CONFIG.
 */
enum err presets_check(struct ini *ini, const struct preset *presets,
    const struct service_group *groups);

/* The preset of that name; NULL if there is none. */
const struct preset *presets_find(
    const struct preset *presets, const char *name);

/* Whether it is a name that a preset can have. */
bool presets_is_name(const char *name);

void presets_free(struct preset **presets);

#endif
