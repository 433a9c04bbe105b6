#include "notify/notice_program.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/deadline.h"
#include "base/retry.h"
#include "base/safe_file.h"
#include "cli/signals.h"

#define NO_PROGRAM 127
#define SAID_MAX 200 /* bytes of what it said that are kept */

enum err
notice_split(
    char *text, const char *words[NOTICE_WORDS_MAX + 1], struct error *why)
{
	char *rest = text, *word;
	size_t count = 0;

	while ((word = strsep(&rest, " \t")) != NULL) {
		if (word[0] == '\0')
			continue;
		if (count == NOTICE_WORDS_MAX)
			return error_set(why, ERR_CONFIG,
			    "[notify] command: more than %d words; put them "
			    "into a script",
			    NOTICE_WORDS_MAX);
		words[count++] = word;
	}
	words[count] = NULL;
	return ERR_OK;
}

/* Whether only root may change what is in the directory. */
static enum err
check_directory(const char *path, struct error *why)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return error_set(why,
		    errno == ENOENT ? ERR_MISSING : ERR_SYSTEM, "%s: %s", path,
		    strerror(errno));
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return error_set(why, ERR_UNSAFE,
		    "%s: owned by uid %lu, not by root, who runs what is in "
		    "it",
		    path, (unsigned long)st.st_uid);
	if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return error_set(why, ERR_UNSAFE,
		    "%s: others can write to this directory, and root runs "
		    "what is in it",
		    path);
	return ERR_OK;
}

/* Each directory on the way to path, from / on. */
static enum err
check_way(const char *path, struct error *why)
{
	char way[PATH_MAX];
	size_t len = 1;
	enum err rc;

	do {
		(void)memcpy(way, path, len);
		way[len] = '\0';
		rc = check_directory(way, why);
		len += strspn(path + len, "/");
		len += strcspn(path + len, "/");
	} while (rc == ERR_OK && path[len] != '\0');
	return rc;
}

enum err
notice_check_program(const char *path, struct error *why)
{
	char real[PATH_MAX];
	enum err rc;

	if (realpath(path, real) == NULL)
		return error_set(why,
		    errno == ENOENT ? ERR_MISSING : ERR_SYSTEM, "%s: %s", path,
		    strerror(errno));
	rc = check_way(path, why);
	if (rc == ERR_OK)
		rc = check_way(real, why);
	if (rc == ERR_OK)
		rc = safe_check_name(real, SAFE_READABLE, why);
	if (rc == ERR_OK && access(real, X_OK) != 0)
		return error_set(why, ERR_UNSAFE,
		    "%s: cannot be run; mend it with: chmod a+x %s", path,
		    path);
	return rc;
}

static void
become(const char *const argv[], int input, int output)
{
	static char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	static char *const environment[] = {path, NULL};

	if (setpgid(0, 0) != 0 || chdir("/") != 0 ||
	    dup2(input, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 ||
	    dup2(output, STDERR_FILENO) < 0)
		_exit(NO_PROGRAM);
	(void)close_range(STDERR_FILENO + 1, ~0U, 0);
	signals_give_back();
	execve(argv[0], (char *const *)(uintptr_t)argv, environment);
	_exit(NO_PROGRAM);
}

/* A file in memory: what reads it waits for nobody. */
static int
make_input(const char *input, size_t len)
{
	int fd = memfd_create("notice", MFD_CLOEXEC);

	if (fd >= 0 && retry_write(fd, input, len) == 0 &&
	    lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	if (fd >= 0)
		(void)close(fd);
	return -1;
}

/* Keeps the beginning of what it says, and drops the rest. */
static void
take_output(int fd, char said[SAID_MAX + 1])
{
	char text[512];
	ssize_t got = read(fd, text, sizeof(text));
	size_t len = strlen(said);

	if (got <= 0)
		return;
	if ((size_t)got > SAID_MAX - len)
		got = (ssize_t)(SAID_MAX - len);
	memcpy(said + len, text, (size_t)got);
	said[len + (size_t)got] = '\0';
}

/*
 * Waits until the process has ended, at most until the deadline. What it left
 * behind may keep its output open for longer.
 */
static bool
wait_for_end(int process, int output, char said[SAID_MAX + 1], int64_t deadline)
{
	struct pollfd fds[] = {
	    {.fd = process, .events = POLLIN},
	    {.fd = output, .events = POLLIN},
	};

	for (;;) {
		int left = deadline_poll(deadline);

		if (left == 0)
			return false;
		if (poll(fds, 2, left) < 0 && errno != EINTR)
			return false;
		if ((fds[1].revents & POLLIN) != 0)
			take_output(output, said);
		else if ((fds[1].revents & POLLHUP) != 0)
			fds[1].fd = -1;
		if ((fds[0].revents & POLLIN) != 0) {
			take_output(output, said);
			return true;
		}
	}
}

static enum err
judge(const char *name, int status, char *said, struct error *why)
{
	said[strcspn(said, "\n")] = '\0';
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return ERR_OK;
	if (WIFEXITED(status))
		return error_set(why, ERR_SYSTEM, "%s: exit status %d%s%s",
		    name, WEXITSTATUS(status), said[0] != '\0' ? ": " : "",
		    said);
	return error_set(
	    why, ERR_SYSTEM, "%s: %s", name, strsignal(WTERMSIG(status)));
}

/* Of a child that has begun. */
static enum err
attend(
    const char *name, pid_t pid, int output, bool *has_hung, struct error *why)
{
	int64_t deadline = deadline_in(NOTICE_PATIENCE);
	int status = 0, process = (int)syscall(SYS_pidfd_open, pid, 0);
	char said[SAID_MAX + 1] = "";
	bool has_ended = false;

	if (process < 0) {
		(void)error_set(
		    why, ERR_SYSTEM, "pidfd_open: %s", strerror(errno));
	} else {
		has_ended = wait_for_end(process, output, said, deadline);
		*has_hung = !has_ended;
		(void)close(process);
	}
	if (!has_ended)
		(void)kill(-pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	if (*has_hung)
		(void)error_set(why, ERR_SYSTEM,
		    "%s: did not end within %d seconds, and was killed", name,
		    NOTICE_PATIENCE / 1000);
	return has_ended ? judge(name, status, said, why) : ERR_SYSTEM;
}

enum err
notice_run_program(const char *const argv[], const char *input, size_t len,
    bool *has_hung, struct error *why)
{
	int ends[2] = {-1, -1}, in = make_input(input, len);
	enum err rc = ERR_SYSTEM;
	pid_t pid = -1;

	*has_hung = false;
	/* Only we must not wait for it. */
	if (in < 0 || pipe2(ends, O_CLOEXEC) != 0 ||
	    fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) {
		(void)error_set(why, rc, "%s: %s", argv[0], strerror(errno));
		goto out;
	}
	pid = fork();
	if (pid == 0)
		become(argv, in, ends[1]);
	(void)close(ends[1]);
	ends[1] = -1;
	if (pid > 0) {
		(void)setpgid(pid, pid);
		rc = attend(argv[0], pid, ends[0], has_hung, why);
	} else {
		(void)error_set(why, rc, "fork: %s", strerror(errno));
	}
out:
	if (in >= 0)
		(void)close(in);
	for (int i = 0; i < 2; i++)
		if (ends[i] >= 0)
			(void)close(ends[i]);
	return rc;
}
