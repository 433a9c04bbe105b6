/* Through other processes of the same user, which are not confined. */
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tries.h"

/* /proc/PID/what of the process outside. */
static const char *
proc(const char *what)
{
	static char path[PATH_MAX];

	(void)snprintf(
	    path, sizeof(path), "/proc/%d/%s", outside_find().pid, what);
	return path;
}

static int
attach(void)
{
	pid_t pid = outside_find().pid;

	if (ptrace(PTRACE_ATTACH, pid, NULL, NULL) != 0)
		return errno;
	(void)waitpid(pid, NULL, __WALL);
	return outcome(ptrace(PTRACE_DETACH, pid, NULL, NULL));
}

static int
seize(void)
{
	return outcome(ptrace(PTRACE_SEIZE, outside_find().pid, NULL, NULL));
}

static int
write_memory(void)
{
	struct outside outside = outside_find();
	char byte = 'x';
	struct iovec from = {&byte, 1}, to = {outside.memory, 1};

	return outcome(process_vm_writev(outside.pid, &from, 1, &to, 1, 0));
}

static int
open_memory(void)
{
	return outcome(open(proc("mem"), O_RDWR));
}

static int
take_descriptor(void)
{
	struct outside outside = outside_find();
	int pidfd = (int)syscall(SYS_pidfd_open, outside.pid, 0);

	return outcome(syscall(SYS_pidfd_getfd, pidfd, outside.fd, 0));
}

static int
by_root(void)
{
	return outcome(
	    open(proc("root/tmp/new"), O_WRONLY | O_CREAT | O_EXCL, 0600));
}

static int
by_directory(void)
{
	return outcome(
	    open(proc("cwd/new"), O_WRONLY | O_CREAT | O_EXCL, 0600));
}

static int
by_descriptor(void)
{
	char what[32];

	(void)snprintf(what, sizeof(what), "fd/%d", outside_find().fd);
	return outcome(open(proc(what), O_WRONLY));
}

static int
mode_by_root(void)
{
	char directory[200], what[256];

	if (getcwd(directory, sizeof(directory)) == NULL)
		return errno;
	(void)snprintf(what, sizeof(what), "root%s/file", directory);
	return outcome(chmod(proc(what), 0640));
}

static int
by_namespace(void)
{
	return outcome(open(proc("ns/mnt"), O_RDONLY));
}

static int
send_signal(void)
{
	return outcome(kill(outside_find().pid, SIGUSR1));
}

static int
send_null_signal(void)
{
	return outcome(kill(outside_find().pid, 0));
}

static int
queue_signal(void)
{
	return outcome(
	    sigqueue(outside_find().pid, SIGUSR1, (union sigval){0}));
}

static int
send_to_thread(void)
{
	pid_t pid = outside_find().pid;

	return outcome(syscall(SYS_tgkill, pid, pid, SIGUSR1));
}

static int
send_by_pidfd(void)
{
	int pidfd = (int)syscall(SYS_pidfd_open, outside_find().pid, 0);

	return outcome(syscall(SYS_pidfd_send_signal, pidfd, SIGUSR1, NULL, 0));
}

/* The kernel sends the signal on behalf of whoever asked for it. */
static int
send_by_owner(void)
{
	int before = outside_signals(), after, fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0 ||
	    fcntl(fds[0], F_SETSIG, SIGUSR1) != 0 ||
	    fcntl(fds[0], F_SETOWN, outside_find().pid) != 0 ||
	    fcntl(fds[0], F_SETFL, O_ASYNC) != 0 || write(fds[1], "x", 1) != 1)
		return errno;
	after = outside_signals();
	if (before < 0 || after < 0)
		return ECONNREFUSED;
	return after > before ? 0 : EPERM;
}

/* A copy of test(1) that is set-uid root. */
static int
be_root(void)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		(void)execl("/usr/local/bin/set-uid", "set-uid", "-r",
		    "/etc/shadow", NULL);
		_exit(127);
	}
	(void)waitpid(pid, &status, 0);
	return status == 0 ? 0 : EPERM;
}

static int
write_to_terminal(void)
{
	int fd = open(outside_find().tty, O_WRONLY | O_NOCTTY);

	return fd < 0 ? errno : outcome(write(fd, "x", 1));
}

static int
limit(void)
{
	struct rlimit none = {0, 0};

	return outcome(prlimit(outside_find().pid, RLIMIT_CORE, &none, NULL));
}

static int
slow_down(void)
{
	return outcome(setpriority(PRIO_PROCESS, (id_t)outside_find().pid, 19));
}

const struct try tries_processes[] = {
    {"refused", "ptrace: attach", attach},
    {"refused", "ptrace: seize", seize},
    {"refused", "process_vm_writev", write_memory},
    {"refused", "/proc/PID/mem", open_memory},
    {"refused", "pidfd_getfd", take_descriptor},
    {"refused", "/proc/PID/root", by_root},
    {"refused", "/proc/PID/cwd", by_directory},
    {"refused", "/proc/PID/fd", by_descriptor},
    {"refused", "chmod by /proc/PID/root", mode_by_root},
    {"refused", "/proc/PID/ns/mnt", by_namespace},
    {"refused", "kill", send_signal, 6},
    {"refused", "kill with signal 0", send_null_signal, 6},
    {"refused", "sigqueue", queue_signal, 6},
    {"refused", "tgkill", send_to_thread, 6},
    {"refused", "pidfd_send_signal", send_by_pidfd, 6},
    {"refused", "F_SETOWN", send_by_owner, 6},
    {"refused", "a set-uid program", be_root},
    {"remains", "another terminal of the user", write_to_terminal},
    {"remains", "limits of another process", limit},
    {"remains", "priority of another process", slow_down},
    {0},
};
