/*
 * enter [-c CONFIG] [-d] [-f N] [-h HOME] [-i] [-n] [-t] [-u] USER COMMAND...
 *
 * Confines itself, becomes the user and runs the command, as a session would.
 * -c: with this apitoken.conf; -d: whatever descriptors are open; -f: the Nth
 * system call of the confinement fails; -h: with this home; -i: as the child of
 * a host that is confined, where the session has inherited that and no more;
 * -n: and has narrowed itself; -t: with a second thread; -u: unconfined.
 *
 * Status 3 and the reason if it was refused; 5 if there is no Nth call. It sees
 * to it that descriptors, working directory and umask stay as they were,
 * refused or not.
 */
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <pthread.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "confine/confinement.h"
#include "confine/descriptors.h"

/* Counts down to the call that fails; 0 for none. */
static long failing;

static bool
fails(void)
{
	if (failing == 0 || --failing > 0)
		return false;
	errno = EIO;
	return true;
}

/* By the linker's --wrap: every call that changes something. */
long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);
int __real_unshare(int flags);
int __wrap_unshare(int flags);
int __real_prctl(int option, ...);
int __wrap_prctl(int option, ...);
int __real_mkdirat(int fd, const char *path, mode_t mode);
int __wrap_mkdirat(int fd, const char *path, mode_t mode);

long
__wrap_syscall(long number, ...)
{
	long a[5]; /* none of the calls has more */
	va_list args;

	va_start(args, number);
	for (int i = 0; i < 5; i++)
		a[i] = va_arg(args, long);
	va_end(args);
	if (fails())
		return -1;
	return __real_syscall(number, a[0], a[1], a[2], a[3], a[4]);
}

int
__wrap_unshare(int flags)
{
	return fails() ? -1 : __real_unshare(flags);
}

int
__wrap_prctl(int option, ...)
{
	unsigned long value;
	va_list args;

	va_start(args, option);
	value = va_arg(args, unsigned long);
	va_end(args);
	return fails() ? -1 : __real_prctl(option, value, 0, 0, 0);
}

int
__wrap_mkdirat(int fd, const char *path, mode_t mode)
{
	return fails() ? -1 : __real_mkdirat(fd, path, mode);
}

static void *
wait_for_ever(void *arg)
{
	(void)pause();
	return arg;
}

static void
start_thread(void)
{
	pthread_t thread;

	errno = pthread_create(&thread, NULL, wait_for_ever, NULL);
	if (errno != 0)
		err(1, "pthread_create");
}

/* What must not change for the host. */
struct state {
	int descriptors;
	char directory[PATH_MAX];
	mode_t mask;
};

static struct state
look(void)
{
	struct state state = {0};
	DIR *dir = opendir("/proc/self/fd");

	if (dir == NULL || getcwd(state.directory, PATH_MAX) == NULL)
		err(1, "look");
	while (readdir(dir) != NULL)
		state.descriptors++;
	(void)closedir(dir);
	state.mask = umask(0);
	(void)umask(state.mask);
	return state;
}

enum how {
	SESSION,   /* as in the process that becomes the session */
	INHERITED, /* as in a child of a confined host that asks for nothing */
	NARROWED,  /* and as in one that asks for more confinement */
};

/* Descriptors stay as they were, except the host's, which it releases. */
static enum err
enter(enum how how, const struct config *config, uid_t uid, const char *home,
    struct error *why)
{
	struct confinement confinement = {0};
	long left;
	enum err rc = how == SESSION
	    ? confinement_enter(&confinement, config, uid, home, why)
	    : confinement_enter_host(&confinement, config, uid, home, why);

	if (rc == ERR_OK && how == NARROWED)
		rc = confinement_narrow(&confinement, why);
	/* Reading is not a step of the confinement. */
	left = failing;
	failing = 0;
	if (rc == ERR_OK && !confinement_holds(&confinement))
		errx(4, "it does not hold");
	failing = left;
	confinement_release(&confinement);
	return rc;
}

static bool descriptors_matter = true;

static void
confine(enum how how, const char *file, uid_t uid, const char *home)
{
	struct state before, after;
	struct config config;
	struct error why = {""};
	enum err rc = config_read(&config, file, &why);

	if (rc != ERR_OK)
		errx(1, "%s", why.text);
	before = look();
	if (descriptors_matter)
		rc = descriptors_check(uid, true, &why);
	if (rc == ERR_OK)
		rc = enter(how, &config, uid, home, &why);
	if (failing > 0)
		errx(5, "no more calls");
	config_free(&config);
	after = look();
	if (before.descriptors != after.descriptors ||
	    before.mask != after.mask ||
	    strcmp(before.directory, after.directory) != 0)
		errx(4, "%d descriptors, %s, 0%o; before: %d, %s, 0%o",
		    after.descriptors, after.directory, after.mask,
		    before.descriptors, before.directory, before.mask);
	if (rc != ERR_OK)
		errx(3, "refused: %s",
		    why.text[0] != '\0' ? why.text : error_name(rc));
}

static void
become(const struct passwd *user)
{
	if (setgid(user->pw_gid) != 0 ||
	    initgroups(user->pw_name, user->pw_gid) != 0 ||
	    setuid(user->pw_uid) != 0 ||
	    setenv("HOME", user->pw_dir, true) != 0)
		err(1, "%s", user->pw_name);
}

int
main(int argc, char **argv)
{
	const char *config = NULL, *home = NULL;
	enum how how = SESSION;
	bool confined = true;
	const struct passwd *user;
	int option;

	while ((option = getopt(argc, argv, "+c:df:h:intu")) != -1) {
		switch (option) {
		case 'c':
			config = optarg;
			break;
		case 'd':
			descriptors_matter = false;
			break;
		case 'f':
			failing = strtol(optarg, NULL, 10);
			break;
		case 'h':
			home = optarg;
			break;
		case 'i':
			how = INHERITED;
			break;
		case 'n':
			how = NARROWED;
			break;
		case 't':
			start_thread();
			break;
		case 'u':
			confined = false;
			break;
		default:
			return 2;
		}
	}
	if (argc - optind < 2)
		errx(2, "usage: enter [-c CONFIG] USER COMMAND...");
	user = getpwnam(argv[optind]);
	if (user == NULL)
		errx(1, "%s: no such user", argv[optind]);
	if (confined)
		confine(how, config, user->pw_uid,
		    home != NULL ? home : user->pw_dir);
	become(user);
	(void)execvp(argv[optind + 1], argv + optind + 1);
	err(1, "%s", argv[optind + 1]);
}
