#include "issue/preset_options.h"

#include <stddef.h>

#include "base/list.h"
#include "base/network.h"
#include "cli/similar.h"
#include "cli/text.h"
#include "config/presets.h"
#include "issue/token_options.h"

enum err
preset_options_find(const struct config *config, const char *name,
    const struct preset **preset, struct error *why)
{
	const struct preset *one = config->presets;
	char hint[SIMILAR_HINT_SIZE];
	struct similar similar;

	*preset = presets_find(config->presets, name);
	if (*preset != NULL)
		return ERR_OK;
	similar_begin(&similar, name);
	for (; one != NULL; one = one->next)
		similar_offer(&similar, one->name);
	similar_hint(&similar, hint);
	return error_about(why, "preset", NULL,
	    error_set(why, ERR_INVALID,
		"preset `%s`: there is no [preset %s] in the config%s", name,
		name, hint));
}

void
preset_options_fill(const struct preset *preset, struct args *args)
{
	const char *const values[][2] = {
	    {"service", preset->services},
	    {"scope", preset->scopes},
	    {"expires", preset->expires},
	    {"from", preset->from},
	    {"max-sessions", preset->max_sessions},
	};

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		if (values[i][1][0] != '\0' && !args_has(args, values[i][0]))
			args_set(args, values[i][0], values[i][1]);
	}
}

static enum err
beyond(const struct preset *preset, const char *option, const char *value,
    const char *allowed, struct error *why)
{
	return error_about(why, option, NULL,
	    error_set(why, ERR_POLICY,
		"--%s: `%s` is more than preset `%s` gives: %s", option, value,
		preset->name, allowed));
}

static enum err
check_services(const struct preset *preset, const struct service_group *groups,
    const struct record *record, struct error *why)
{
	char bad[LIST_WORD_MAX + 1];

	if (preset->services[0] == '\0' ||
	    services_allowed(groups, preset->services, record->services, bad))
		return ERR_OK;
	return beyond(preset, "service", bad, preset->services, why);
}

static enum err
check_scopes(
    const struct preset *preset, const struct record *record, struct error *why)
{
	const char *rest = record->scopes;
	char scope[LIST_WORD_MAX + 1];

	if (preset->scopes[0] == '\0')
		return ERR_OK;
	while (list_next(&rest, scope)) {
		if (!list_has(preset->scopes, scope))
			return beyond(
			    preset, "scope", scope, preset->scopes, why);
	}
	return ERR_OK;
}

/* Whether one of the preset's networks contains all of this one. */
static bool
is_inside(const struct record *limits, const struct network *network)
{
	for (size_t i = 0; i < limits->from_count; i++) {
		if (network->prefix >= limits->from[i].prefix &&
		    network_contains(&limits->from[i], network))
			return true;
	}
	return false;
}

static enum err
check_networks(
    const struct preset *preset, const struct record *record, struct error *why)
{
	char text[NETWORK_TEXT_LEN + 1];
	struct record limits;
	enum err rc;

	if (preset->from[0] == '\0')
		return ERR_OK;
	rc = token_options_set_from(&limits, preset->from, why);
	if (rc != ERR_OK)
		return rc;
	if (record->from_count == 0)
		return beyond(preset, "from", "any", preset->from, why);
	for (size_t i = 0; i < record->from_count; i++) {
		network_format(&record->from[i], text);
		if (!is_inside(&limits, &record->from[i]))
			return beyond(preset, "from", text, preset->from, why);
	}
	return ERR_OK;
}

static enum err
check_sessions(
    const struct preset *preset, const struct record *record, struct error *why)
{
	char text[TEXT_MAX_SESSIONS_SIZE];
	struct record limits;
	enum err rc;

	if (preset->max_sessions[0] == '\0')
		return ERR_OK;
	rc = token_options_set_max_sessions(&limits, preset->max_sessions, why);
	if (rc != ERR_OK ||
	    (record->max_sessions != 0 &&
		record->max_sessions <= limits.max_sessions))
		return rc;
	text_max_sessions(record, text);
	return beyond(preset, "max-sessions",
	    text[0] == '\0' ? "unlimited" : text, preset->max_sessions, why);
}

enum err
preset_options_check(const struct preset *preset,
    const struct service_group *groups, const struct record *record,
    struct error *why)
{
	enum err rc = check_services(preset, groups, record, why);

	if (rc == ERR_OK)
		rc = check_scopes(preset, record, why);
	if (rc == ERR_OK)
		rc = check_networks(preset, record, why);
	return rc == ERR_OK ? check_sessions(preset, record, why) : rc;
}

enum err
preset_options_check_expiry(const struct preset *preset, int64_t expires,
    int64_t now, struct error *why)
{
	char text[PARSE_TIME_LEN + 1];
	int64_t latest = TIME_NEVER;

	if (preset->expires[0] == '\0' ||
	    (parse_expiry(preset->expires, now, &latest) && expires <= latest))
		return ERR_OK;
	text_time(expires, text);
	return beyond(preset, "expires", text, preset->expires, why);
}

enum err
preset_options_explain(
    const struct preset *preset, enum err rc, struct error *why)
{
	struct error cause = *why;

	if (preset == NULL || rc == ERR_OK || rc == ERR_NOMEM)
		return rc;
	return error_about(why, cause.field, cause.word,
	    error_set(
		why, rc, "with preset `%s`: %s", preset->name, cause.text));
}
