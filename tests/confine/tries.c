/*
 * tries prepare | outside | run | control | version
 *
 * Works in the current directory. prepare makes what the tries work on; outside
 * starts the process outside; run prints a line for each try: its kind, its
 * name, and `ok` or its error. control does the same where each try must
 * succeed, and so prepares before each. version prints Landlock's.
 */
#include "tries.h"

#include <err.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

static void
make_file(const char *name)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, name, strlen(name)) < 0 ||
	    fsetxattr(fd, "user.old", "x", 1, 0) != 0)
		err(1, "%s", name);
	(void)close(fd);
}

/* Restores what a try has changed. */
static void
prepare(void)
{
	static const char *const DIRECTORIES[] = {
	    "empty", "full", "work", NULL};
	static const char *const MADE[] = {"new", "renamed", "symlink", "link",
	    "made", "full/new", "/tmp/new"};

	for (size_t i = 0; i < sizeof(MADE) / sizeof(MADE[0]); i++)
		(void)remove(MADE[i]);
	(void)rename("moved", "full");
	for (size_t i = 0; DIRECTORIES[i] != NULL; i++) {
		if (mkdir(DIRECTORIES[i], 0700) != 0 && errno != EEXIST)
			err(1, "%s", DIRECTORIES[i]);
	}
	make_file("file");
	make_file("other");
	make_file("full/file");
	if ((symlink("file", "to-file") != 0 && errno != EEXIST) ||
	    (mkfifo("fifo", 0600) != 0 && errno != EEXIST))
		err(1, "prepare");
}

static long
landlock_version(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);
}

/* What this kernel's Landlock does not refuse remains possible. */
static const char *
kind_of(const struct try *try)
{
	return landlock_version() < try->since ? "remains" : try->kind;
}

/* Each try runs in a process of its own. */
static void
run(const struct try *try)
{
	const char *kind = kind_of(try);
	int status = 0;
	pid_t pid;

	(void)fflush(stdout);
	pid = fork();
	if (pid == 0) {
		(void)alarm(60);
		_exit(try->run());
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		err(1, "%s", try->name);
	if (!WIFEXITED(status))
		printf(
		    "%s: %s: signal %d\n", kind, try->name, WTERMSIG(status));
	else if (WEXITSTATUS(status) != 0)
		printf("%s: %s: %s\n", kind, try->name,
		    strerrorname_np(WEXITSTATUS(status)));
	else
		printf("%s: %s: ok\n", kind, try->name);
}

static void
run_all(bool is_control)
{
	static const struct try *const GROUPS[] = {tries_files, tries_mounts,
	    tries_processes, tries_ipc, tries_reading};

	for (size_t i = 0; i < sizeof(GROUPS) / sizeof(GROUPS[0]); i++) {
		for (const struct try *try = GROUPS[i]; try->name; try++) {
			if (is_control)
				prepare();
			run(try);
		}
	}
}

int
main(int argc, char **argv)
{
	const char *what = argc == 2 ? argv[1] : "";

	if (strcmp(what, "prepare") == 0)
		prepare();
	else if (strcmp(what, "outside") == 0)
		outside_start();
	else if (strcmp(what, "run") == 0 || strcmp(what, "control") == 0)
		run_all(what[0] == 'c');
	else if (strcmp(what, "version") == 0)
		printf("%ld\n", landlock_version());
	else
		errx(2,
		    "usage: tries prepare | outside | run | control | version");
	return 0;
}
