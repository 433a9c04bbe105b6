/* Runs another program for its output, without trusting it to end. */
#ifndef TOKENADM_SUBPROCESS_H
#define TOKENADM_SUBPROCESS_H

#include <stddef.h>

#include "base/error.h"

/*
 * Runs a program with only PATH in its environment, for ten seconds at most,
 * and keeps the beginning of its stdout and stderr, with a NUL. argv ends with
 * NULL; argv[0] is the path. *status is the exit status. ERR_SYSTEM: it could
 * not be run, or did not exit by itself.
 */
enum err subprocess_run(const char *const argv[], char *said, size_t size,
    int *status, struct error *why);

#endif
