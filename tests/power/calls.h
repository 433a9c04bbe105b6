/* The calls of a traced process, as changes of a tree of files. */
#ifndef TESTS_POWER_CALLS_H
#define TESTS_POWER_CALLS_H

#include <limits.h>

#include "trace.h"

/* A call that was entered: the *at() form of it. */
struct call {
	uint64_t number;
	uint64_t args[6];
	bool existed; /* what it would create was there already */
};

struct calls {
	struct trace *trace; /* NULL: nothing is recorded */
	const char *root;
	pid_t pid;
	uint64_t random; /* state of the numbers that are dealt */
	size_t changes;  /* recorded so far */
	struct call call;
	dev_t device;
};

/* The process stands, and pid, root and random are set. */
void calls_start(struct calls *calls);

/* It stands where it enters a call, or leaves it. */
void calls_enter(struct calls *calls, uint64_t number, const uint64_t args[6]);
void calls_leave(struct calls *calls, int64_t result);

#endif
