/*
 * Ways to change something, to read something, and to act through other
 * processes. Each is one function, which an ordinary user runs in a directory
 * of his own. The tables say what confinement does to it.
 */
#ifndef TESTS_CONFINE_TRIES_H
#define TESTS_CONFINE_TRIES_H

#include <errno.h>
#include <sys/types.h>

struct
try {
	const char *kind; /* refused, works, remains (pam_apitoken(8)) */
	const char *name;
	int (*run)(void); /* 0 if it succeeded, or errno */
	int since; /* refused by this version of Landlock; before, it remains */
};

/* Each ends with an empty one. */
extern const struct try tries_files[];
extern const struct try tries_mounts[];
extern const struct try tries_processes[];
extern const struct try tries_ipc[];
extern const struct try tries_reading[];

/* The result of a call that returns -1 on failure. */
static inline int
outcome(long rc)
{
	return rc == -1 ? errno : 0;
}

/*
 * A process of the same user that is not confined. It has sockets, terminals
 * and other things that a session may reach, and does what it is asked to.
 */
struct outside {
	pid_t pid;
	int fd;       /* a file that it has open for writing */
	char *memory; /* a byte of its memory */
	char tty[64]; /* a terminal of its */
};

#define OUTSIDE_KEY 0x61746b31           /* of its System V objects */
#define OUTSIDE_NAME "/apitoken-outside" /* of its POSIX ones */

/* Starts it, and returns when it can be reached. */
void outside_start(void);

/* What the running one has left in the directory. */
struct outside outside_find(void);

/* How many signals it has received; -1 if it cannot be asked. */
int outside_signals(void);

/* Whether a socket of its at the path takes a connection. 0 or errno. */
int outside_connect(const char *path);

#endif
