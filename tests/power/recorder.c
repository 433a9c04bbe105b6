#include "recorder.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/ptrace.h>

#include "calls.h"

static void
become_command(const struct recording *recording)
{
	const char *from = recording->input != NULL ? recording->input
						    : "/dev/null";
	int in = open(from, O_RDONLY), out = open("/dev/null", O_WRONLY);

	if (in < 0 || out < 0 || dup2(in, STDIN_FILENO) < 0)
		err(2, "%s", from);
	if (recording->is_quiet &&
	    (dup2(out, STDOUT_FILENO) < 0 || dup2(out, STDERR_FILENO) < 0))
		err(2, "/dev/null");
	(void)close(in);
	(void)close(out);
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0 || raise(SIGSTOP) != 0)
		err(2, "ptrace");
	(void)execvp(recording->argv[0], recording->argv);
	err(2, "%s", recording->argv[0]);
}

static int
wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			err(2, "waitpid");
	}
	return status;
}

static pid_t
start(const struct recording *recording)
{
	pid_t pid;

	(void)fflush(NULL);
	pid = fork();
	if (pid < 0)
		err(2, "fork");
	if (pid == 0)
		become_command(recording);
	if (!WIFSTOPPED(wait_for(pid)))
		errx(2, "ptrace: not allowed");
	if (ptrace(PTRACE_SETOPTIONS, pid, NULL,
		PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL) != 0)
		err(2, "ptrace");
	return pid;
}

/* Seeds differ by command, so that no two tokens have the same id. */
static uint64_t
seed_of(const struct recording *recording)
{
	uint64_t hash = recording->seed + 1;

	for (char *const *word = recording->argv; *word != NULL; word++) {
		for (const char *c = *word; *c != '\0'; c++)
			hash = (hash ^ (uint8_t)*c) * UINT64_C(0x100000001b3);
	}
	return hash;
}

/* Continues until the command next enters or leaves a call, or ends. */
static int
next_stop(pid_t pid, int signal_number)
{
	for (;;) {
		int status;

		if (ptrace(PTRACE_SYSCALL, pid, NULL, signal_number) != 0)
			err(2, "ptrace");
		status = wait_for(pid);
		if (!WIFSTOPPED(status) || WSTOPSIG(status) == (SIGTRAP | 0x80))
			return status;
		/*
		 * execve stops with a plain SIGTRAP, which must not be
		 * delivered.
		 */
		signal_number = WSTOPSIG(status) == SIGTRAP ? 0
							    : WSTOPSIG(status);
	}
}

static void
look_at_call(struct calls *calls)
{
	struct ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, calls->pid, sizeof(info), &info) <
	    0)
		err(2, "ptrace");
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
		calls_enter(
		    calls, info.entry.nr, (const uint64_t *)info.entry.args);
	else if (info.op == PTRACE_SYSCALL_INFO_EXIT)
		calls_leave(calls, info.exit.rval);
}

int
recorder_run(struct trace *trace, const struct recording *recording)
{
	struct calls calls = {
	    .trace = trace,
	    .root = recording->root,
	    .random = seed_of(recording),
	};
	int status;

	calls.pid = start(recording);
	calls_start(&calls);
	for (;;) {
		status = next_stop(calls.pid, 0);
		if (!WIFSTOPPED(status))
			break;
		look_at_call(&calls);
		if (recording->kill_at == 0 ||
		    calls.changes < recording->kill_at)
			continue;
		(void)kill(calls.pid, SIGKILL);
		(void)wait_for(calls.pid);
		break;
	}
	if (!WIFEXITED(status))
		return -1;
	if (WEXITSTATUS(status) == 0 && trace != NULL)
		trace_add(trace, (struct op){.kind = OP_ACK}, 0);
	return WEXITSTATUS(status);
}
