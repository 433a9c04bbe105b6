#include "doctor/subprocess.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/deadline.h"
#include "cli/signals.h"

#define PATIENCE 10000 /* milliseconds */
#define NO_PROGRAM 127

static void
become(const char *const argv[], int output)
{
	static char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	static char locale[] = "LC_ALL=C";
	static char *const environment[] = {path, locale, NULL};
	int null = open("/dev/null", O_RDONLY);

	if (null < 0 || dup2(null, STDIN_FILENO) < 0 ||
	    dup2(output, STDOUT_FILENO) < 0 || dup2(output, STDERR_FILENO) < 0)
		_exit(NO_PROGRAM);
	signals_give_back();
	execve(argv[0], (char *const *)(uintptr_t)argv, environment);
	_exit(NO_PROGRAM);
}

/* Reads until end of file or the deadline; drops what does not fit. */
static bool
read_output(int fd, char *said, size_t size, int64_t deadline)
{
	size_t len = 0;
	ssize_t got = 1;

	while (got != 0) {
		struct pollfd wait = {.fd = fd, .events = POLLIN};
		int left = deadline_poll(deadline);
		char rest[512];

		if (left == 0 || poll(&wait, 1, left) == 0)
			break;
		if (len + 1 < size) {
			got = read(fd, said + len, size - 1 - len);
			len += got > 0 ? (size_t)got : 0;
		} else {
			got = read(fd, rest, sizeof(rest));
		}
		if (got < 0 && errno != EINTR)
			break;
	}
	said[len] = '\0';
	return got == 0;
}

/* Waits for the process; kills it first unless it has ended. */
static int
wait_for(pid_t pid, bool has_ended)
{
	int status = -1;

	if (!has_ended)
		(void)kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return status;
}

enum err
subprocess_run(const char *const argv[], char *said, size_t size, int *status,
    struct error *why)
{
	int64_t deadline = deadline_in(PATIENCE);
	int ends[2], result;
	bool has_ended;
	pid_t pid;

	said[0] = '\0';
	if (pipe2(ends, O_CLOEXEC) != 0)
		return error_set(why, ERR_SYSTEM, "pipe: %s", strerror(errno));
	pid = fork();
	if (pid == 0)
		become(argv, ends[1]);
	(void)close(ends[1]);
	has_ended = pid > 0 && read_output(ends[0], said, size, deadline);
	(void)close(ends[0]);
	if (pid < 0)
		return error_set(why, ERR_SYSTEM, "fork: %s", strerror(errno));
	result = wait_for(pid, has_ended);
	if (!WIFEXITED(result) || WEXITSTATUS(result) == NO_PROGRAM)
		return error_set(why, ERR_SYSTEM,
		    "%s: cannot be run, or does not end", argv[0]);
	*status = WEXITSTATUS(result);
	return ERR_OK;
}
