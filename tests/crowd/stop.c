/*
 * stop NUMBER FILE COMMAND [ARG...]: runs a command, and stops it by SIGSTOP
 * after its system call of this number, counted from the one that opens FILE.
 * Prints its process id and the number of that call in the kernel's table, and
 * leaves it so. If the command ends before, prints how many there were, and
 * exits 3. What the command prints goes to standard error.
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

/* Whether the process is at a call that opens the file. */
static bool
opens(pid_t pid, const struct ptrace_syscall_info *info, const char *file)
{
	char path[PATH_MAX] = "";
	struct iovec here = {path, strlen(file) + 1};
	struct iovec there = {
	    (void *)(uintptr_t)info->entry.args[1], strlen(file) + 1};

	return info->entry.nr == SYS_openat &&
	    process_vm_readv(pid, &here, 1, &there, 1, 0) > 0 &&
	    strcmp(path, file) == 0;
}

/*
 * Lets it run to its next stop, and gives it its signals on the way. False: it
 * has ended.
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
 * Runs to the end of that call, and returns how many there have been: less if
 * it has ended. *call is set to the last one.
 */
static unsigned long
run_to(pid_t pid, unsigned long number, const char *file, uint64_t *call)
{
	struct ptrace_syscall_info info;
	unsigned long count = 0;
	bool done = false;

	while (!done && step(pid, &info)) {
		if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
			*call = info.entry.nr;
			if (count > 0 || opens(pid, &info, file))
				count++;
		} else {
			done = count >= number;
		}
	}
	/* In the midst of the last call it has ended. */
	return done ? count : count - (count >= number);
}

int
main(int argc, char **argv)
{
	unsigned long number, count;
	uint64_t call = 0;
	int status;
	pid_t pid;

	if (argc < 4) {
		fputs("usage: stop NUMBER FILE COMMAND [ARG...]\n", stderr);
		return 2;
	}
	pid = start(argv + 3);
	if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		return 1;
	if (ptrace(PTRACE_SETOPTIONS, pid, NULL,
		(void *)(uintptr_t)(PTRACE_O_TRACESYSGOOD |
		    PTRACE_O_EXITKILL)) != 0)
		err(1, "ptrace");
	number = strtoul(argv[1], NULL, 10);
	count = run_to(pid, number, argv[2], &call);
	if (count < number) {
		printf("%lu\n", count);
		return ENDED;
	}
	if (ptrace(PTRACE_DETACH, pid, NULL, (void *)(uintptr_t)SIGSTOP) != 0)
		err(1, "ptrace");
	printf("%d %llu\n", pid, (unsigned long long)call);
	return 0;
}
