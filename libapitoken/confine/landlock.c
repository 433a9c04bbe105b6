#include "confine/landlock.h"

#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * Newer than Debian 12's headers; see the kernel's
 * Documentation/userspace-api/landlock.rst and include/uapi/linux/landlock.h.
 */
#define FS_TRUNCATE (UINT64_C(1) << 14)
#define FS_IOCTL_DEV (UINT64_C(1) << 15)
#define SCOPE_ABSTRACT_SOCKET (UINT64_C(1) << 0)
#define SCOPE_SIGNAL (UINT64_C(1) << 1)

/* struct landlock_ruleset_attr of ABI version 6. */
struct ruleset {
	uint64_t handled_access_fs;
	uint64_t handled_access_net;
	uint64_t scoped;
};

/*
 * Rights by the first version that has them: older ones reject unknown rights.
 * Reading is not among them: it is allowed everywhere. Nor is the network,
 * which a transfer needs.
 */
static const struct {
	int version;
	uint64_t to_all; /* to a file, and to what is below a directory */
	uint64_t to_directories; /* to make and remove what is below */
} RIGHTS[] = {
    {1, LANDLOCK_ACCESS_FS_WRITE_FILE,
	LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
	    LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |
	    LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |
	    LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
	    LANDLOCK_ACCESS_FS_MAKE_SYM},
    /* Older versions forbid all moves and links between directories. */
    {2, 0, LANDLOCK_ACCESS_FS_REFER},
    {3, FS_TRUNCATE, 0},
    {5, FS_IOCTL_DEV, 0},
};

#define SCOPES (SCOPE_ABSTRACT_SOCKET | SCOPE_SIGNAL)
#define VERSION_SCOPES 6

enum err
landlock_version(int *version, struct error *why)
{
	long found = syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);

	if (found < 1)
		return error_set(why, ERR_SYSTEM,
		    "this kernel runs without Landlock, of Linux 5.13: %m");
	*version = (int)found;
	return ERR_OK;
}

enum err
landlock_begin(struct landlock *landlock, int version, struct error *why)
{
	struct ruleset ruleset = {0};

	landlock->to_all = landlock->to_directories = 0;
	for (size_t i = 0; i < sizeof(RIGHTS) / sizeof(RIGHTS[0]); i++) {
		if (RIGHTS[i].version > version)
			continue;
		landlock->to_all |= RIGHTS[i].to_all;
		landlock->to_directories |= RIGHTS[i].to_directories;
	}
	ruleset.handled_access_fs = landlock->to_all | landlock->to_directories;
	if (version >= VERSION_SCOPES)
		ruleset.scoped = SCOPES;
	/* The descriptor is O_CLOEXEC; older kernels accept trailing zeroes. */
	landlock->ruleset = (int)syscall(
	    SYS_landlock_create_ruleset, &ruleset, sizeof(ruleset), 0);
	if (landlock->ruleset < 0)
		return error_set(
		    why, ERR_SYSTEM, "landlock_create_ruleset: %m");
	return ERR_OK;
}

enum err
landlock_allow(
    const struct landlock *landlock, int fd, bool is_tree, struct error *why)
{
	struct landlock_path_beneath_attr rule = {
	    .allowed_access = landlock->to_all,
	    .parent_fd = fd,
	};

	if (is_tree)
		rule.allowed_access |= landlock->to_directories;
	if (syscall(SYS_landlock_add_rule, landlock->ruleset,
		LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0)
		return error_set(why, ERR_SYSTEM, "landlock_add_rule: %m");
	return ERR_OK;
}

enum err
landlock_enforce(const struct landlock *landlock, struct error *why)
{
	if (syscall(SYS_landlock_restrict_self, landlock->ruleset, 0) != 0)
		return error_set(why, ERR_SYSTEM, "landlock_restrict_self: %m");
	return ERR_OK;
}

void
landlock_end(struct landlock *landlock)
{
	if (landlock->ruleset >= 0)
		(void)close(landlock->ruleset);
	landlock->ruleset = -1;
}
