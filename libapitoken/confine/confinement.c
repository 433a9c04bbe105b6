#include "confine/confinement.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "confine/confine_paths.h"
#include "confine/is_confined.h"
#include "confine/landlock.h"
#include "confine/mount_ns.h"
#include "confine/mounts.h"

/*
 * Devices that store nothing, and terminals. A read-only mount does not keep
 * devices from being written to: Landlock does.
 */
static const char *const DEVICES[] = {
    "/dev/full",
    "/dev/null",
    "/dev/ptmx",
    "/dev/pts",
    "/dev/random",
    "/dev/tty",
    "/dev/urandom",
    "/dev/zero",
};

/* Namespaces and Landlock domains belong to threads, not to processes. */
static enum err
check_threads(struct error *why)
{
	DIR *tasks = opendir("/proc/self/task");
	const struct dirent *entry;
	int threads = 0;

	if (tasks == NULL)
		return error_set(why, ERR_SYSTEM, "/proc/self/task: %m");
	while ((entry = readdir(tasks)) != NULL)
		threads += entry->d_name[0] != '.';
	(void)closedir(tasks);
	if (threads != 1)
		return error_set(why, ERR_REFUSED,
		    "a process of %d threads cannot be confined", threads);
	return ERR_OK;
}

static enum err
check_privilege(struct error *why)
{
	struct __user_cap_header_struct header = {
	    .version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};

	if (syscall(SYS_capget, &header, data) != 0)
		return error_set(why, ERR_SYSTEM, "capget: %m");
	if ((data[CAP_TO_INDEX(CAP_SYS_ADMIN)].effective &
		CAP_TO_MASK(CAP_SYS_ADMIN)) == 0)
		return error_set(
		    why, ERR_SYSTEM, "the service runs without CAP_SYS_ADMIN");
	return ERR_OK;
}

/* If this refuses, the process is unchanged. */
static enum err
check(uid_t uid, int *version, struct error *why)
{
	enum err rc;

	/* root regains capabilities on execve(2). */
	if (uid == 0)
		return error_set(
		    why, ERR_REFUSED, "a session of uid 0 cannot be confined");
	rc = check_threads(why);
	if (rc == ERR_OK)
		rc = check_privilege(why);
	if (rc == ERR_OK)
		rc = mounts_check(why);
	return rc == ERR_OK ? landlock_version(version, why) : rc;
}

/* Resolves links, so that [confine] is about real paths. */
static enum err
find_places(struct places *places, enum confine_paths_view view,
    const struct confine_policy *policy, const char *home, struct error *why)
{
	char *found = home != NULL ? realpath(home, NULL) : NULL;
	enum err rc;

	if (home != NULL && found == NULL && errno != ENOENT &&
	    errno != ENOTDIR)
		return error_set(why, ERR_SYSTEM, "%s: %m", home);
	rc = confine_paths_make(places, view, policy, found, why);
	free(found);
	return rc;
}

static bool
is_directory(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && S_ISDIR(status.st_mode);
}

static enum err
allow_device(
    const struct landlock *landlock, const char *path, struct error *why)
{
	int fd = open(path, O_PATH | O_CLOEXEC);
	enum err rc;

	if (fd < 0 && errno == ENOENT)
		return ERR_OK;
	if (fd < 0)
		return error_set(why, ERR_SYSTEM, "%s: %m", path);
	rc = landlock_allow(landlock, fd, false, why);
	(void)close(fd);
	return rc;
}

static enum err
allow_place(const struct landlock *landlock, const struct place *place,
    struct error *why)
{
	if (place->tree < 0 ||
	    (place->kind != PLACE_WRITABLE && place->kind != PLACE_OWN))
		return ERR_OK;
	return landlock_allow(
	    landlock, place->tree, is_directory(place->tree), why);
}

static enum err
give_up_rights(const struct places *places, int version, struct error *why)
{
	struct landlock landlock;
	enum err rc = landlock_begin(&landlock, version, why);

	for (size_t i = 0; i < sizeof(DEVICES) / sizeof(DEVICES[0]); i++) {
		if (rc == ERR_OK)
			rc = allow_device(&landlock, DEVICES[i], why);
	}
	for (size_t i = 0; i < places->count && rc == ERR_OK; i++)
		rc = allow_place(&landlock, &places->list[i], why);
	if (rc == ERR_OK)
		rc = landlock_enforce(&landlock, why);
	landlock_end(&landlock);
	/* Otherwise a set-uid program would have more rights than the user. */
	if (rc == ERR_OK && prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0, 0, 0) != 0)
		rc = error_set(why, ERR_SYSTEM, "PR_SET_NO_NEW_PRIVS: %m");
	return rc;
}

enum err
confinement_check(uid_t uid, struct error *why)
{
	int version;

	return check(uid, &version, why);
}

/* Verifies with the kernel what was done. */
static enum err
look(struct confinement *confinement, struct error *why)
{
	struct mount_ns ns;
	enum err rc = mount_ns_self(&ns, why);

	if (rc == ERR_OK)
		rc = confined_check(&ns, why);
	if (rc == ERR_OK)
		confinement->own = ns;
	return rc;
}

/* Makes the namespace of a later session first, then that of its host. */
static enum err
enter_host(struct confinement *confinement, struct places *session,
    const struct confine_policy *policy, const char *home, struct error *why)
{
	struct places host = {0};
	enum err rc = find_places(&host, CONFINE_PATHS_HOST, policy, home, why);

	if (rc == ERR_OK)
		rc = mount_ns_prepare(session, &confinement->session_fd,
		    &confinement->session, why);
	if (rc == ERR_OK)
		rc = mount_ns_enter(&host, why);
	confine_paths_free(&host);
	return rc;
}

static enum err
enter(struct confinement *confinement, enum confine_paths_view view,
    const struct config *config, uid_t uid, const char *home, struct error *why)
{
	const struct confine_policy *policy = &config->confine;
	struct places places = {0};
	int version = 0;
	enum err rc = check(uid, &version, why);

	if (rc == ERR_OK)
		rc = find_places(
		    &places, CONFINE_PATHS_SESSION, policy, home, why);
	/* Before Landlock: nothing can be mounted in a domain. */
	if (rc == ERR_OK)
		rc = view == CONFINE_PATHS_HOST
		    ? enter_host(confinement, &places, policy, home, why)
		    : mount_ns_enter(&places, why);
	/* The host may change what a session may: the child inherits it. */
	if (rc == ERR_OK)
		rc = give_up_rights(&places, version, why);
	if (rc == ERR_OK)
		rc = look(confinement, why);
	if (rc != ERR_OK) {
		confinement_release(confinement);
		*confinement = (struct confinement){0};
	} else {
		confinement->uid = uid;
	}
	confine_paths_free(&places);
	return rc;
}

enum err
confinement_enter(struct confinement *confinement, const struct config *config,
    uid_t uid, const char *home, struct error *why)
{
	return enter(
	    confinement, CONFINE_PATHS_SESSION, config, uid, home, why);
}

enum err
confinement_enter_host(struct confinement *confinement,
    const struct config *config, uid_t uid, const char *home, struct error *why)
{
	return enter(confinement, CONFINE_PATHS_HOST, config, uid, home, why);
}

/* A host may have closed the descriptor, and reused its number. */
static bool
has_session(const struct confinement *confinement)
{
	return mount_ns_is_behind(
	    &confinement->session, confinement->session_fd);
}

bool
confinement_holds(const struct confinement *confinement)
{
	return confined_check(&confinement->own, NULL) == ERR_OK ||
	    confined_check(&confinement->session, NULL) == ERR_OK;
}

bool
confinement_is_prepared(const struct confinement *confinement)
{
	return confinement->session.inode != 0;
}

enum err
confinement_narrow(struct confinement *confinement, struct error *why)
{
	enum err rc;

	if (confined_check(&confinement->session, NULL) == ERR_OK)
		return ERR_OK;
	if (!has_session(confinement))
		return error_set(why, ERR_SYSTEM,
		    "the mounts that were made for the session are gone");
	rc = mount_ns_join(confinement->session_fd, why);
	if (rc == ERR_OK)
		rc = confined_check(&confinement->session, why);
	confinement_release(confinement);
	return rc;
}

void
confinement_release(struct confinement *confinement)
{
	if (has_session(confinement))
		(void)close(confinement->session_fd);
	confinement->session_fd = -1;
}
