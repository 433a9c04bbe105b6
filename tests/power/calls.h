/* The calls of a traced process, as changes to a tree of files. */
#ifndef TESTS_POWER_CALLS_H
#define TESTS_POWER_CALLS_H

#include <limits.h>

#include "trace.h"

/* A call that was entered, in its *at() form. */
struct call {
	uint64_t number;
	uint64_t args[6];
	bool existed; /* what it would create existed already */
};

struct calls {
	struct trace *trace; /* NULL: nothing is recorded */
	const char *root;
	pid_t pid;
	uint64_t random; /* state of the generator of its random numbers */
	size_t changes;  /* recorded so far */
	struct call call;
	dev_t device;
};

/* The process is stopped, and pid, root and random are set. */
void calls_start(struct calls *calls);

/* It is stopped at the entry or exit of a call. */
void calls_enter(struct calls *calls, uint64_t number, const uint64_t args[6]);
void calls_leave(struct calls *calls, int64_t result);

#endif
