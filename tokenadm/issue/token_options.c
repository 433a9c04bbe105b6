#include "issue/token_options.h"

#include <stdio.h>
#include <string.h>

#include "base/list.h"
#include "base/network.h"
#include "base/parse.h"
#include "cli/similar.h"
#include "doctor/similar_service.h"
#include "pam/pamconf.h"
#include "token/token.h"

#define LATEST_START (INT64_C(100) * 365 * 24 * 60 * 60)

enum err
token_options_check_words(const char *what, const char *text, struct error *why)
{
	if (token_find(text) == NULL)
		return ERR_OK;
	return error_set(why, ERR_INVALID,
	    "%s: there is a token in it, which is a secret; give its id", what);
}

enum err
token_options_set_name(
    struct record *record, const char *text, struct error *why)
{
	if (!parse_is_name(text))
		return error_set(why, ERR_INVALID,
		    "name `%s`: 1 to %d bytes of printable UTF-8 without /",
		    text, PARSE_NAME_MAX);
	strcpy(record->name, text);
	return token_options_check_words("name", text, why);
}

enum err
token_options_set_description(
    struct record *record, const char *text, struct error *why)
{
	if (!parse_is_description(text))
		return error_set(why, ERR_INVALID,
		    "description `%s`: at most %d bytes of printable UTF-8",
		    text, PARSE_DESCRIPTION_MAX);
	strcpy(record->description, text);
	return token_options_check_words("description", text, why);
}

static enum err
no_stack(const char *service, struct error *why)
{
	char hint[SIMILAR_HINT_SIZE];

	similar_service(service, hint);
	return error_set(why, ERR_INVALID,
	    "service `%s`: there is no /etc/pam.d/%s%s", service, service,
	    hint);
}

static void
offer_group(const char *name, void *arg)
{
	char group[SIMILAR_WORD_MAX + 1];

	(void)snprintf(group, sizeof(group), "@%s", name);
	similar_offer(arg, group);
}

enum err
token_options_check_group(
    const struct service_group *groups, const char *group, struct error *why)
{
	char hint[SIMILAR_HINT_SIZE];
	struct similar similar;

	if (services_of_group(groups, group) != NULL)
		return ERR_OK;
	similar_begin(&similar, group);
	services_each(groups, offer_group, &similar);
	similar_hint(&similar, hint);
	return error_set(why, ERR_INVALID,
	    "service group `%s`: not in the [services] of the config%s", group,
	    hint);
}

static enum err
check_service(
    const struct config *config, const char *service, struct error *why)
{
	if (service[0] == '@')
		return token_options_check_group(config->groups, service, why);
	if (strcmp(service, "any") == 0 || config->is_for_fleet ||
	    pamconf_has_stack(service))
		return ERR_OK;
	return no_stack(service, why);
}

enum err
token_options_set_services(struct record *record, const struct config *config,
    const char *text, struct error *why)
{
	char service[LIST_WORD_MAX + 1];
	const char *rest = record->services;
	enum err rc = ERR_OK;

	if (!list_parse(text, parse_is_service_or_group, record->services,
		sizeof(record->services), service))
		return error_set(why, ERR_INVALID,
		    "services `%s`: give names of PAM services, separated by "
		    "commas, or any",
		    text);
	while (rc == ERR_OK && list_next(&rest, service))
		rc = check_service(config, service, why);
	return rc;
}

enum err
token_options_set_scopes(
    struct record *record, const char *text, struct error *why)
{
	char bad[LIST_WORD_MAX + 1];

	if (!list_parse(text, parse_is_scope, record->scopes,
		sizeof(record->scopes), bad))
		return error_set(why, ERR_INVALID,
		    "scopes `%s`: give words such as read,write, of "
		    "[a-z0-9._:-] and beginning with a letter",
		    text);
	return ERR_OK;
}

/* Says why a word is not a network. */
static enum err
bad_network(const char *word, struct error *why)
{
	char right[NETWORK_TEXT_LEN + 1];
	struct network network;

	if (!network_parse_around(word, &network))
		return error_set(why, ERR_INVALID,
		    "address `%s`: give up to %d numeric addresses or "
		    "networks, such as 192.0.2.0/24,2001:db8::/32",
		    word, RECORD_NETWORKS_MAX);
	network_format(&network, right);
	return error_set(why, ERR_INVALID,
	    "address `%s`: bits behind the prefix are set; %s is that network",
	    word, right);
}

static enum err
too_many(struct error *why)
{
	return error_set(why, ERR_INVALID, "addresses: more than %d of them",
	    RECORD_NETWORKS_MAX);
}

enum err
token_options_set_from(
    struct record *record, const char *text, struct error *why)
{
	char list[RECORD_NETWORKS_MAX * (NETWORK_TEXT_LEN + 1)];
	char word[LIST_WORD_MAX + 1];
	const char *rest = list;

	record->from_count = 0;
	if (strcmp(text, "any") == 0)
		return ERR_OK;
	if (!list_parse(text, network_is, list, sizeof(list), word)) {
		/* So many do not fit into the list either. */
		if (word[0] == '\0' && strlen(text) >= sizeof(list))
			return too_many(why);
		return bad_network(word, why);
	}
	while (list_next(&rest, word)) {
		if (record->from_count == RECORD_NETWORKS_MAX)
			return too_many(why);
		(void)network_parse(word, &record->from[record->from_count++]);
	}
	return ERR_OK;
}

enum err
token_options_set_starts(
    struct record *record, const char *text, int64_t now, struct error *why)
{
	if (!parse_start(text, now, &record->starts))
		return error_set(why, ERR_INVALID,
		    "start `%s`: give a duration from now (7d), a date "
		    "(2027-01-31), a time (2027-01-31T12:00:00Z) or now",
		    text);
	/* Later, the expiry might be no date any more. */
	if (record->starts > time_add(now, LATEST_START))
		return error_set(why, ERR_INVALID,
		    "start `%s`: more than 100 years from now", text);
	return ERR_OK;
}

enum err
token_options_set_max_sessions(
    struct record *record, const char *text, struct error *why)
{
	uint64_t number = 0;

	if (strcmp(text, "unlimited") != 0 &&
	    (!parse_number(text, RECORD_MAX_SESSIONS, &number) || number == 0))
		return error_set(why, ERR_INVALID,
		    "max-sessions `%s`: give a number from 1 to %d, or "
		    "unlimited",
		    text, RECORD_MAX_SESSIONS);
	record->max_sessions = (uint32_t)number;
	return ERR_OK;
}

/* Sets what the option of this name says. */
static enum err
set_one(struct record *record, const struct config *config, const char *name,
    const char *text, int64_t now, struct error *why)
{
	if (strcmp(name, "name") == 0)
		return token_options_set_name(record, text, why);
	if (strcmp(name, "description") == 0)
		return token_options_set_description(record, text, why);
	if (strcmp(name, "service") == 0)
		return token_options_set_services(record, config, text, why);
	if (strcmp(name, "scope") == 0)
		return token_options_set_scopes(record, text, why);
	if (strcmp(name, "from") == 0)
		return token_options_set_from(record, text, why);
	return strcmp(name, "starts") == 0
	    ? token_options_set_starts(record, text, now, why)
	    : token_options_set_max_sessions(record, text, why);
}

enum err
token_options_set_given(struct record *record, const struct config *config,
    const struct args *args, int64_t now, struct error *why)
{
	static const char *const NAMES[] = {"name", "description", "service",
	    "scope", "from", "starts", "max-sessions"};
	enum err rc = ERR_OK;

	for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
		const char *text = args_get(args, NAMES[i]);

		if (text != NULL)
			rc = set_one(record, config, NAMES[i], text, now, why);
		if (rc != ERR_OK)
			return error_about(why, NAMES[i], NULL, rc);
	}
	return ERR_OK;
}
