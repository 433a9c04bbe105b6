#include "host_rights.h"

#include <sys/auxv.h>
#include <unistd.h>

#include "store/store.h"

/*
 * What root has started no user can stop: AT_SECURE is also set where SELinux
 * changes the domain, as of a daemon at boot (getauxval(3)). AT_UID is the uid
 * of who started it, whatever it has made of itself since.
 */
bool
host_is_set_uid(void)
{
	return getauxval(AT_SECURE) != 0 && getauxval(AT_UID) != 0;
}

bool
host_is_outside(const struct config *config)
{
	/* Its user could stop it while it holds the lock. */
	if (host_is_set_uid())
		return true;
	return geteuid() != 0 && store_is_denied(config);
}
