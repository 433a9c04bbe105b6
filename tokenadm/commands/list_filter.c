#include "commands/list_filter.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "cli/text.h"
#include "config/services.h"
#include "issue/token_options.h"
#include "tokens/token_lookup.h"

static bool
is_expiring(const struct list_filter *filter, const struct record *record)
{
	return record_is_usable(record, filter->context->now) &&
	    record->expires != TIME_NEVER &&
	    record->expires - filter->context->now <= filter->expiring;
}

/* Since when it is unused: its last use, its issue, or its start. */
static int64_t
last_of(const struct record *record, const struct last_use *usage)
{
	int64_t last = usage->at != 0 ? usage->at : record->created.at;

	return last < record->starts ? record->starts : last;
}

/* Whether it was neither used nor issued recently; nor has it just started. */
static bool
is_unused(const struct list_filter *filter, const struct record *record,
    const struct last_use *usage)
{
	return filter->context->now - last_of(record, usage) >= filter->unused;
}

/* Whether a pattern matches its user, name, user/name or id. */
static bool
is_called(const struct list_filter *filter, const struct record *record)
{
	char full[RECORD_USER_MAX + PARSE_NAME_MAX + 2];
	const char *const texts[] = {
	    record->user, record->name, full, record->id};

	(void)snprintf(full, sizeof(full), "%s/%s", record->user, record->name);
	for (int i = 0; i < filter->pattern_count; i++) {
		for (size_t j = 0; j < sizeof(texts) / sizeof(texts[0]); j++) {
			if (fnmatch(filter->patterns[i], texts[j], 0) == 0)
				return true;
		}
	}
	return filter->pattern_count == 0;
}

bool
list_filter_wants(const struct list_filter *filter, const struct record *record,
    const struct last_use *usage)
{
	if (find_is_hidden(filter->context, ERR_OK, record))
		return false;
	if (filter->state != NULL &&
	    strcmp(filter->state, text_state(record, filter->context->now)) !=
		0)
		return false;
	if (filter->service != NULL &&
	    !services_include(filter->context->config.groups, record->services,
		filter->service))
		return false;
	if (filter->preset != NULL &&
	    strcmp(filter->preset, record->preset) != 0)
		return false;
	if (filter->unused != 0 && !is_unused(filter, record, usage))
		return false;
	if (!is_called(filter, record))
		return false;
	return filter->expiring == 0 || is_expiring(filter, record);
}

static enum err
check_state(const char *state, struct error *why)
{
	static const char *const STATES[] = {
	    "active", "not-yet", "revoked", "deactivated", "expired"};

	for (size_t i = 0; i < sizeof(STATES) / sizeof(STATES[0]); i++) {
		if (state == NULL || strcmp(state, STATES[i]) == 0)
			return ERR_OK;
	}
	return error_about(why, "state", NULL,
	    error_set(why, ERR_INVALID,
		"state `%s`: active, not-yet, revoked, deactivated or expired",
		state));
}

static enum err
check_service(
    const struct service_group *groups, const char *service, struct error *why)
{
	if (service == NULL)
		return ERR_OK;
	if (!parse_is_service_or_group(service))
		return error_about(why, "service", NULL,
		    error_set(why, ERR_INVALID,
			"service `%s`: give the name of a PAM service",
			service));
	return service[0] == '@'
	    ? error_about(why, "service", NULL,
		  token_options_check_group(groups, service, why))
	    : ERR_OK;
}

/* Tokens of a preset stay when it is gone from the config. */
static enum err
check_preset(const char *preset, struct error *why)
{
	if (preset == NULL || presets_is_name(preset))
		return ERR_OK;
	return error_about(why, "preset", NULL,
	    error_set(why, ERR_INVALID,
		"preset `%s`: not a name that a preset can have", preset));
}

static enum err
read_duration(const struct args *args, const char *option, int64_t *seconds,
    struct error *why)
{
	const char *text = args_get(args, option);

	*seconds = 0;
	if (text == NULL || (parse_duration(text, seconds) && *seconds > 0))
		return ERR_OK;
	return error_about(why, option, NULL,
	    error_set(why, ERR_INVALID, "%s `%s`: give a duration, such as 90d",
		option, text));
}

enum err
list_filter_read(struct context *context, const struct args *args,
    struct list_filter *filter)
{
	struct error *why = &context->error;
	enum err rc;

	*filter = (struct list_filter){.context = context};
	filter->state = args_get(args, "state");
	filter->service = args_get(args, "service");
	filter->preset = args_get(args, "preset");
	filter->patterns = args->operands;
	filter->pattern_count = args->operand_count;
	rc = check_state(filter->state, why);
	if (rc == ERR_OK)
		rc = check_service(
		    filter->context->config.groups, filter->service, why);
	if (rc == ERR_OK)
		rc = check_preset(filter->preset, why);
	if (rc == ERR_OK)
		rc = read_duration(args, "unused", &filter->unused, why);
	if (rc == ERR_OK)
		rc = read_duration(args, "expiring", &filter->expiring, why);
	for (int i = 0; rc == ERR_OK && i < args->operand_count; i++)
		rc = error_about(
		    why, "pattern", NULL, find_check(args->operands[i], why));
	return rc;
}

static void
take_sooner(int64_t when, int64_t now, int64_t *next)
{
	if (when > now && when < *next)
		*next = when;
}

void
list_filter_foresee(const struct list_filter *filter,
    const struct record *record, const struct last_use *usage, int64_t *next)
{
	int64_t now = filter->context->now;

	take_sooner(record->starts, now, next);
	if (record->expires != TIME_NEVER) {
		take_sooner(record->expires, now, next);
		take_sooner(record->expires - filter->expiring, now, next);
	}
	take_sooner(
	    time_add(last_of(record, usage), filter->unused), now, next);
}
