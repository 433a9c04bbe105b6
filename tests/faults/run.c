#include "run.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plan.h"

#define LONGEST 60000 /* ms; a lock is waited for for one second */

static int
make_file(const char *name)
{
	int fd = memfd_create(name, 0);

	if (fd < 0 || ftruncate(fd, 0) != 0)
		err(EXIT_FAILURE, "memfd");
	return fd;
}

/* The environment that makes the dynamic linker preload the faults. */
static void
set_environment(const struct inject *inject, int report)
{
	char path[64], name[PLAN_NAME];
	const char *preload = getenv("APITOKEN_PRELOAD");

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", report);
	plan_name(inject, name);
	if (preload == NULL || setenv("LD_PRELOAD", preload, 1) != 0 ||
	    setenv("APITOKEN_INJECT", name, 1) != 0 ||
	    setenv("APITOKEN_REPORT", path, 1) != 0)
		errx(EXIT_FAILURE, "APITOKEN_PRELOAD: not given");
}

static void
become(char *const argv[], const struct inject *inject, const int fds[3])
{
	const char *given = getenv("APITOKEN_STDIN");
	int in = open(
	    given != NULL ? given : "/dev/null", O_RDONLY | O_CLOEXEC);

	set_environment(inject, fds[0]);
	if (in < 0 || dup2(in, STDIN_FILENO) < 0 ||
	    dup2(fds[1], STDOUT_FILENO) < 0 || dup2(fds[2], STDERR_FILENO) < 0)
		err(EXIT_FAILURE, "descriptors");
	(void)close(fds[1]);
	(void)close(fds[2]);
	execvp(argv[0], argv);
	err(EXIT_FAILURE, "%s", argv[0]);
}

static void
read_text(int fd, char text[RUN_TEXT])
{
	ssize_t len = pread(fd, text, RUN_TEXT - 1, 0);

	text[len > 0 ? len : 0] = '\0';
}

/* Waits until it ends, or for longer than anything healthy takes. */
static void
wait_for(struct run *run, pid_t pid)
{
	struct pollfd poller = {.fd = pidfd_open(pid, 0), .events = POLLIN};

	if (poller.fd < 0)
		err(EXIT_FAILURE, "pidfd_open");
	run->hung = poll(&poller, 1, LONGEST) == 0;
	if (run->hung)
		(void)kill(pid, SIGKILL);
	(void)close(poller.fd);
	if (waitpid(pid, &run->status, 0) != pid)
		err(EXIT_FAILURE, "waitpid");
}

void
run_command(struct run *run, char *const argv[], const struct inject *inject)
{
	const int fds[] = {
	    make_file("report"), make_file("out"), make_file("error")};
	pid_t pid;

	*run = (struct run){.status = 0};
	if (ftruncate(fds[0], sizeof(run->seen)) != 0)
		err(EXIT_FAILURE, "memfd");
	(void)fflush(NULL);
	pid = fork();
	if (pid < 0)
		err(EXIT_FAILURE, "fork");
	if (pid == 0)
		become(argv, inject, fds);
	wait_for(run, pid);
	if (pread(fds[0], &run->seen, sizeof(run->seen), 0) !=
	    sizeof(run->seen))
		errx(EXIT_FAILURE, "no report of what was broken");
	read_text(fds[1], run->out);
	read_text(fds[2], run->error);
	for (size_t i = 0; i < 3; i++)
		(void)close(fds[i]);
}

int
run_exit_code(const struct run *run)
{
	return WIFEXITED(run->status) ? WEXITSTATUS(run->status) : -1;
}
