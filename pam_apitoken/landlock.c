#include "landlock.h"

#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * Of later kernels than Debian 12's headers are from: the kernel's
 * Documentation/userspace-api/landlock.rst and include/uapi/linux/landlock.h.
 */
#define FS_TRUNCATE (UINT64_C(1) << 14)          /* since version 3 */
#define FS_IOCTL_DEV (UINT64_C(1) << 15)         /* since version 5 */
#define SCOPE_ABSTRACT_SOCKET (UINT64_C(1) << 0) /* since version 6 */
#define SCOPE_SIGNAL (UINT64_C(1) << 1)          /* since version 6 */

/* struct landlock_ruleset_attr as version 6 has it. */
struct ruleset {
	uint64_t handled_access_fs;
	uint64_t handled_access_net;
	uint64_t scoped;
};

/* Before version 3, a file could be emptied without any of these rights. */
#define VERSION_LEAST 3

/*
 * Reading is not among them: it is allowed everywhere. Nor is the network,
 * which a transfer needs.
 */
#define RIGHTS_TO_FILES (LANDLOCK_ACCESS_FS_WRITE_FILE | FS_TRUNCATE)
#define RIGHTS_TO_DIRECTORIES                                                  \
	(LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |      \
	    LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |       \
	    LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |       \
	    LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |     \
	    LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_REFER)

enum err
landlock_version(int *version, struct error *why)
{
	long found = syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);

	if (found < 0)
		return error_set(
		    why, ERR_SYSTEM, "this kernel runs without Landlock: %m");
	if (found < VERSION_LEAST)
		return error_set(why, ERR_SYSTEM,
		    "this kernel's Landlock has version %ld; %d is needed, of "
		    "Linux 6.2",
		    found, VERSION_LEAST);
	*version = (int)found;
	return ERR_OK;
}

enum err
landlock_begin(struct landlock *landlock, int version, struct error *why)
{
	struct ruleset ruleset = {
	    .handled_access_fs = RIGHTS_TO_FILES | RIGHTS_TO_DIRECTORIES};

	if (version >= 5)
		ruleset.handled_access_fs |= FS_IOCTL_DEV;
	if (version >= 6)
		ruleset.scoped = SCOPE_ABSTRACT_SOCKET | SCOPE_SIGNAL;
	landlock->handled = ruleset.handled_access_fs;
	/* The descriptor is O_CLOEXEC; older kernels take zeros behind. */
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
	    .allowed_access = landlock->handled,
	    .parent_fd = fd,
	};

	if (!is_tree)
		rule.allowed_access &= RIGHTS_TO_FILES | FS_IOCTL_DEV;
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
