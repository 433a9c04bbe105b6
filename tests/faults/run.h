/* Runs a command with a fault injected into it. */
#ifndef APITOKEN_RUN_H
#define APITOKEN_RUN_H

#include <stddef.h>

#include "inject.h"

#define RUN_TEXT 16384

struct run {
	int status;    /* as of waitpid */
	bool hung;     /* it was killed because it took too long */
	bool was_sent; /* set by the caller */
	struct inject_seen seen;
	char out[RUN_TEXT], error[RUN_TEXT]; /* its output, truncated */
};

/*
 * Runs the command under preload.c, found beside this program. Ends this
 * program if that fails.
 */
void run_command(
    struct run *run, char *const argv[], const struct inject *inject);

/* Its exit status; -1 if a signal ended it. */
int run_exit_code(const struct run *run);

#endif
