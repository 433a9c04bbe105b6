/*
 * Loaded before a program, breaks one thing in it, from its main on. The
 * environment says which; what was seen is left in a file:
 *
 *	APITOKEN_INJECT='FILE KIND AT ERROR STAYS', in numbers (see inject.h)
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <shadow.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "inject.h"

#define VARIABLE "APITOKEN_INJECT"
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

/* glibc 2.36 crashes where it reads nsswitch.conf without memory. */
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
	const char *given = getenv(VARIABLE);
	static struct inject inject;
	struct inject_seen *report;
	char path[256];
	int kind, stays;

	if (given == NULL ||
	    sscanf(given, "%255s %d %u %d %d", path, &kind, &inject.at,
		&inject.error, &stays) != 5)
		return real_main(argc, argv, envp);
	inject.kind = (enum inject_kind)kind;
	inject.stays = stays != 0;
	report = open_report(path);
	if (report == NULL || !inject_start())
		_exit(UNPREPARED);
	(void)unsetenv(VARIABLE);
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
