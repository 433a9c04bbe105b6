/*
 * older VERSION COMMAND [ARG...]
 *
 * Runs the command, and all that comes of it, on a kernel whose Landlock seems
 * to have this version: that is what it says, and what that version does not
 * know it refuses as such a kernel does. What it enforces is in the rights that
 * are asked for, so that it does no more than the old one did. As root, since a
 * filter without that would take away the rights of set-uid programs.
 *
 * Ends when the command does, with its status; what is left of it then finds no
 * Landlock at all.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* struct landlock_ruleset_attr, as version 6 has it. */
struct ruleset {
	uint64_t handled_access_fs;
	uint64_t handled_access_net;
	uint64_t scoped;
};

/*
 * What each version knows, from Documentation/userspace-api/landlock.rst: how
 * many rights to files, to the network, and scopes, and the size of the struct.
 */
static const struct {
	unsigned files, network, scopes;
	size_t size;
} VERSIONS[] = {
    {0, 0, 0, 0},
    {13, 0, 0, 8},
    {14, 0, 0, 8},
    {15, 0, 0, 8},
    {15, 2, 0, 16},
    {16, 2, 0, 16},
    {16, 2, 2, 24},
};

#define VERSION_LAST (sizeof(VERSIONS) / sizeof(VERSIONS[0]) - 1)

static unsigned long version;

/* In the child: from now on the filter asks about this call. */
static int
install_filter(void)
{
	struct sock_filter code[] = {
	    BPF_STMT(
		BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	    BPF_JUMP(
		BPF_JMP | BPF_JEQ | BPF_K, SYS_landlock_create_ruleset, 0, 1),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {sizeof(code) / sizeof(code[0]), code};

	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
	    SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
}

static _Noreturn void
run(char **argv, int tell, int go)
{
	int listener = install_filter();
	char byte;

	if (listener < 0)
		err(126, "seccomp");
	if (write(tell, &listener, sizeof(listener)) != sizeof(listener) ||
	    read(go, &byte, 1) != 1)
		err(126, "older");
	(void)close(listener);
	(void)execvp(argv[0], argv);
	err(127, "%s", argv[0]);
}

/* The answer of such a kernel to these arguments: 0 or an error. */
static int
judge(pid_t pid, const struct seccomp_data *call)
{
	struct ruleset asked = {0};
	char bytes[256] = {0};
	size_t size = (size_t)call->args[1];
	struct iovec to = {bytes, size};
	struct iovec from = {(void *)(uintptr_t)call->args[0], size};

	if (size < sizeof(asked.handled_access_fs))
		return EINVAL;
	if (size > sizeof(bytes))
		return E2BIG;
	if (process_vm_readv(pid, &to, 1, &from, 1, 0) != (ssize_t)size)
		return EFAULT;
	for (size_t i = VERSIONS[version].size; i < size; i++) {
		if (bytes[i] != 0)
			return E2BIG;
	}
	memcpy(&asked, bytes, sizeof(asked));
	if (asked.handled_access_fs >> VERSIONS[version].files != 0 ||
	    asked.handled_access_net >> VERSIONS[version].network != 0 ||
	    asked.scoped >> VERSIONS[version].scopes != 0)
		return EINVAL;
	return 0;
}

static void
answer(int listener)
{
	struct seccomp_notif question = {0};
	struct seccomp_notif_resp reply = {0};

	/* The caller may be gone by now. */
	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &question) != 0)
		return;
	reply.id = question.id;
	if (question.data.args[2] == LANDLOCK_CREATE_RULESET_VERSION)
		reply.val = (int64_t)version;
	else if (question.data.args[2] != 0)
		reply.error = -EINVAL;
	else
		reply.error = -judge((pid_t)question.pid, &question.data);
	if (question.data.args[2] == 0 && reply.error == 0)
		reply.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	(void)ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &reply);
}

/* Answers until the child ends; returns its status. */
static int
serve(pid_t child, int pidfd, int listener)
{
	struct pollfd polls[] = {{pidfd, POLLIN, 0}, {listener, POLLIN, 0}};
	int status = 0;

	while ((polls[0].revents & POLLIN) == 0) {
		if (poll(polls, 2, -1) < 0 && errno != EINTR)
			err(126, "poll");
		if ((polls[1].revents & POLLIN) != 0)
			answer(listener);
	}
	(void)waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int
main(int argc, char **argv)
{
	int tell[2], go[2], pidfd, number, listener;
	pid_t child;

	version = argc < 3 ? 0 : strtoul(argv[1], NULL, 10);
	if (version < 1 || version > VERSION_LAST)
		errx(2, "usage: older 1-%zu COMMAND [ARG...]", VERSION_LAST);
	if (pipe2(tell, O_CLOEXEC) != 0 || pipe2(go, O_CLOEXEC) != 0 ||
	    (child = fork()) < 0)
		err(126, "older");
	if (child == 0)
		run(argv + 2, tell[1], go[0]);
	(void)close(tell[1]);
	pidfd = (int)syscall(SYS_pidfd_open, child, 0);
	if (pidfd < 0 || read(tell[0], &number, sizeof(number)) < 1)
		err(126, "older");
	listener = (int)syscall(SYS_pidfd_getfd, pidfd, number, 0);
	if (listener < 0 || write(go[1], "", 1) != 1)
		err(126, "older");
	return serve(child, pidfd, listener);
}
