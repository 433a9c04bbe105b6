/*
 * Preloaded into a program, injects one fault into it from the start of its
 * main. The environment says which (APITOKEN_INJECT, in the form of plan_name),
 * and in which file to leave what was seen (APITOKEN_REPORT).
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <shadow.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "inject.h"
#include "plan.h"

#define UNPREPARED 99

typedef int main_function(int, char **, char **);
typedef int start_function(main_function *, int, char **, void (*)(void),
    void (*)(void), void (*)(void), void *);

static main_function *real_main;

/* The file, as memory: what is written there survives SIGKILL. */
static struct inject_seen *
open_report(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	void *report = fd < 0 ? MAP_FAILED
			      : mmap(NULL, sizeof(struct inject_seen),
				    PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (fd >= 0)
		(void)close(fd);
	return report != MAP_FAILED ? report : NULL;
}

/* glibc 2.36 crashes if it reads nsswitch.conf without memory. */
static void
read_nsswitch(void)
{
	(void)getpwnam("root");
	(void)getspnam("root");
	(void)getgrnam("root");
}

static int
broken_main(int argc, char **argv, char **envp)
{
	const char *given = getenv("APITOKEN_INJECT");
	const char *path = getenv("APITOKEN_REPORT");
	static struct inject inject;
	struct inject_seen *report;

	if (given == NULL || path == NULL || !plan_parse(given, &inject))
		return real_main(argc, argv, envp);
	report = open_report(path);
	if (report == NULL || !inject_start())
		_exit(UNPREPARED);
	(void)unsetenv("APITOKEN_INJECT");
	(void)unsetenv("APITOKEN_REPORT");
	(void)unsetenv("LD_PRELOAD");
	read_nsswitch();
	inject_arm(&inject, report);
	return real_main(argc, argv, envp);
}

/* Called by the program's own start, with its main. */
__attribute__((visibility("default"))) int __libc_start_main(
    main_function *entry, int argc, char **argv, void (*init)(void),
    void (*fini)(void), void (*rtld_fini)(void), void *stack_end);

int
__libc_start_main(main_function *entry, int argc, char **argv,
    void (*init)(void), void (*fini)(void), void (*rtld_fini)(void),
    void *stack_end)
{
	start_function *real;

	/* ISO C has no cast from an object to a function; POSIX means this. */
	*(void **)&real = dlsym(RTLD_NEXT, "__libc_start_main");
	real_main = entry;
	return real(broken_main, argc, argv, init, fini, rtld_fini, stack_end);
}
