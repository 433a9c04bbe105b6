#include "hoststate.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <fenv.h>
#include <grp.h>
#include <langinfo.h>
#include <linux/keyctl.h>
#include <locale.h>
#include <malloc.h>
#include <pthread.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#define IOPRIO_WHO_PROCESS 1

static void
put_link(FILE *out, const char *directory, const char *name)
{
	char path[300], target[512];
	ssize_t len;

	(void)snprintf(path, sizeof(path), "%s/%s", directory, name);
	len = readlink(path, target, sizeof(target) - 1);
	target[len < 0 ? 0 : len] = '\0';
	(void)fprintf(out, "%s %s\n", path, target);
}

static void
put_descriptor(FILE *out, int fd)
{
	char name[16];

	(void)snprintf(name, sizeof(name), "%d", fd);
	put_link(out, "/proc/self/fd", name);
	(void)fprintf(out, "descriptor %d: flags %x, status %x, at %lld\n", fd,
	    (unsigned)fcntl(fd, F_GETFD), (unsigned)fcntl(fd, F_GETFL),
	    (long long)lseek(fd, 0, SEEK_CUR));
}

/* Asks for each number: opening a directory would add one. */
static void
put_descriptors(FILE *out)
{
	for (int fd = 0; fd < 256; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			put_descriptor(out, fd);
}

static void
put_signals(FILE *out)
{
	struct sigaction action;
	stack_t stack;

	for (int number = 1; number < _NSIG; number++) {
		/* Some are libc's own. */
		if (sigaction(number, NULL, &action) != 0)
			continue;
		(void)fprintf(out, "signal %d: %p, flags %x, mask", number,
		    *(void **)&action.sa_handler, (unsigned)action.sa_flags);
		for (int other = 1; other < _NSIG; other++)
			(void)fprintf(
			    out, "%d", sigismember(&action.sa_mask, other));
		(void)fputc('\n', out);
	}
	(void)sigaltstack(NULL, &stack);
	(void)fprintf(out, "signal stack %p, %zu, %x\n", stack.ss_sp,
	    stack.ss_size, (unsigned)stack.ss_flags);
}

/* A file of /proc, without the lines that count up. */
static void
put_file(FILE *out, const char *path, const char *const *without)
{
	char line[4096];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");

	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		bool is_left_out = false;

		for (size_t i = 0; without != NULL && without[i] != NULL; i++)
			if (strncmp(line, without[i], strlen(without[i])) == 0)
				is_left_out = true;
		if (!is_left_out)
			(void)fprintf(out, "%s %s%s", path, line,
			    strchr(line, '\n') == NULL ? "\n" : "");
	}
	if (file != NULL)
		(void)fclose(file);
}

static void
put_proc(FILE *out)
{
	/* Memory has its own test; the others are not ours alone. */
	static const char *const COUNTERS[] = {"State", "FDSize", "SigQ", "Vm",
	    "Rss", "voluntary_ctxt", "nonvoluntary_ctxt", NULL};
	static const char *const FILES[] = {"autogroup", "cgroup", "comm",
	    "coredump_filter", "gid_map", "loginuid", "oom_score_adj",
	    "personality", "sessionid", "setgroups", "timers", "timerslack_ns",
	    "uid_map", "attr/current"};
	static const char *const NAMESPACES[] = {"cgroup", "ipc", "mnt", "net",
	    "pid", "pid_for_children", "time", "time_for_children", "user",
	    "uts"};
	char path[64];

	put_file(out, "/proc/self/status", COUNTERS);
	for (size_t i = 0; i < sizeof(FILES) / sizeof(FILES[0]); i++) {
		(void)snprintf(path, sizeof(path), "/proc/self/%s", FILES[i]);
		put_file(out, path, NULL);
	}
	for (size_t i = 0; i < sizeof(NAMESPACES) / sizeof(NAMESPACES[0]); i++)
		put_link(out, "/proc/self/ns", NAMESPACES[i]);
}

static void
put_limits(FILE *out)
{
	static const int OPTIONS[] = {PR_GET_CHILD_SUBREAPER, PR_GET_DUMPABLE,
	    PR_GET_KEEPCAPS, PR_GET_NO_NEW_PRIVS, PR_GET_PDEATHSIG,
	    PR_GET_SECCOMP, PR_GET_SECUREBITS, PR_GET_THP_DISABLE,
	    PR_GET_TIMERSLACK, PR_GET_TIMING, PR_GET_TSC, PR_MCE_KILL_GET};
	struct rlimit limit;

	for (int what = 0; what < RLIM_NLIMITS; what++) {
		(void)getrlimit((__rlimit_resource_t)what, &limit);
		(void)fprintf(out, "limit %d: %llu, %llu\n", what,
		    (unsigned long long)limit.rlim_cur,
		    (unsigned long long)limit.rlim_max);
	}
	for (size_t i = 0; i < sizeof(OPTIONS) / sizeof(OPTIONS[0]); i++) {
		int value = 0, result = prctl(OPTIONS[i], &value, 0, 0, 0);

		(void)fprintf(
		    out, "prctl %d: %d, %d\n", OPTIONS[i], result, value);
	}
	(void)fprintf(out, "nice %d, policy %d, io %ld\n",
	    getpriority(PRIO_PROCESS, 0), sched_getscheduler(0),
	    syscall(SYS_ioprio_get, IOPRIO_WHO_PROCESS, 0));
	/* Their numbers are negative. */
	for (int i = KEY_SPEC_THREAD_KEYRING; i >= KEY_SPEC_GROUP_KEYRING; i--)
		(void)fprintf(out, "keyring %d: %ld\n", i,
		    syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, i, 0));
}

static void
put_timers(FILE *out)
{
	static const int TIMERS[] = {ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF};
	struct itimerval timer;

	for (size_t i = 0; i < 3; i++) {
		(void)getitimer((__itimer_which_t)TIMERS[i], &timer);
		(void)fprintf(out, "timer %zu: runs %d, every %ld\n", i,
		    timer.it_value.tv_sec != 0 || timer.it_value.tv_usec != 0,
		    (long)timer.it_interval.tv_sec);
	}
}

static void
put_relations(FILE *out)
{
	char path[64];
	siginfo_t info = {0};
	int result = waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT);

	(void)fprintf(out, "parent %d, group %d, session %d\n", getppid(),
	    getpgrp(), getsid(0));
	(void)fprintf(out, "waitid %d: %d\n", result, info.si_pid);
	(void)snprintf(
	    path, sizeof(path), "/proc/self/task/%d/children", getpid());
	put_file(out, path, NULL);
}

static void
put_places(FILE *out)
{
	char path[4096] = "";
	struct stat cwd = {0}, root = {0};

	(void)stat(".", &cwd);
	(void)stat("/", &root);
	(void)fprintf(out, "directory %s, %llu\nroot %llu\n",
	    getcwd(path, sizeof(path)), (unsigned long long)cwd.st_ino,
	    (unsigned long long)root.st_ino);
}

/* Functions of libc that return the same address each time. */
static void
put_buffers(FILE *out)
{
	static const time_t day = 86400;
	static const struct passwd *root;
	static const struct group *group;
	static const struct tm *local;
	static const char *address, *text;

	if (root == NULL) {
		root = getpwuid(0);
		group = getgrgid(0);
		local = localtime(&day);
		text = ctime(&day);
		address = inet_ntoa((struct in_addr){0x0100007f});
	}
	(void)fprintf(out, "buffers: %s, %s, %s, %d, %s %s", root->pw_name,
	    root->pw_dir, group->gr_name, local->tm_mday, address, text);
}

static void
put_library(FILE *out)
{
	extern char **environ;
	int cancel = 0, type = 0;

	(void)fprintf(out, "environment %p", (void *)environ);
	for (char **one = environ; one != NULL && *one != NULL; one++)
		(void)fprintf(out, " %s", *one);
	(void)fprintf(out, "\nlocale %s, %p, %s\n", setlocale(LC_ALL, NULL),
	    (void *)uselocale((locale_t)0), nl_langinfo(CODESET));
	(void)fprintf(out, "zone %s, %s, %ld, %d\n", tzname[0], tzname[1],
	    timezone, daylight);
	(void)fprintf(out, "log mask %x\n", (unsigned)setlogmask(0));
	(void)fprintf(out, "options %d, %d\n", optind, opterr);
	(void)fprintf(out, "rounding %x, traps %x\n", (unsigned)fegetround(),
	    (unsigned)fegetexcept());
	(void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
	(void)pthread_setcancelstate(cancel, NULL);
	(void)pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &type);
	(void)pthread_setcanceltype(type, NULL);
	(void)fprintf(out, "cancel %d, %d\n", cancel, type);
	(void)fprintf(out, "streams %d %d %d\n", fileno(stdin), fileno(stdout),
	    fileno(stderr));
	put_buffers(out);
}

char *
hoststate_take(void)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		return NULL;
	put_descriptors(out);
	put_signals(out);
	put_proc(out);
	put_limits(out);
	put_timers(out);
	put_relations(out);
	put_places(out);
	put_library(out);
	return fclose(out) == 0 ? text : NULL;
}

static bool
begins_with_one(const char *line, const char *const *words)
{
	for (; words != NULL && *words != NULL; words++)
		if (strncmp(line, *words, strlen(*words)) == 0)
			return true;
	return false;
}

/* Prints the lines of one text that the other lacks. */
static unsigned
print_missing(const char *heading, const char *mark, const char *text,
    const char *other, const char *const *may_differ)
{
	unsigned count = 0;
	size_t len;

	for (; *text != '\0'; text += len) {
		const char *found = other;

		len = strcspn(text, "\n") + 1;
		while (
		    (found = memmem(found, strlen(found), text, len)) != NULL &&
		    found != other && found[-1] != '\n')
			found++;
		if (found != NULL || begins_with_one(text, may_differ))
			continue;
		(void)fprintf(
		    stderr, "%s: %s %.*s", heading, mark, (int)len, text);
		count++;
	}
	return count;
}

unsigned
hoststate_compare(const char *heading, const char *before, const char *after,
    const char *const *may_differ)
{
	return print_missing(heading, "was", before, after, may_differ) +
	    print_missing(heading, "is", after, before, may_differ);
}
