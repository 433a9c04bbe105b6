#include "isolation/isolation.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "isolation/cgroup.h"
#include "isolation/scheduling.h"

/* A user may signal processes with his real uid: kill(2). */
static enum err
become_root(struct error *why)
{
	uid_t real, effective, saved;

	if (getresuid(&real, &effective, &saved) == 0 && real == 0 &&
	    saved == 0)
		return ERR_OK;
	if (setresuid(0, 0, 0) == 0)
		return ERR_OK;
	return error_set(why, ERR_SYSTEM,
	    "cannot become root entirely: %s; run it with sudo",
	    strerror(errno));
}

enum err
isolation_begin(struct error *why)
{
	enum err rc;

	if (geteuid() != 0)
		return ERR_OK;
	rc = become_root(why);
	if (rc == ERR_OK)
		rc = scheduling_reset(why);
	if (rc == ERR_OK)
		rc = cgroup_leave(why);
	return rc;
}
