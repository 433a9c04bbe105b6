/*
 * Faults in this very process: the nth system call, or the nth allocation,
 * from some moment on fails as told. System calls are caught by a seccomp
 * filter wherever libc or the dynamic linker makes them, so that those count
 * too which libc makes on its own account; allocations by malloc and its kin
 * of this program, which libc's own find first.
 */
#ifndef APITOKEN_INJECT_H
#define APITOKEN_INJECT_H

#include <stdbool.h>
#include <stddef.h>

enum inject_kind {
	INJECT_CALL,
	INJECT_ALLOCATION, /* fails with ENOMEM, whatever else is asked for */
};

/* In place of an errno: */
#define INJECT_KILL (-1)  /* SIGKILL in place of the call */
#define INJECT_SHORT (-2) /* half of what a read or write was to do is done */

struct inject {
	enum inject_kind kind;
	unsigned at; /* the nth from now on; 0 for none */
	int error;   /* an errno, or one of these two */
	bool stays;  /* what is of its kind, or its number, fails ever after */
};

/* What has happened since it was armed. */
struct inject_seen {
	unsigned calls, allocations; /* so many that could have failed */
	bool hit;
	long number; /* of the system call that was hit, -1 of an allocation */
};

/* Prepares this process, for good. False where it cannot be done. */
bool inject_start(void);

/*
 * From now on. What is seen is counted in *seen at once, on top of what is
 * there: zeros, or what was seen before a pause. Both must stay.
 */
void inject_arm(const struct inject *inject, struct inject_seen *seen);

/* No more. */
void inject_disarm(void);

/* How many blocks of memory are allocated now. */
long inject_live(void);

/* Whether this allocation is to fail. For inject_memory.c. */
bool inject_next_allocation(void);

#endif
