#include "fleet_helper/helper_rights.h"

#include <errno.h>
#include <grp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define NOBODY 65534

/* Sanitizers need more address space than there is memory. */
#if defined(__SANITIZE_ADDRESS__)
#define MEMORY_MAX RLIM_INFINITY
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MEMORY_MAX RLIM_INFINITY
#endif
#endif
#ifndef MEMORY_MAX
#define MEMORY_MAX ((rlim_t)1 << 30)
#endif

static int
limit(__rlimit_resource_t resource, rlim_t most)
{
	struct rlimit limits = {most, most};

	return setrlimit(resource, &limits);
}

static int
become_nobody(void)
{
	if (geteuid() != 0)
		return 0;
	if (setgroups(0, NULL) != 0 || setresgid(NOBODY, NOBODY, NOBODY) != 0 ||
	    setresuid(NOBODY, NOBODY, NOBODY) != 0)
		return -1;
	/* It would be a way back. */
	return setuid(0) == 0 ? -1 : 0;
}

enum err
helper_rights_give_up(struct error *why)
{
	if (chdir("/") != 0 || limit(RLIMIT_CORE, 0) != 0 ||
	    limit(RLIMIT_FSIZE, 0) != 0 || limit(RLIMIT_AS, MEMORY_MAX) != 0 ||
	    become_nobody() != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return error_set(why, ERR_SYSTEM,
		    "cannot give up root's rights: %s", strerror(errno));
	return ERR_OK;
}
