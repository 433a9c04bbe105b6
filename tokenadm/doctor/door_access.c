#include "doctor/door_access.h"

#include <pwd.h>
#include <stddef.h>

#include "door/door_authority.h"
#include "door/door_client.h"
#include "store/store.h"

static bool
is_admitted(const struct config *config, const char *service,
    const struct service_runner *runner, struct error *why)
{
	const struct passwd *entry;
	bool is_believed;

	/* Everybody may ask about himself. */
	if (runner->is_its_user)
		return true;
	entry = runner->account[0] != '\0' ? getpwnam(runner->account) : NULL;
	if (entry == NULL)
		(void)error_set(why, ERR_REFUSED, "its account is not known");
	return entry != NULL &&
	    door_authority(config, entry->pw_uid, "", service, &is_believed,
		why) == ERR_OK;
}

void
door_access_look(struct door_access *access, const struct config *config,
    const char *service, const struct service_runner *runner)
{
	*access = (struct door_access){.why = {""}};
	access->is_admitted = is_admitted(
	    config, service, runner, &access->why);
	/* Without a door nobody is turned away at it. */
	access->answers = door_look(config->door.socket, store_deadline(config),
			      &access->why) == ERR_OK;
}
