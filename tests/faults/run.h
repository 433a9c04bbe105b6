/*
 * A command, run with something broken in it.
 */
#ifndef APITOKEN_RUN_H
#define APITOKEN_RUN_H

#include <stddef.h>

#include "inject.h"

#define RUN_TEXT 16384

struct run {
	int status; /* as of waitpid */
	bool hung;  /* it was ended since it took too long */
	struct inject_seen seen;
	char out[RUN_TEXT], error[RUN_TEXT]; /* what it printed, cut */
};

/*
 * Runs the command with what preload.c does, found beside this program. What
 * goes wrong with that ends this program.
 */
void run_command(
    struct run *run, char *const argv[], const struct inject *inject);

/* Its exit status; -1 if a signal ended it. */
int run_exit_code(const struct run *run);

#endif
