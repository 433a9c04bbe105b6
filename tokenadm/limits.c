#include "limits.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "list.h"
#include "network.h"
#include "parse.h"

enum err
limits_set_name(struct record *record, const char *text, struct error *why)
{
	if (!parse_is_name(text))
		return error_set(why, ERR_INVALID,
		    "name `%s`: 1 to %d bytes of printable UTF-8 without /",
		    text, PARSE_NAME_MAX);
	strcpy(record->name, text);
	return ERR_OK;
}

enum err
limits_set_description(
    struct record *record, const char *text, struct error *why)
{
	if (!parse_is_description(text))
		return error_set(why, ERR_INVALID,
		    "description: at most %d bytes of printable UTF-8",
		    PARSE_DESCRIPTION_MAX);
	strcpy(record->description, text);
	return ERR_OK;
}

/* Whether PAM has a stack for the service, where it looks for them. */
static bool
has_stack(const char *service)
{
	static const char *const PLACES[] = {"/etc/pam.d", "/usr/lib/pam.d"};
	char path[LIST_WORD_MAX + 32];

	for (size_t i = 0; i < sizeof(PLACES) / sizeof(PLACES[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", PLACES[i], service);
		if (access(path, F_OK) == 0)
			return true;
	}
	return false;
}

enum err
limits_set_services(struct record *record, const char *text, struct error *why)
{
	char service[LIST_WORD_MAX + 1];
	const char *rest = record->services;

	if (!list_parse(text, parse_is_service, record->services,
		sizeof(record->services), service))
		return error_set(why, ERR_INVALID,
		    "services `%s`: give names of PAM services, separated by "
		    "commas, or any",
		    text);
	while (list_next(&rest, service)) {
		if (strcmp(service, "any") != 0 && !has_stack(service))
			return error_set(why, ERR_INVALID,
			    "service `%s`: there is no /etc/pam.d/%s", service,
			    service);
	}
	return ERR_OK;
}

enum err
limits_set_scopes(struct record *record, const char *text, struct error *why)
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

static bool
is_network(const char *text)
{
	struct network network;

	return network_parse(text, &network);
}

enum err
limits_set_from(struct record *record, const char *text, struct error *why)
{
	char list[RECORD_NETWORKS_MAX * (NETWORK_TEXT_LEN + 1)];
	char word[LIST_WORD_MAX + 1];
	const char *rest = list;

	if (!list_parse(text, is_network, list, sizeof(list), word))
		return error_set(why, ERR_INVALID,
		    "address `%s`: give up to %d numeric addresses or "
		    "networks, such as 192.0.2.0/24,2001:db8::/32",
		    word, RECORD_NETWORKS_MAX);
	record->from_count = 0;
	while (list_next(&rest, word)) {
		if (record->from_count == RECORD_NETWORKS_MAX)
			return error_set(why, ERR_INVALID,
			    "addresses: more than %d of them",
			    RECORD_NETWORKS_MAX);
		(void)network_parse(word, &record->from[record->from_count++]);
	}
	return ERR_OK;
}
