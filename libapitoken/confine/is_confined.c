#include "confine/is_confined.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

static enum err
check_namespace(const struct mount_ns *ns, struct error *why)
{
	struct mount_ns self;
	enum err rc = mount_ns_self(&self, why);

	if (rc != ERR_OK)
		return rc;
	if (!mount_ns_is_same(ns, &self))
		return error_set(why, ERR_REFUSED,
		    "not confined: the mounts are those of other processes");
	return ERR_OK;
}

static enum err
check_root(struct error *why)
{
	struct statvfs status;

	if (statvfs("/", &status) != 0)
		return error_set(why, ERR_SYSTEM, "/: %m");
	if ((status.f_flag & ST_RDONLY) == 0)
		return error_set(
		    why, ERR_REFUSED, "not confined: / is not read-only");
	return ERR_OK;
}

/*
 * No call tells whether a process is in a Landlock domain; but one that is may
 * not change the mount topology, whatever its capabilities (EPERM; the kernel's
 * Documentation/userspace-api/landlock.rst, "Filesystem topology
 * modification"). Outside a domain, pivot_root(2) from / to / fails for another
 * reason, and changes nothing: EBUSY, or EINVAL if / cannot be left.
 */
static enum err
check_domain(struct error *why)
{
	if (syscall(SYS_pivot_root, "/", "/") != 0 && errno == EPERM)
		return ERR_OK;
	return error_set(
	    why, ERR_REFUSED, "not confined: in no Landlock domain: %m");
}

static enum err
check_privileges(struct error *why)
{
	int given_up = prctl(PR_GET_NO_NEW_PRIVS, 0UL, 0, 0, 0);

	if (given_up < 0)
		return error_set(why, ERR_SYSTEM, "PR_GET_NO_NEW_PRIVS: %m");
	if (given_up != 1)
		return error_set(
		    why, ERR_REFUSED, "not confined: it can gain privileges");
	return ERR_OK;
}

enum err
confined_check(const struct mount_ns *ns, struct error *why)
{
	enum err rc = check_namespace(ns, why);

	if (rc == ERR_OK)
		rc = check_root(why);
	if (rc == ERR_OK)
		rc = check_domain(why);
	return rc == ERR_OK ? check_privileges(why) : rc;
}
