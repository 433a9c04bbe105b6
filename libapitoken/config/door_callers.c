#include "config/door_callers.h"

#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/parse.h"

void
door_callers_free(struct door_caller **callers)
{
	while (*callers != NULL) {
		struct door_caller *next = (*callers)->next;

		free(*callers);
		*callers = next;
	}
}

static bool
is_user(const char *name)
{
	return parse_is_printable(name, RECORD_USER_MAX) && name[0] != '\0' &&
	    strpbrk(name, " /,;:") == NULL;
}

/* One caller: `USER: SERVICE, SERVICE`. */
static enum err
read_caller(const struct ini *ini, struct door_caller **end, char *text)
{
	char *colon = strchr(text, ':'), *user, bad[LIST_WORD_MAX + 1];
	struct door_caller *caller;

	if (colon == NULL)
		return ini_error(ini, "not `user: service, service`", text);
	*colon = '\0';
	user = ini_trim(text);
	if (!is_user(user))
		return ini_error(ini, "not the name of a user", user);
	caller = calloc(1, sizeof(*caller));
	if (caller == NULL)
		return error_plain(ini->why, ERR_NOMEM);
	*end = caller;
	strcpy(caller->user, user);
	if (!list_parse(colon + 1, parse_is_service, caller->services,
		sizeof(caller->services), bad) ||
	    list_has(caller->services, "any"))
		return ini_error(ini, "not a list of services", colon + 1);
	return ERR_OK;
}

enum err
door_callers_read(
    const struct ini *ini, struct door_caller **callers, const char *value)
{
	char *copy = strdup(value), *rest = copy, *text;
	enum err rc = ERR_OK;

	if (copy == NULL)
		return error_plain(ini->why, ERR_NOMEM);
	/* None, as it is by default. */
	while (value[0] != '\0' && rc == ERR_OK &&
	    (text = strsep(&rest, ";")) != NULL) {
		struct door_caller **end = callers;

		while (*end != NULL)
			end = &(*end)->next;
		rc = read_caller(ini, end, ini_trim(text));
	}
	free(copy);
	return rc;
}
