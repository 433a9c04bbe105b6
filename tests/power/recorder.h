/*
 * Runs a command under ptrace(2) and records what it does to a tree of files:
 * the real calls of the real program. Its random numbers follow from the seed,
 * so that the same command does the same again.
 */
#ifndef TESTS_POWER_RECORDER_H
#define TESTS_POWER_RECORDER_H

#include "trace.h"

struct recording {
	char *const *argv;
	const char
	    *root; /* of the tree: no symbolic link, no slash at the end */
	const char *input; /* its standard input; NULL: none */
	bool is_quiet;     /* its standard output and error go nowhere */
	uint64_t seed;
	size_t kill_at; /* it is killed after this many changes; 0: never */
};

/*
 * Appends to trace if that is not NULL. Returns the exit status, or -1 if the
 * command was killed.
 */
int recorder_run(struct trace *trace, const struct recording *recording);

#endif
