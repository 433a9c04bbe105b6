/*
 * stop NUMBER DIRECTORY COMMAND [ARG...]: runs a command, and stops it with
 * SIGSTOP after the system call of this number, counting only calls made while
 * it has a file in the directory open. Prints its process id and the call's
 * number in the kernel's table, and leaves it stopped. If the command ends
 * before that, prints how many calls there were, and exits 3. The command's
 * output goes to standard error.
 */
#include <err.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/ptrace.h>

#define ENDED 3
#define SYSCALL_STOP (SIGTRAP | 0x80)

static pid_t
start(char **argv)
{
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (pid > 0)
		return pid;
	if (dup2(STDERR_FILENO, STDOUT_FILENO) < 0 ||
	    ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
		err(1, "ptrace");
	(void)execvp(argv[0], argv);
	err(1, "%s", argv[0]);
}

struct traced {
	pid_t pid;
	const char *directory;
	uint64_t call; /* the last call that was entered */
	bool opens;    /* it opens a file in the directory */
	int closes;    /* the descriptor that it closes, or -1 */
	fd_set files;  /* those of the directory that are open */
	unsigned open; /* so many */
};

static bool
is_in_directory(const struct traced *traced, uint64_t address)
{
	size_t len = strlen(traced->directory);
	char path[PATH_MAX];
	struct iovec here = {path, len + 1};
	struct iovec there = {(void *)(uintptr_t)address, len + 1};

	return len < sizeof(path) &&
	    process_vm_readv(traced->pid, &here, 1, &there, 1, 0) ==
	    (ssize_t)(len + 1) &&
	    memcmp(path, traced->directory, len) == 0 && path[len] == '/';
}

static void
note_begin(struct traced *traced, const struct ptrace_syscall_info *info)
{
	const __u64 *args = info->entry.args;

	traced->call = info->entry.nr;
	traced->opens = traced->call == SYS_openat &&
	    is_in_directory(traced, args[1]);
	traced->closes = traced->call == SYS_close && args[0] < FD_SETSIZE
	    ? (int)args[0]
	    : -1;
}

/* Whether a file of the directory was open before the call or is now. */
static bool
note_end(struct traced *traced, const struct ptrace_syscall_info *info)
{
	bool counts = traced->open > 0;
	int64_t result = info->exit.rval;

	if (traced->opens && result >= 0 && result < FD_SETSIZE) {
		FD_SET((int)result, &traced->files);
		traced->open++;
	}
	if (traced->closes >= 0 && FD_ISSET(traced->closes, &traced->files)) {
		FD_CLR(traced->closes, &traced->files);
		traced->open--;
	}
	return counts || traced->open > 0;
}

/*
 * Lets it run to its next stop, and delivers its signals on the way. False if
 * it has ended.
 */
static bool
step(pid_t pid, struct ptrace_syscall_info *info)
{
	int status, signal = 0;

	do {
		if (ptrace(PTRACE_SYSCALL, pid, NULL,
			(void *)(uintptr_t)signal) != 0 ||
		    waitpid(pid, &status, 0) != pid)
			err(1, "ptrace");
		if (!WIFSTOPPED(status))
			return false;
		signal = WSTOPSIG(status);
	} while (signal != SYSCALL_STOP);
	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, (void *)sizeof(*info), info) <=
	    0)
		err(1, "PTRACE_GET_SYSCALL_INFO");
	return true;
}

/*
 * Runs to the end of that call. Returns how many there were, if it has ended.
 */
static unsigned long
run_to(struct traced *traced, unsigned long number)
{
	struct ptrace_syscall_info info;
	unsigned long count = 0;

	while (count < number && step(traced->pid, &info)) {
		if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
			note_begin(traced, &info);
		else if (note_end(traced, &info))
			count++;
	}
	return count;
}

int
main(int argc, char **argv)
{
	struct traced traced = {.closes = -1};
	unsigned long number, count;
	int status;

	if (argc < 4) {
		fputs(
		    "usage: stop NUMBER DIRECTORY COMMAND [ARG...]\n", stderr);
		return 2;
	}
	number = strtoul(argv[1], NULL, 10);
	traced.directory = argv[2];
	traced.pid = start(argv + 3);
	if (waitpid(traced.pid, &status, 0) != traced.pid ||
	    !WIFSTOPPED(status) ||
	    ptrace(PTRACE_SETOPTIONS, traced.pid, NULL,
		(void *)(uintptr_t)(PTRACE_O_TRACESYSGOOD |
		    PTRACE_O_EXITKILL)) != 0)
		err(1, "ptrace");
	count = run_to(&traced, number);
	if (count < number) {
		printf("%lu\n", count);
		return ENDED;
	}
	if (ptrace(PTRACE_DETACH, traced.pid, NULL,
		(void *)(uintptr_t)SIGSTOP) != 0)
		err(1, "ptrace");
	printf("%d %llu\n", traced.pid, (unsigned long long)traced.call);
	return 0;
}
