#include "door/door_authority.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>

#include "base/list.h"

/* Whether that name is known, with this uid. */
static bool
has_uid(const char *user, uid_t uid)
{
	const struct passwd *entry = getpwnam(user);

	return entry != NULL && entry->pw_uid == uid;
}

static bool
is_listed(const struct config *config, uid_t uid, const char *service)
{
	const struct door_caller *caller = config->door.callers;

	for (; caller != NULL; caller = caller->next) {
		if (list_has(caller->services, service) &&
		    has_uid(caller->user, uid))
			return true;
	}
	return false;
}

enum err
door_authority(const struct config *config, uid_t uid, const char *user,
    const char *service, bool *is_believed, struct error *why)
{
	const struct passwd *entry;
	char name[RECORD_USER_MAX + 1];

	*is_believed = uid == 0 || is_listed(config, uid, service);
	if (*is_believed || has_uid(user, uid))
		return ERR_OK;
	entry = getpwuid(uid);
	(void)snprintf(
	    name, sizeof(name), "%s", entry != NULL ? entry->pw_name : "USER");
	return error_set(why, ERR_REFUSED,
	    "uid %lu may not ask for other users; if it runs this service, add "
	    "`%s: %s` to callers in [door]",
	    (unsigned long)uid, name, service);
}
