#include "isolation/scheduling.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/ioprio.h>
#include <linux/mempolicy.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FIRST 1       /* init, of the machine or container */
#define SLACK 50000   /* nanoseconds; the same as init's */
#define CPUS 8192     /* the most Linux can be built for */
#define USUAL_LEVEL 4 /* I/O level at nice value 0 */
#define AUTOGROUP "/proc/self/autogroup"
#define NICE " nice "

/* For sched_setattr(2), which not every libc has; with Linux 5.3's clamps. */
struct attributes {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t slice; /* 0: the usual one */
	uint64_t deadline, period;
	uint32_t least, most; /* UINT32_MAX: reset */
};

#define RESET_ON_FORK 0x01U
#define CLAMPS 0x60U

static bool
get_attributes(pid_t pid, struct attributes *is)
{
	memset(is, 0, sizeof(*is));
	return syscall(SYS_sched_getattr, pid, is, sizeof(*is), 0) == 0;
}

static bool
set_attributes(struct attributes *wanted)
{
	wanted->size = sizeof(*wanted);
	wanted->flags |= CLAMPS;
	wanted->least = wanted->most = UINT32_MAX;
	if (syscall(SYS_sched_setattr, 0, wanted, 0) == 0)
		return true;
	/* A kernel may be older, or built without clamps. */
	if (errno != EOPNOTSUPP && errno != E2BIG && errno != EINVAL)
		return false;
	wanted->size = (uint32_t)offsetof(struct attributes, least);
	wanted->flags &= ~(uint64_t)CLAMPS;
	return syscall(SYS_sched_setattr, 0, wanted, 0) == 0;
}

/*
 * Each of these functions changes only what is worse than usual, and returns
 * whether all is well; if not, errno is set. In a container or a service a
 * change may be forbidden, but not needed: what init has too is the same for
 * all logins.
 */

static bool
is_no_worse(const struct attributes *is, const struct attributes *than)
{
	return is->policy == than->policy && is->nice <= than->nice &&
	    is->slice <= than->slice && is->most >= than->most;
}

static bool
reset_processor(void)
{
	struct attributes is, usual, first, wanted = {.policy = SCHED_OTHER};
	bool has_first = get_attributes(FIRST, &first);
	int error;

	if (!get_attributes(0, &is))
		return false;
	usual = first;
	usual.policy = SCHED_OTHER;
	usual.nice = 0;
	if (has_first && is_no_worse(&is, &usual))
		return true;
	wanted.nice = is.nice < 0 ? is.nice : 0;
	wanted.flags = is.flags & RESET_ON_FORK;
	if (set_attributes(&wanted))
		return true;
	error = errno;
	if (has_first && is_no_worse(&is, &first))
		return true;
	errno = error;
	return false;
}

/*
 * A session has a nice value, too (sched(7)), which its owner can set again at
 * any time. It counts if nobody, such as a service manager, has made control
 * groups for processors.
 */
static bool
reset_autogroup(void)
{
	int fd = open(AUTOGROUP, O_RDWR | O_CLOEXEC);
	char text[64] = "", *nice;
	bool ok;

	/* If /proc is read-only, nobody can have changed it. */
	if (fd < 0)
		return errno == ENOENT || errno == EROFS;
	ok = read(fd, text, sizeof(text) - 1) >= 0;
	/* For example: /autogroup-25 nice 19 */
	nice = strstr(text, NICE);
	if (ok && nice != NULL && strtol(nice + strlen(NICE), NULL, 10) > 0)
		ok = write(fd, "0", 1) == 1;
	(void)close(fd);
	return ok;
}

static bool
reset_io(void)
{
	long is = syscall(SYS_ioprio_get, IOPRIO_WHO_PROCESS, 0);
	unsigned long class, level;

	if (is < 0)
		return errno == ENOSYS;
	class = IOPRIO_PRIO_CLASS((unsigned long)is);
	level = IOPRIO_PRIO_DATA((unsigned long)is);
	if (class != IOPRIO_CLASS_IDLE &&
	    (class != IOPRIO_CLASS_BE || level <= USUAL_LEVEL))
		return true;
	return syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0,
		   IOPRIO_PRIO_VALUE(IOPRIO_CLASS_NONE, 0)) == 0;
}

/* Asks for all processors; the kernel picks those in the cpuset. */
static bool
reset_affinity(void)
{
	unsigned long all[CPUS / (8 * sizeof(unsigned long))] = {0};
	cpu_set_t *set = (cpu_set_t *)all;

	if (sched_getaffinity(0, sizeof(all), set) != 0)
		return false;
	if (CPU_COUNT_S(sizeof(all), set) >= sysconf(_SC_NPROCESSORS_ONLN))
		return true;
	memset(all, 0xff, sizeof(all));
	return sched_setaffinity(0, sizeof(all), set) == 0;
}

/* A waiting writer holds up readers while it sleeps: see lock.c. */
static bool
reset_slack(void)
{
	return prctl(PR_SET_TIMERSLACK, SLACK, 0, 0, 0) == 0;
}

static bool
reset_memory(void)
{
	int mode = MPOL_DEFAULT;

	/* A container that may not query it cannot have set it. */
	if (syscall(SYS_get_mempolicy, &mode, NULL, 0, NULL, 0) != 0)
		return errno == ENOSYS || errno == EPERM;
	return mode == MPOL_DEFAULT ||
	    syscall(SYS_set_mempolicy, MPOL_DEFAULT, NULL, 0) == 0;
}

static const struct {
	bool (*reset)(void);
	const char *what, *without;
} RESETS[] = {
    {reset_processor, "the scheduling policy normal, and the nice value 0",
	"chrt and nice"},
    {reset_autogroup, "the session's nice value 0 (" AUTOGROUP ")", "it"},
    {reset_io, "the I/O class the usual one", "ionice"},
    {reset_affinity, "the affinity all processors", "taskset"},
    {reset_slack, "the timer slack the usual one", "it"},
    {reset_memory, "the memory policy the usual one", "numactl"},
};

/*
 * These limits would kill us. That does no harm, but must not be due to time
 * that our caller has used up. Without the privilege they stay.
 */
static void
lift_limits(void)
{
	static const struct rlimit NONE = {RLIM_INFINITY, RLIM_INFINITY};

	(void)setrlimit(RLIMIT_CPU, &NONE);
	(void)setrlimit(RLIMIT_RTTIME, &NONE);
}

enum err
scheduling_reset(struct error *why)
{
	lift_limits();
	for (size_t i = 0; i < sizeof(RESETS) / sizeof(RESETS[0]); i++) {
		if (RESETS[i].reset())
			continue;
		return error_set(why, ERR_SYSTEM,
		    "cannot make %s: %s; start tokenadm without %s: others "
		    "wait for its lock",
		    RESETS[i].what, strerror(errno), RESETS[i].without);
	}
	return ERR_OK;
}
