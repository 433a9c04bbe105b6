/*
 * hamper COMMAND [ARG...]: runs a command as slowly as an ordinary user can
 * make his own, in every attribute that a set-uid program inherits: policy,
 * slice and nice values of process and session, I/O class, one processor, timer
 * slack of ten seconds, memory of one node, an hour of processor time.
 *
 * hamper -s PID: shows a process's slice in nanoseconds, or its policy if that
 * has no slice.
 */
#include <err.h>
#include <fcntl.h>
#include <linux/ioprio.h>
#include <linux/mempolicy.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SLACK 10000000000UL /* nanoseconds */
#define SLICE 100000000UL   /* likewise; the longest */
#define HOUR 3600

/* sched_setattr(2), which not every libc has. */
struct attributes {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t slice, deadline, period;
};

static int
show_slice(const char *pid)
{
	struct attributes is;

	if (syscall(SYS_sched_getattr, strtol(pid, NULL, 10), &is, sizeof(is),
		0) != 0)
		err(1, "%s", pid);
	printf("%llu\n", (unsigned long long)is.slice);
	return 0;
}

/* Linux 6.12 has slices; older kernels ignore it. */
static void
hamper_process(void)
{
	static const struct sched_param NONE = {0};
	struct attributes slow = {
	    .size = sizeof(slow),
	    .nice = 19,
	    .slice = SLICE,
	};
	struct rlimit hour = {HOUR, RLIM_INFINITY};
	cpu_set_t first;

	CPU_ZERO(&first);
	CPU_SET(0, &first);
	if (syscall(SYS_sched_setattr, 0, &slow, 0) != 0 ||
	    sched_setscheduler(0, SCHED_IDLE, &NONE) != 0 ||
	    sched_setaffinity(0, sizeof(first), &first) != 0 ||
	    prctl(PR_SET_TIMERSLACK, SLACK, 0, 0, 0) != 0 ||
	    setrlimit(RLIMIT_CPU, &hour) != 0 ||
	    setrlimit(RLIMIT_RTTIME, &hour) != 0 ||
	    syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0,
		IOPRIO_PRIO_VALUE(IOPRIO_CLASS_IDLE, 0)) != 0)
		err(1, "hamper");
}

/* A kernel may be built without it. */
static void
hamper_session(void)
{
	int fd = open("/proc/self/autogroup", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	(void)setsid();
	(void)!write(fd, "19", 2);
	(void)close(fd);
}

int
main(int argc, char **argv)
{
	unsigned long first_node = 1;

	if (argc == 3 && strcmp(argv[1], "-s") == 0)
		return show_slice(argv[2]);
	if (argc < 2)
		errx(2, "usage: hamper COMMAND [ARG...] | hamper -s PID");
	hamper_session();
	hamper_process();
	/* Not every kernel has nodes. */
	(void)syscall(
	    SYS_set_mempolicy, MPOL_BIND, &first_node, 8 * sizeof(first_node));
	(void)execvp(argv[1], argv + 1);
	err(1, "%s", argv[1]);
}
