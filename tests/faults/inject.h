/*
 * Faults in this process: from some moment on, the nth system call or the nth
 * allocation fails as told. A seccomp filter intercepts system calls wherever
 * libc or the dynamic linker makes them, including those that libc makes on its
 * own; allocations are intercepted by this program's malloc and related
 * functions, which libc finds before its own.
 */
#ifndef APITOKEN_INJECT_H
#define APITOKEN_INJECT_H

#include <stdbool.h>
#include <stddef.h>

enum inject_kind {
	INJECT_CALL,
	INJECT_ALLOCATION, /* fails with ENOMEM, whatever was asked for */
};

/* In place of an errno: */
#define INJECT_KILL (-1)  /* SIGKILL instead of the call */
#define INJECT_SHORT (-2) /* a read or write does half of its work */

struct inject {
	enum inject_kind kind;
	unsigned at; /* the nth from now on; 0 for none */
	int error;   /* an errno, or one of these two */
	bool stays;  /* every later call of its kind, or number, fails too */
};

/* What has happened since it was armed. */
struct inject_seen {
	unsigned calls, allocations; /* how many could have failed */
	bool hit;
	long number; /* of the system call that was hit; -1 for an allocation */
};

/* Prepares this process, permanently. False if that is impossible. */
bool inject_start(void);

/*
 * From now on. Calls are counted in *seen immediately, on top of what it holds:
 * zeros, or the counts from before a pause. Both must stay valid.
 */
void inject_arm(const struct inject *inject, struct inject_seen *seen);

/* No more. */
void inject_disarm(void);

/* How many blocks of memory are allocated now. */
long inject_live(void);

/* Whether this allocation must fail. For inject_memory.c. */
bool inject_next_allocation(void);

#endif
